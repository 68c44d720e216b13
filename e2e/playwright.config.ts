import { defineConfig } from "@playwright/test";
import { findBrowser } from "./find-browser";

// This file is read again in every test process; they inherit what the first reading has found.
process.env.E2E_BROWSER ??= await findBrowser(process.env.CHROMIUM_PATH);

// The limits are for a machine that does many other things; alone, all journeys take a few minutes.
export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../test-results",
  globalSetup: "./start-product.ts",
  globalTimeout: 15 * 60_000,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: process.env.E2E_BASE_URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.E2E_BROWSER || undefined },
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    screenshot: "only-on-failure",
    // What was done, said and sent. Pictures and copies of the page take more of the processor than the journeys themselves;
    // `--trace retain-on-failure` has them.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    video: "off",
  },
  projects: [{ name: "desktop" }],
});
