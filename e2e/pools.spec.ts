import { expect } from "@playwright/test";
import { test } from "./fixtures";

test("a pool keeps an execution waiting until it has a slot for it", async ({
  api,
  projectId,
  gates,
  run,
  page,
}) => {
  const gate = gates.add();
  const pools = page.getByRole("region", { name: "Pools" });
  const dialog = page.getByRole("dialog");

  await test.step("a pool is added", async () => {
    await page.goto(`/projects/${projectId}`);
    await pools.getByRole("button", { name: "New pool" }).click();
    await dialog.getByLabel("Name").fill("database");
    await dialog.getByRole("button", { name: "Create pool" }).click();
    await expect(pools.getByRole("row", { name: /database/ })).toContainText("0 of 1");
  });

  const tasks = ["First", "Second"].map((name) => ({ name, script: gate.wait, pool: "database" }));
  const graphId = await api.createGraph(projectId, { name: "Pooled", tasks });
  const runId = await api.runGraph(graphId);

  await test.step("one runs, the other says what it waits for", async () => {
    await run.open(runId);
    const waiting = page
      .getByRole("application", { name: "Graph of the run" })
      .getByRole("group", { name: /First|Second/ })
      .filter({ has: page.getByRole("img", { name: "SCHEDULED" }) });
    await expect(waiting).toHaveCount(1);
    await waiting.click();
    await expect(run.inspector).toContainText("Pool “database”: 1 of 1 slot taken; number 1");
  });

  await test.step("with a second slot it starts", async () => {
    await page.goto(`/projects/${projectId}`);
    await expect(pools.getByRole("row", { name: /database/ })).toContainText("1 of 1");
    await pools.getByRole("button", { name: "Change database" }).click();
    await dialog.getByLabel("Slots").fill("2");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(pools.getByRole("row", { name: /database/ })).toContainText("2 of 2");
  });

  gate.open();
  await run.open(runId);
  await run.expectStatus("COMPLETED");
});
