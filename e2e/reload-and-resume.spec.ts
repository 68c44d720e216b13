import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { RunPage } from "./pages/run-page";

test("a reload in the middle of a run keeps what was looked at, and goes on live", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Reloaded",
    tasks: [
      { name: "Slow", script: `echo begun; ${gate.wait}; echo over` },
      { name: "Next", script: "true", after: ["Slow"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.tab("List").click();
  await page.getByRole("link", { name: "Slow" }).click();
  await run.inspector.getByRole("tab", { name: "History" }).click();
  await expect(run.inspector).toContainText("Its command started.");
  const address = page.url();

  await page.reload();

  expect(page.url()).toBe(address);
  await expect(run.tab("List")).toHaveAttribute("aria-selected", "true");
  await expect(run.inspector.getByRole("heading", { name: "Slow" })).toBeVisible();
  await expect(run.inspector).toContainText("Its command started.");
  gate.open();
  await expect(run.inspector).toContainText("Its command succeeded.");
  await run.expectStatus("COMPLETED");
  await run.inspector.getByRole("tab", { name: "Log" }).click();
  await expect(run.log).toContainText("over");
});

test("two tabs show the same change", async ({ api, projectId, run, context, gates }) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Watched twice",
    tasks: [
      { name: "Slow", script: gate.wait },
      { name: "Next", script: "true", after: ["Slow"] },
    ],
  });
  const runId = await api.runGraph(graphId);
  const other = new RunPage(await context.newPage());
  await run.open(runId);
  await other.open(runId);
  for (const tab of [run, other]) await tab.expectNode("Slow", "RUNNING");

  await run.page.getByRole("button", { name: "Pause" }).click();

  for (const tab of [run, other]) await tab.expectNode("Next", "PAUSED");
  gate.open();
  await other.page.getByRole("button", { name: "Resume" }).click();
  for (const tab of [run, other]) await tab.expectStatus("COMPLETED");
});

test("unsaved changes are not left behind without a word", async ({
  api,
  projectId,
  editor,
  page,
}) => {
  const graphId = await api.createGraph(projectId, {
    name: "Precious",
    tasks: [{ name: "Only", script: "true" }],
  });
  await editor.open(graphId);
  await editor.select("Only");
  await editor.field("Name").fill("Changed");
  const workers = page.getByRole("navigation", { name: "Main" }).getByRole("link", {
    name: "Workers",
  });
  const question = page.getByRole("dialog", { name: "Leave without saving?" });

  await test.step("by closing the tab", async () => {
    const asked = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await expect(editor.node("Changed")).toBeVisible();
  });

  await test.step("by a link", async () => {
    await workers.click();
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(question).toBeHidden();
    await expect(editor.savedState).toHaveText("Unsaved changes");

    await workers.click();
    await question.getByRole("button", { name: "Save and leave" }).click();
    await expect(page.getByRole("heading", { name: "Workers", level: 1 })).toBeVisible();
  });

  const { nodes } = await api.readGraph(graphId);
  expect(nodes.map(({ task }) => task.name)).toEqual(["Changed"]);
});

test("edits are undone and redone, one by one", async ({ api, projectId, editor, page }) => {
  const graphId = await api.createGraph(projectId, {
    name: "Back and forth",
    tasks: [
      { name: "One", script: "true" },
      { name: "Two", script: "true", after: ["One"] },
    ],
  });
  await editor.open(graphId);
  const before = await editor.placeOf("One");
  await editor.select("One");

  await test.step("a move by arrow keys", async () => {
    await editor.node("One").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect(editor.savedState).toHaveText("Unsaved changes");
    const moved = await editor.placeOf("One");
    expect(moved).not.toBe(before);

    await page.keyboard.press("ControlOrMeta+z");
    expect(await editor.placeOf("One")).toBe(before);
    await expect(editor.savedState).toHaveText("Saved");
    await page.keyboard.press("ControlOrMeta+Shift+z");
    expect(await editor.placeOf("One")).toBe(moved);
    await page.keyboard.press("ControlOrMeta+z");
  });

  await test.step("a drag", async () => {
    await editor.dragTask("One", { x: 80, y: 80 });
    expect(await editor.placeOf("One")).not.toBe(before);
    await editor.toolbar.getByRole("button", { name: "Undo" }).click();
    expect(await editor.placeOf("One")).toBe(before);
  });

  await test.step("copy and paste", async () => {
    await editor.select("One");
    await editor.node("One").focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("ControlOrMeta+c");
    await expect(editor.notice("Copied 2 tasks")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+v");
    await expect(editor.nodes).toHaveCount(4);
    await expect(editor.edges).toHaveCount(2);
    await page.keyboard.press("ControlOrMeta+z");
    await expect(editor.nodes).toHaveCount(2);
  });

  await test.step("a removal", async () => {
    await editor.select("One");
    await editor.node("One").focus();
    await page.keyboard.press("Delete");
    await expect(editor.nodes).toHaveCount(1);
    await expect(editor.edges).toHaveCount(0);
    await page.getByRole("button", { name: "Undo", exact: true }).last().click();
    await expect(editor.nodes).toHaveCount(2);
    await expect(editor.edge("Two", "One")).toHaveCount(1);
    await expect(editor.savedState).toHaveText("Saved");
  });
});
