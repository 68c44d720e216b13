import { expect, type Locator, type Page } from "@playwright/test";

type Point = { x: number; y: number };

/** The graph editor. */
export class EditorPage {
  readonly page: Page;
  readonly canvas: Locator;
  /** The form of what is selected. */
  readonly panel: Locator;
  readonly toolbar: Locator;
  readonly savedState: Locator;

  constructor(page: Page) {
    this.page = page;
    this.canvas = page.getByRole("application", { name: "Graph" });
    this.panel = page.getByRole("complementary", { name: "Properties" });
    this.toolbar = page.getByRole("toolbar", { name: "Drawing" });
    this.savedState = page.getByRole("main").getByRole("status").filter({ hasText: /ave/ });
  }

  async open(graphId: string): Promise<void> {
    await this.page.goto(`/graphs/${graphId}`);
    await expect(this.savedState).toHaveText("Saved");
  }

  /** What the corner of the screen says for a while. */
  notice(text: string): Locator {
    return this.page.getByRole("region", { name: "Notifications" }).getByText(text);
  }

  node(name: string): Locator {
    return this.canvas.getByRole("group", { name, exact: true });
  }

  get nodes(): Locator {
    return this.canvas.locator("[aria-roledescription=node]");
  }

  edge(task: string, waitsFor: string): Locator {
    return this.canvas.getByRole("group", { name: `${task} waits for ${waitsFor}`, exact: true });
  }

  get edges(): Locator {
    return this.canvas.locator("[aria-roledescription=edge]");
  }

  field(label: string): Locator {
    return this.panel.getByLabel(label, { exact: true });
  }

  /** Unfolds a section of the form. */
  async unfold(title: string): Promise<void> {
    const section = this.panel.getByRole("group").filter({ hasText: title }).first();
    if ((await section.getAttribute("open")) === null)
      await section.getByText(title).first().click();
  }

  /** Adds a task with the button of the toolbar and fills in what matters. */
  async addTask({ name, command }: { name: string; command: string }): Promise<void> {
    await this.toolbar.getByRole("button", { name: "Add task" }).click();
    await this.describe({ name, command });
  }

  /** Fills in the form of the selected task. */
  async describe({ name, command }: { name: string; command: string }): Promise<void> {
    await this.field("Name").fill(name);
    await this.field("Command").fill(command);
  }

  async fillIn(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
  }

  /** Chooses one of a list. */
  async choose(label: string, option: string | RegExp): Promise<void> {
    await this.field(label).click();
    await this.page.getByRole("option", { name: option }).click();
  }

  /** Adds a row to one of the lists of names and values. */
  async addEntry(
    item: "variable" | "input" | "secret",
    name: string,
    value: string,
  ): Promise<void> {
    await this.panel.getByRole("button", { name: `Add ${item}` }).click();
    await this.panel
      .getByLabel(new RegExp(`^Name of ${item} `))
      .last()
      .fill(name);
    await this.panel
      .getByLabel(new RegExp(`^Value of ${item} `))
      .last()
      .fill(value);
  }

  async select(name: string): Promise<void> {
    await this.node(name).click();
    await expect(this.field("Name")).toHaveValue(name);
  }

  /** Drags from the right end of a task to the left end of another, as a person draws a dependency. */
  async connect(from: string, to: string): Promise<void> {
    await this.dragConnection(from, to);
    await this.page.mouse.up();
  }

  /** The same with the button still held. */
  async dragConnection(from: string, to: string): Promise<void> {
    const start = await this.endOf(from, "right");
    const end = await this.endOf(to, "left");
    const { mouse } = this.page;
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(start.x + 20, start.y + 10, { steps: 4 });
    await mouse.move(end.x, end.y, { steps: 12 });
  }

  async dragTask(name: string, by: Point): Promise<void> {
    const { x, y } = await this.middleOf(name);
    const { mouse } = this.page;
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + by.x / 2, y + by.y / 2, { steps: 4 });
    await mouse.move(x + by.x, y + by.y, { steps: 4 });
    await mouse.up();
  }

  /** Where the task lies on the canvas, wherever that is scrolled to. */
  async placeOf(name: string): Promise<string> {
    return await this.node(name).evaluate((element) => element.style.transform);
  }

  async save(): Promise<void> {
    await this.page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(this.savedState).toHaveText("Saved");
  }

  /** Starts the whole graph; the screen becomes that of the run. */
  async run(): Promise<void> {
    await this.page.getByRole("button", { name: "Run", exact: true }).click();
    await this.page.waitForURL(/\/runs\//);
  }

  private async middleOf(name: string): Promise<Point> {
    const box = await this.boxOf(name);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  private async endOf(name: string, side: "left" | "right"): Promise<Point> {
    const { x, y, width, height } = await this.boxOf(name);
    return { x: side === "left" ? x + 1 : x + width - 1, y: y + height / 2 };
  }

  private async boxOf(name: string) {
    const box = await this.node(name).boundingBox();
    if (!box) throw new Error(`The task ${name} is not to be seen.`);
    return box;
  }
}
