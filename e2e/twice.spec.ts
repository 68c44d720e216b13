import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";

// Whatever is pressed or sent twice is done once.

const ONE_TASK = { name: "Once", tasks: [{ name: "Only", script: "true" }] };

test("a double click on Run starts one run", async ({ api, projectId, editor, run, page }) => {
  await editor.open(await api.createGraph(projectId, ONE_TASK));

  await page.getByRole("button", { name: "Run", exact: true }).dblclick();

  await page.waitForURL(/\/runs\//);
  await run.expectStatus("COMPLETED");
  expect(await api.listRuns(projectId)).toHaveLength(1);
});

test("a start that the network delivers twice starts one run", async ({
  api,
  projectId,
  editor,
  run,
  page,
}) => {
  await editor.open(await api.createGraph(projectId, ONE_TASK));
  const deliveries = await deliverTwice(page, "idempotencyKey");

  await editor.run();

  await run.expectStatus("COMPLETED");
  expect(deliveries()).toBe(2);
  expect(await api.listRuns(projectId)).toHaveLength(1);
});

test("a double click on Retry failed retries once", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const repaired = gates.add();
  const tasks = [{ name: "Fragile", script: repaired.isOpen }];
  const runId = await api.runGraph(await api.createGraph(projectId, { name: "Once", tasks }));
  await run.open(runId);
  await run.expectStatus("FAILED");
  repaired.open();

  await page.getByRole("button", { name: "Retry failed" }).dblclick();

  await run.expectStatus("COMPLETED");
  const { executions } = await api.readRun(runId);
  expect(executions.map(({ attempt }) => attempt)).toEqual([2]);
});

test("a double click on Create project makes one project", async ({ page, request }) => {
  const name = `Twice ${randomUUID()}`;
  await page.goto("/projects");
  await page.getByRole("button", { name: "New project" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);

  await dialog.getByRole("button", { name: "Create project" }).dblclick();

  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  const projects: { name: string }[] = await (await request.get("/api/projects")).json();
  expect(projects.filter((project) => project.name === name)).toHaveLength(1);
});

/** Sends each action whose input has this word to the server twice, one after the other; tells how many were sent. */
async function deliverTwice(page: Page, word: string): Promise<() => number> {
  let count = 0;
  await page.route("**/graphs/**", async (route) => {
    const request = route.request();
    if (request.method() !== "POST" || !request.postData()?.includes(word)) return route.fallback();
    const first = await route.fetch();
    const second = await route.fetch();
    expect([first.status(), second.status()]).toEqual([200, 200]);
    count += 2;
    await route.fulfill({ response: second });
  });
  return () => count;
}
