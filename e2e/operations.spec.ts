import { expect } from "@playwright/test";
import type { Api } from "./api";
import { test } from "./fixtures";
import { ExecutionsPage } from "./pages/executions-page";

const DAY_MS = 86_400_000;

test("executions are found by filters, which the address keeps", async ({
  api,
  projectId,
  run,
  page,
}) => {
  const graphId = await api.createGraph(projectId, {
    name: `Filtered ${projectId}`,
    tasks: [
      { name: "Works", script: "true", priority: "HIGH" },
      { name: "Breaks", script: "exit 3", priority: "LOW" },
      { name: "Starves", script: "true", after: ["Breaks"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectStatus("FAILED");
  const executions = new ExecutionsPage(page);
  await executions.open();

  await test.step("by text", async () => {
    await executions.search.fill(projectId);
    await expect(executions.rows).toHaveCount(3);
    await expect(page).toHaveURL(/q=/);
    await expect(executions.status("FAILED")).toHaveText("FAILED1");
  });

  await test.step("by status", async () => {
    await executions.status("FAILED").click();
    await expect(executions.rows).toHaveCount(1);
    await expect(executions.row("Breaks")).toContainText("Exit code 3");
    await executions.status("CANCELLED").click();
    await expect(executions.rows).toHaveCount(2);
    await expect(executions.row("Starves")).toBeVisible();
    await expect(page).toHaveURL(/status=FAILED,CANCELLED/);
  });

  await test.step("by priority", async () => {
    await page.getByRole("button", { name: "All priorities" }).click();
    await page.getByRole("menuitemcheckbox", { name: "LOW" }).click();
    await page.keyboard.press("Escape");
    await expect(executions.rows).toHaveCount(1);
    await expect(page).toHaveURL(/priority=LOW/);
  });

  await test.step("after a reload", async () => {
    await page.reload();
    await expect(executions.rows).toHaveCount(1);
    await expect(executions.row("Breaks")).toBeVisible();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect(page).toHaveURL(/\/executions$/);
  });
});

/** Starts the only task of a graph many times, but not before tomorrow. */
async function scheduleLater(
  api: Api,
  given: { projectId: string; graphId: string; count: number },
) {
  const { projectId, graphId, count } = given;
  const [node] = (await api.readGraph(graphId)).nodes;
  await api.post("/api/batches", {
    projectId,
    items: Array.from({ length: count }, () => ({ taskId: node?.taskId })),
    scheduledAt: new Date(Date.now() + DAY_MS).toISOString(),
  });
}

test("a long list comes in pages, and what is new waits to be asked for", async ({
  api,
  projectId,
  page,
}) => {
  const graphId = await api.createGraph(projectId, {
    name: "Many",
    tasks: [{ name: "Later", script: "true" }],
  });
  await scheduleLater(api, { projectId, graphId, count: 60 });
  const executions = new ExecutionsPage(page);
  await executions.open(`?project=${projectId}`);

  await expect(executions.rows).toHaveCount(50);
  await expect(page.getByText("50 listed")).toBeVisible();
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(executions.rows).toHaveCount(60);
  await expect(page.getByRole("button", { name: "Show older" })).toBeHidden();

  await scheduleLater(api, { projectId, graphId, count: 2 });
  const news = page.getByRole("button", { name: "+2 new" });
  await expect(news).toBeVisible();
  await expect(executions.rows).toHaveCount(60);
  await news.click();
  await expect(news).toBeHidden();
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(executions.rows).toHaveCount(62);
});

test("a log is followed, searched, coloured and downloaded", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const script = [
    "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; done",
    "printf 'plain \\033[31mcrimson\\033[0m\\n'",
    gate.wait,
    "echo the very end",
  ].join("; ");
  const graphId = await api.createGraph(projectId, {
    name: "Talkative",
    tasks: [{ name: "Talks", script }],
  });
  const { executions } = await api.readRun(await api.runGraph(graphId));
  await page.goto(`/executions/${executions[0]?.executionId}`);

  await test.step("as it grows", async () => {
    await expect(run.log).toContainText("line 300");
    await expect(run.log).not.toContainText("the very end");
    gate.open();
    await expect(run.log).toContainText("the very end");
    await run.expectStatus("COMPLETED");
  });

  await test.step("in its colours", async () => {
    const crimson = run.log.getByText("crimson", { exact: true });
    await expect(crimson).toBeVisible();
    const colourOf = (element: Element) => getComputedStyle(element).color;
    expect(await crimson.evaluate(colourOf)).not.toBe(await run.log.evaluate(colourOf));
    await expect(run.log).not.toContainText("[31m");
  });

  await test.step("by search", async () => {
    await page.getByRole("searchbox", { name: "Search in the log" }).fill("line 12");
    await expect(page.getByText("0/11")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByText("1/11")).toBeVisible();
    await expect(run.log.getByText("line 12", { exact: true })).toBeInViewport();
  });

  await test.step("as a file", async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download the whole log" }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    expect(text).toContain("line 1\n");
    expect(text).toContain("the very end\n");
  });

  await test.step("with the history of its statuses", async () => {
    await page.getByRole("tab", { name: "History" }).click();
    for (const words of ["A worker took it.", "Its command started.", "Its command succeeded."])
      await expect(page.getByRole("tabpanel", { name: "History" })).toContainText(words);
  });
});

test("a paused run starts nothing until it is resumed", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Paused",
    tasks: [
      { name: "Running", script: gate.wait },
      { name: "Waiting", script: "true", after: ["Running"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectNode("Running", "RUNNING");

  await page.getByRole("button", { name: "Pause" }).click();
  await run.expectNode("Waiting", "PAUSED");
  gate.open();
  await run.expectNode("Running", "COMPLETED");
  await run.expectStatus("PAUSED");
  await expect(run.node("Waiting")).toContainText("The run is paused");

  await page.getByRole("button", { name: "Resume" }).click();
  await run.expectStatus("COMPLETED");
});

test("an execution is cancelled from the list with the keyboard", async ({
  api,
  projectId,
  page,
}) => {
  const graphId = await api.createGraph(projectId, {
    name: "By key",
    tasks: [{ name: "Later", script: "true" }],
  });
  await scheduleLater(api, { projectId, graphId, count: 2 });
  const executions = new ExecutionsPage(page);
  await executions.open(`?project=${projectId}`);
  await expect(executions.rows).toHaveCount(2);

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("c");
  const yes = page.getByRole("alertdialog").getByRole("button", { name: "Cancel execution" });
  await expect(yes).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(yes).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(executions.rows.nth(1)).toContainText("CANCELLED");
  await expect(executions.rows.nth(0)).not.toContainText("CANCELLED");
});

test("the screens say who works, what waits and for how long", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const [busy, failing] = [`Busy ${projectId}`, `Fails ${projectId}`];
  const graphId = await api.createGraph(projectId, {
    name: "Observed",
    tasks: [
      { name: busy, script: gate.wait },
      {
        name: failing,
        script: "exit 1",
        retryStrategy: "FIXED_DELAY",
        maxRetries: 2,
        retryDelaySeconds: 1200,
      },
    ],
  });
  await run.open(await api.runGraph(graphId));

  await test.step("the countdown to a retry", async () => {
    await run.expectNode(failing, "RETRYING");
    await expect(run.node(failing)).toContainText("1/3");
    const countdown = run.node(failing).getByText(/^in (19|20) min/);
    const before = await countdown.textContent();
    await expect(countdown).not.toHaveText(before ?? "");
    await run.select(failing);
    await expect(run.inspector).toContainText(/Attempt 2 in (19|20) min/);
  });

  await test.step("the worker with what it holds", async () => {
    await page.goto("/workers");
    const worker = page.getByRole("row").filter({ hasText: "alive" });
    await expect(worker).toContainText("process");
    await expect(worker.getByRole("link", { name: busy })).toBeVisible();
  });

  await test.step("the overview with what runs and why others wait", async () => {
    await page.goto("/");
    const item = (section: string, text: string) =>
      page.getByRole("region", { name: section }).getByRole("listitem").filter({ hasText: text });
    await expect(item("Runs now", busy)).toBeVisible();
    await expect(item("Waits", failing)).toContainText(/Attempt 2 in (19|20) min/);
    gate.open();
    await expect(item("Runs now", busy)).toBeHidden();
  });
});
