import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "./fixtures";

/** Presses Tab until the control has the focus, as long as that takes a person at most. */
async function tabTo(page: Page, control: Locator, { back = false } = {}): Promise<void> {
  const isFocused = () => control.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60; presses++) {
    if (await isFocused()) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  await expect(control).toBeFocused();
}

test("a graph is drawn, changed and run by keyboard alone", async ({
  api,
  projectId,
  editor,
  run,
  page,
}) => {
  const { keyboard } = page;
  const graphId = await api.createGraph(projectId, { name: "By hand", tasks: [] });
  await editor.open(graphId);

  await test.step("the help lists the keys", async () => {
    await keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(help).toContainText("Add a task");
    await expect(help).toContainText("Run the graph");
    await keyboard.press("Escape");
    await expect(help).toBeHidden();
  });

  await test.step("three tasks", async () => {
    for (const name of ["First", "Second", "Spare"]) {
      await keyboard.press("n");
      await expect(editor.field("Name")).toBeFocused();
      await keyboard.press("ControlOrMeta+a");
      await keyboard.type(name);
      await expect(editor.node(name)).toBeVisible();
      // Where one types, letters are text.
      await tabTo(page, editor.node(name), { back: true });
    }
    await expect(editor.nodes).toHaveCount(3);
  });

  await test.step("one removed, and a step back", async () => {
    await keyboard.press("Delete");
    await expect(editor.nodes).toHaveCount(2);
    await keyboard.press("ControlOrMeta+z");
    await expect(editor.nodes).toHaveCount(3);
    await keyboard.press("ControlOrMeta+Shift+z");
    await expect(editor.nodes).toHaveCount(2);
  });

  await test.step("one moved", async () => {
    await tabTo(page, editor.node("Second"));
    await keyboard.press("Enter");
    await expect(editor.field("Name")).toHaveValue("Second");
    const before = await editor.placeOf("Second");
    for (let i = 0; i < 4; i++) await keyboard.press("ArrowDown");
    await expect.poll(() => editor.placeOf("Second")).not.toBe(before);
  });

  await test.step("connected", async () => {
    await tabTo(page, editor.panel.getByText("Dependencies", { exact: true }).locator("xpath=.."));
    await keyboard.press("Enter");
    await tabTo(page, editor.panel.getByRole("combobox", { name: "Waits for: add a task" }));
    await keyboard.type("Fir");
    await expect(page.getByRole("option", { name: /First/ })).toBeVisible();
    await keyboard.press("Enter");
    await expect(editor.edge("Second", "First")).toHaveCount(1);
  });

  await test.step("saved and run", async () => {
    await keyboard.press("ControlOrMeta+s");
    await expect(editor.savedState).toHaveText("Saved");
    await tabTo(page, editor.node("First"), { back: true });
    await keyboard.press("ControlOrMeta+Enter");
    await page.waitForURL(/\/runs\//);
    await run.expectStatus("COMPLETED");
  });

  await test.step("looked at", async () => {
    await keyboard.press("g");
    await expect(run.tab("List")).toHaveAttribute("aria-selected", "true");
    await keyboard.press("j");
    await keyboard.press("Enter");
    await expect(run.inspector.getByRole("heading", { name: "First" })).toBeVisible();
    await expect(run.log).toContainText("Hello");
  });
});
