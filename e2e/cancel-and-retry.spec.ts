import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { findProcesses, newMark } from "./processes";

/** A script that runs until it is killed, recognisable among all processes. */
function endless(mark: string): string {
  return `: ${mark}; while :; do sleep 0.2; done`;
}

test("a long task is cancelled and leaves no process behind", async ({
  api,
  projectId,
  run,
  page,
}) => {
  const mark = newMark();
  const graphId = await api.createGraph(projectId, {
    name: "Endless",
    tasks: [
      { name: "Long", script: endless(mark) },
      { name: "After", script: "true", after: ["Long"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectNode("Long", "RUNNING");
  expect(findProcesses(mark)).not.toEqual([]);

  await run.confirm(page.getByRole("button", { name: "Cancel run" }), "Cancel run");

  await run.expectStatus("CANCELLED");
  await run.expectNode("Long", "CANCELLED");
  await run.expectNode("After", "CANCELLED");
  expect(findProcesses(mark)).toEqual([]);
  await run.select("Long");
  await expect(run.inspector).toContainText("A person cancelled it.");
});

test("a failed task says why, and the run completes after a retry", async ({
  api,
  projectId,
  run,
  page,
  gates,
}) => {
  const repaired = gates.add();
  const script = `if ${repaired.isOpen}; then echo recovered; else echo disk is full >&2; exit 1; fi`;
  const graphId = await api.createGraph(projectId, {
    name: "Fragile",
    tasks: [
      { name: "Before", script: "true" },
      { name: "Fragile step", script, after: ["Before"] },
      { name: "After", script: "true", after: ["Fragile step"] },
    ],
  });
  await run.open(await api.runGraph(graphId));

  await test.step("the failure, its reason and its log", async () => {
    await run.expectStatus("FAILED");
    await run.expectNode("Before", "COMPLETED");
    await run.expectNode("Fragile step", "FAILED");
    await run.select("Fragile step");
    await expect(run.inspector).toContainText("Exit code 1: disk is full");
    await expect(run.inspector).toContainText("The task allows no retry.");
    await expect(run.log).toContainText("disk is full");
  });

  await test.step("its dependent was cancelled because of it", async () => {
    await expect(run.node("After")).toContainText("Because Fragile step did not complete");
    await run.expectNode("After", "CANCELLED");
    await run.select("After");
    await expect(run.inspector).toContainText("Cancelled because Fragile step did not complete");
    await run.inspector.getByRole("link", { name: "Fragile step" }).click();
    await expect(run.inspector.getByRole("heading", { name: "Fragile step" })).toBeVisible();
  });

  await test.step("retried, it completes", async () => {
    repaired.open();
    await page.getByRole("button", { name: "Retry failed" }).click();
    await run.expectStatus("COMPLETED");
    await run.expectNode("Fragile step", "COMPLETED");
    await run.expectNode("After", "COMPLETED");
    await expect(run.log).toContainText("recovered");
    await page.getByRole("tab", { name: "Attempts" }).click();
    await expect(run.inspector.getByText("Attempt 1", { exact: true })).toBeVisible();
    await expect(run.inspector.getByText("Attempt 2", { exact: true })).toBeVisible();
  });
});

test("a task that ignores the request to stop is stopped by force", async ({
  api,
  projectId,
  run,
}) => {
  const mark = newMark();
  const graphId = await api.createGraph(projectId, {
    name: "Stubborn",
    tasks: [{ name: "Stubborn", script: `trap '' TERM; echo deaf; ${endless(mark)}` }],
  });
  await run.open(await api.runGraph(graphId));
  await run.select("Stubborn");
  await expect(run.log).toContainText("deaf");

  const { inspector } = run;
  await run.confirm(inspector.getByRole("button", { name: "Cancel" }), "Cancel execution");
  await expect(inspector).toContainText("It is being stopped");
  expect(findProcesses(mark)).not.toEqual([]);
  await run.confirm(inspector.getByRole("button", { name: "Force stop" }), "Force stop");

  await run.expectStatus("CANCELLED");
  expect(findProcesses(mark)).toEqual([]);
});
