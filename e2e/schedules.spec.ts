import { expect } from "@playwright/test";
import { test } from "./fixtures";

test("a graph gets a schedule, which is run now, back-filled, switched off and deleted", async ({
  api,
  projectId,
  editor,
  run,
  page,
}) => {
  const graphName = `Report ${projectId}`;
  const tasks = [{ name: "Print the day", script: 'echo "day $DAGLINE_SCHEDULED_FOR"' }];
  const graphId = await api.createGraph(projectId, { name: graphName, tasks });
  const sheet = page.getByRole("dialog", { name: "Schedules" });
  const row = page.getByRole("row").filter({ hasText: graphName });
  const choose = async (item: string | RegExp) => {
    await row.getByRole("button", { name: "Actions for Nightly" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

  await test.step("it is added in the editor, and shows when it will fire", async () => {
    await editor.open(graphId);
    await page.getByRole("button", { name: "Schedules" }).click();
    await expect(sheet).toContainText("Runs only when somebody presses Run");
    await sheet.getByRole("button", { name: "Add a schedule" }).click();
    const form = page.getByRole("dialog", { name: "New schedule" });
    const preview = form.getByRole("region", { name: "Next fire times" });
    await form.getByLabel("Cron expression").fill("61 2 * * *");
    await form.getByRole("button", { name: "Add schedule" }).click();
    await expect(form).toContainText("Enter a name.");
    await expect(form).toContainText("Invalid value for minute: 61");

    await form.getByLabel("Name").fill("Nightly");
    await form.getByLabel("Cron expression").fill("30 2 * * *");
    await form.getByRole("combobox", { name: "Time zone" }).fill("Kolkata");
    await page.getByRole("option", { name: "Asia/Kolkata" }).click();
    await expect(form).toContainText("every day at 02:30");
    await expect(preview.getByRole("listitem")).toHaveCount(5);
    await expect(preview.getByRole("listitem").first()).toContainText("02:30 UTC+5:30");
    await form.getByRole("button", { name: "Add schedule" }).click();
    await expect(sheet.getByRole("heading", { name: "Nightly" })).toBeVisible();
  });

  await test.step("a person runs it now, and the run knows its schedule", async () => {
    await page.goto("/schedules");
    await choose("Run now");
    await page.getByRole("button", { name: "Show the run" }).click();
    await page.waitForURL(/\/runs\//);
    await expect(run.header).toContainText("Nightly");
    await run.expectStatus("COMPLETED");
  });

  await test.step("a range is back-filled, after a look at what that means", async () => {
    await page.goto("/schedules");
    await expect(row).toContainText("COMPLETED");
    await choose(/Back-fill/);
    const dialog = page.getByRole("dialog", { name: "Back-fill “Nightly”" });
    await dialog.getByLabel("From").fill("2026-01-05T00:00");
    await dialog.getByLabel("Up to, not included").fill("2026-01-07T00:00");
    await dialog.getByRole("checkbox", { name: "No limit" }).click();
    const preview = dialog.getByRole("region", { name: "What will be run" });
    await expect(preview).toContainText("2 fire times to run");
    await expect(preview).toContainText("Mon 5 Jan 2026, 02:30");
    await dialog.getByRole("button", { name: "Back-fill 2 runs" }).click();
    await expect(dialog).toContainText("2 of 2 started, 2 ended", { timeout: 60_000 });
    await expect(preview).toContainText("0 fire times to run, in Asia");
    await page.keyboard.press("Escape");
  });

  await test.step("its runs are listed with their fire times", async () => {
    await choose("Show its runs");
    await page.waitForURL(/\/runs\?schedule=/);
    await expect(page.getByRole("link", { name: graphName })).toHaveCount(3);
    await expect(page.getByText("Tue 6 Jan 2026, 02:30")).toBeVisible();
  });

  await test.step("it is switched off, and deleted", async () => {
    await page.goto("/schedules");
    await row.getByRole("switch", { name: "Nightly is on" }).click();
    await expect(row).toContainText("switched off");
    await choose(/Delete/);
    await page.getByRole("button", { name: "Delete schedule" }).click();
    await expect(row).toHaveCount(0);
  });
});
