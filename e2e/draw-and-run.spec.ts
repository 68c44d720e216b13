import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { test } from "./fixtures";

test("a graph is drawn, saved and run, and the run is watched live", async ({
  page,
  editor,
  run,
  gates,
}) => {
  const [extract, transform] = [gates.add(), gates.add()];
  const project = `Drawn ${randomUUID()}`;

  await test.step("a new project with a new graph", async () => {
    await page.goto("/projects");
    await page.getByRole("button", { name: "New project" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(project);
    await dialog.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByRole("heading", { name: project, level: 1 })).toBeVisible();

    await page.getByRole("button", { name: "New graph" }).click();
    await dialog.getByLabel("Name").fill("Nightly");
    await dialog.getByRole("button", { name: "Create graph" }).click();
    await expect(page.getByRole("heading", { name: "Nightly", level: 1 })).toBeVisible();
  });

  await test.step("three tasks", async () => {
    await page.getByRole("button", { name: "Add the first task" }).click();
    await editor.describe({ name: "Extract", command: `sh -c '${extract.wait}; echo 3 rows'` });
    await editor.dragTask("Extract", { x: -220, y: -200 });
    await editor.addTask({ name: "Transform", command: `sh -c '${transform.wait}'` });
    await editor.dragTask("Transform", { x: 40, y: -40 });
    await editor.addTask({ name: "Load", command: "echo loaded" });
    await editor.dragTask("Load", { x: 80, y: 140 });
    await expect(editor.nodes).toHaveCount(3);
  });

  await test.step("two dependencies, and a third that would close a cycle", async () => {
    await editor.connect("Extract", "Transform");
    await editor.connect("Transform", "Load");
    await expect(editor.edge("Transform", "Extract")).toHaveCount(1);
    await expect(editor.edge("Load", "Transform")).toHaveCount(1);

    await editor.dragConnection("Load", "Extract");
    await expect(page.getByRole("alert").filter({ hasText: "close a cycle" })).toHaveText(
      "This would close a cycle: Extract → Transform → Load → Extract.",
    );
    await page.mouse.up();
    await expect(editor.notice("Not connected")).toBeVisible();
    await expect(editor.edges).toHaveCount(2);
  });

  let pagesLoaded = 0;
  page.on("domcontentloaded", () => pagesLoaded++);

  await test.step("saved and run", async () => {
    await expect(editor.savedState).toHaveText("Unsaved changes");
    await editor.save();
    await editor.run();
  });

  await test.step("watched to its end", async () => {
    await run.expectNode("Extract", "RUNNING");
    await run.expectNode("Transform", "PENDING");
    await expect(run.node("Transform")).toContainText("Waits for 1 task");
    extract.open();
    await run.expectNode("Extract", "COMPLETED");
    await run.expectNode("Transform", "RUNNING");
    await run.expectNode("Load", "PENDING");
    transform.open();
    await run.expectNode("Load", "COMPLETED");
    await run.expectStatus("COMPLETED");
    await run.select("Extract");
    await expect(run.log).toContainText("3 rows");
    expect(pagesLoaded).toBe(0);
  });
});

test("a connection dropped on the empty canvas makes the next task", async ({
  api,
  projectId,
  editor,
  page,
}) => {
  const graphId = await api.createGraph(projectId, {
    name: "Grows",
    tasks: [{ name: "First", script: "true" }],
  });
  await editor.open(graphId);

  await editor.dragConnection("First", "First");
  const { x, y } = (await editor.node("First").boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 60, y + 260, { steps: 8 });
  await page.mouse.up();

  await expect(editor.nodes).toHaveCount(2);
  await editor.field("Name").fill("Second");
  await expect(editor.edge("Second", "First")).toHaveCount(1);
  await editor.save();
  const { nodes, dependencies } = await api.readGraph(graphId);
  expect(nodes).toHaveLength(2);
  expect(dependencies).toHaveLength(1);
});
