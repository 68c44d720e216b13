import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { test as journey } from "./fixtures";
import { launchProduct, type Product } from "./product";

/** A product that may be broken: with a database, a port and processes of its own. */
const test = journey.extend<object, { product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from it
    async ({}, use) => {
      // A short lease, so that the loss of a worker is soon known.
      const product = await launchProduct({
        HEARTBEAT_INTERVAL: "1",
        LEASE_DURATION: "4",
        SWEEP_INTERVAL: "1",
      });
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  baseURL: async ({ product }, use) => use(product.address),
});

test.use({ expectedErrors: /Failed to load resource|ERR_|503|server responded/ });
// They share what they break, so one after the other.
base.describe.configure({ mode: "default" });

/** The banner above every page. */
function banner(page: Page, text: string | RegExp) {
  return page.getByRole("status").filter({ hasText: text });
}

/** Kills it whenever it comes back, until the screen says that it is missing: the first time it may be back too soon. */
async function killUntil(product: Product, part: "worker" | "database", seen: Locator) {
  await expect(async () => {
    const pid = product.pidOf(part);
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
    await expect(seen).toBeVisible({ timeout: 1 });
  }).toPass({ intervals: [200], timeout: 60_000 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a killed worker is missed, comes back, and the run completes", async ({
  api,
  projectId,
  product,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Orphaned",
    tasks: [
      { name: "Held", script: gate.wait },
      { name: "Next", script: "true", after: ["Held"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectNode("Held", "RUNNING");

  // The launcher waits longer from time to time before it starts it again, in the end longer than a lease.
  const missing = banner(page, "No worker is alive, so nothing runs.");
  await killUntil(product, "worker", missing);

  await expect(missing).toBeHidden({ timeout: 60_000 });
  gate.open();
  await run.expectStatus("COMPLETED");
  await run.select("Held");
  await page.getByRole("tab", { name: "Attempts" }).click();
  await expect(run.inspector.getByText("LOST")).toBeVisible();
});

test("a killed database is missed, comes back, and the run completes", async ({
  api,
  projectId,
  product,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Unsettled",
    tasks: [
      { name: "Held", script: gate.wait },
      { name: "Next", script: "true", after: ["Held"] },
    ],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectNode("Held", "RUNNING");

  const missing = banner(page, /The (database|server) does not answer/);
  await killUntil(product, "database", missing);

  await expect(missing).toBeHidden({ timeout: 60_000 });
  gate.open();
  await run.expectStatus("COMPLETED");
  await run.expectNode("Next", "COMPLETED");
});

test("an open page heals by itself when the web server was killed", async ({
  api,
  projectId,
  product,
  run,
  page,
  gates,
}) => {
  const gate = gates.add();
  const graphId = await api.createGraph(projectId, {
    name: "Unanswered",
    tasks: [{ name: "Held", script: gate.wait }],
  });
  await run.open(await api.runGraph(graphId));
  await run.expectNode("Held", "RUNNING");
  let pagesLoaded = 0;
  page.on("domcontentloaded", () => pagesLoaded++);

  process.kill(product.pidOf("web server"), "SIGKILL");

  const missing = banner(page, "The server does not answer.");
  await expect(missing).toBeVisible();
  gate.open();
  await expect(missing).toBeHidden({ timeout: 60_000 });
  await run.expectStatus("COMPLETED");
  expect(pagesLoaded).toBe(0);
});
