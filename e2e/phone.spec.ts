import { expect } from "@playwright/test";
import { test } from "./fixtures";

test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

test("a graph is edited and run on a phone", async ({ api, projectId, run, page, gates }) => {
  const gate = gates.add();
  const name = `Pocket ${projectId}`;
  const graphId = await api.createGraph(projectId, {
    name,
    tasks: [
      { name: "First", script: gate.wait },
      { name: "Second", script: "echo second" },
    ],
  });
  await page.goto("/");

  await test.step("found through the navigation", async () => {
    await page.getByRole("button", { name: "Navigation" }).tap();
    const sheet = page.getByRole("dialog", { name: "Navigation" });
    await sheet.getByRole("link", { name: "Projects" }).tap();
    await expect(sheet).toBeHidden();
    await expect(page.getByRole("heading", { name: "Projects", level: 1 })).toBeVisible();
    await page.goto(`/projects/${projectId}`);
    await page.getByRole("table", { name: "Graphs" }).getByRole("link", { name }).tap();
    await expect(page).toHaveURL(new RegExp(graphId));
  });

  await test.step("edited as an outline", async () => {
    const outline = page.getByRole("region", { name: "Outline" });
    await outline.getByRole("button", { name: /^Second/ }).tap();
    const sheet = page.getByRole("dialog", { name: "Second" });
    await sheet.getByLabel("Name", { exact: true }).fill("Last");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).tap();
    await outline.getByRole("button", { name: "Dependencies of Last" }).tap();
    await outline.getByRole("combobox", { name: "Waits for: add a task" }).fill("Fir");
    await page.getByRole("option", { name: /First/ }).tap();
    await expect(outline.getByRole("button", { name: /^Last/ })).toContainText("Waits for First");
  });

  await test.step("run and watched", async () => {
    await page.getByRole("button", { name: "Run", exact: true }).tap();
    await page.waitForURL(/\/runs\//);
    await run.expectNode("First", "RUNNING");
    await run.expectNode("Last", "PENDING");
    gate.open();
    await run.expectStatus("COMPLETED");
    await run.tab("List").tap();
    await page.getByRole("link", { name: "Last" }).tap();
    const sheet = page.getByRole("dialog", { name: "Last" });
    await expect(sheet.getByRole("region", { name: /^Log of/ })).toContainText("second");
    await sheet.getByRole("button", { name: "Close" }).tap();
    await expect(sheet).toBeHidden();
  });

  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
