import { spawnSync } from "node:child_process";
import { chromium } from "@playwright/test";

const SYSTEM_BROWSERS = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
];

/** Stands for the browser that Playwright keeps itself. */
const OWN = "";

/**
 * The path of a Chromium that really starts: the given one, Playwright's own (an empty path), one of the system, or one
 * that is downloaded or installed for this. Throws when there is none.
 */
export async function findBrowser(given: string | undefined): Promise<string> {
  const found =
    (await firstThatStarts(given ? [given] : [])) ??
    (await firstThatStarts([OWN])) ??
    (await firstThatStarts(SYSTEM_BROWSERS.flatMap(which))) ??
    (await download()) ??
    (await installFromSystem());
  if (found !== undefined) return found;
  throw new Error(
    "No Chromium could be started: install one (for example the Debian package chromium-headless-shell) or set CHROMIUM_PATH to the path of one.",
  );
}

async function firstThatStarts(paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await starts(path)) return path;
  }
  return undefined;
}

// The file may be there and yet lack a library, so only a start proves anything.
async function starts(path: string): Promise<boolean> {
  try {
    const browser = await chromium.launch({ executablePath: path || undefined, timeout: 30_000 });
    const page = await browser.newPage();
    const works = (await page.evaluate(() => 1 + 1)) === 2;
    await browser.close();
    return works;
  } catch {
    return false;
  }
}

async function download(): Promise<string | undefined> {
  const cli = "node_modules/@playwright/test/cli.js";
  spawnSync(process.execPath, [cli, "install", "--only-shell", "chromium"], { timeout: 180_000 });
  return await firstThatStarts([OWN]);
}

async function installFromSystem(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || which("apt-get").length === 0) return undefined;
  spawnSync("apt-get", ["update"], { timeout: 120_000 });
  for (const name of ["chromium-headless-shell", "chromium"]) {
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", name], { timeout: 300_000 });
    const found = await firstThatStarts(which(name));
    if (found) return found;
  }
  return undefined;
}

function which(name: string): string[] {
  const path = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  return path === "" ? [] : [path];
}
