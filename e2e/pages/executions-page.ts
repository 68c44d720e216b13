import { expect, type Locator, type Page } from "@playwright/test";

/** The list of executions. */
export class ExecutionsPage {
  readonly page: Page;
  readonly search: Locator;
  /** One line per execution, without the heading. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.search = page.getByRole("searchbox", { name: "Task or run" });
    this.rows = page
      .getByRole("table", { name: "Executions" })
      .getByRole("row")
      .filter({ has: page.getByRole("cell") });
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(`/executions${query}`);
    await expect(this.search).toBeVisible();
  }

  row(task: string): Locator {
    return this.rows.filter({ has: this.page.getByRole("link", { name: task, exact: true }) });
  }

  /** The filter of a status; its name ends with how many there are. */
  status(status: string): Locator {
    return this.page.getByRole("group", { name: "Status" }).getByRole("button", { name: status });
  }
}
