import { expect, type Locator, type Page } from "@playwright/test";
import type { ExecutionStatus, RunStatus } from "@/lib/domain/status";

/** A run takes as long as the machine needs to start its processes. */
const END_LIMIT_MS = 60_000;

/** The live view of a run. */
export class RunPage {
  readonly page: Page;
  readonly header: Locator;
  readonly inspector: Locator;

  constructor(page: Page) {
    this.page = page;
    this.header = page.getByRole("main").locator("header").first();
    this.inspector = page.getByRole("complementary", { name: "Selected execution" });
  }

  async open(runId: string): Promise<void> {
    await this.page.goto(`/runs/${runId}`);
  }

  node(name: string): Locator {
    return this.page
      .getByRole("application", { name: "Graph of the run" })
      .getByRole("group", { name, exact: true });
  }

  async expectNode(name: string, status: ExecutionStatus): Promise<void> {
    await expect(this.node(name).getByRole("img", { name: status })).toBeVisible({
      timeout: END_LIMIT_MS,
    });
  }

  async expectStatus(status: RunStatus): Promise<void> {
    await expect(this.header.getByText(status, { exact: true })).toBeVisible({
      timeout: END_LIMIT_MS,
    });
  }

  /** Shows an execution in the inspector. */
  async select(name: string): Promise<void> {
    await this.node(name).click();
    await expect(this.inspector.getByRole("heading", { name, exact: true })).toBeVisible();
  }

  tab(name: "Graph" | "Timeline" | "List"): Locator {
    return this.page.getByRole("tab", { name });
  }

  /** What the selected execution wrote. */
  get log(): Locator {
    return this.page.getByRole("region", { name: /^Log of attempt/ });
  }

  /** Presses a button that asks before, and says yes. */
  async confirm(button: Locator, yes: string): Promise<void> {
    await button.click();
    const dialog = this.page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: yes }).click();
    await expect(dialog).toBeHidden();
  }
}
