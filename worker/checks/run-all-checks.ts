import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@/worker/launcher/build";
import { say } from "@/worker/launcher/say";
import { type Count, countPlaywright, countVitest } from "./count-tests";
import { runStep } from "./run-step";

const BIN = {
  biome: "node_modules/@biomejs/biome/bin/biome",
  oxlint: "node_modules/oxlint/bin/oxlint",
  next: "node_modules/next/dist/bin/next",
  tsc: "node_modules/typescript/bin/tsc",
  knip: "node_modules/knip/bin/knip.js",
  vitest: "node_modules/vitest/vitest.mjs",
  playwright: "node_modules/@playwright/test/cli.js",
};

/** Runs every check and test of the project, prints the sum as the last line, and returns whether all passed. */
export async function runAllChecks(): Promise<boolean> {
  const reports = mkdtempSync(join(tmpdir(), "dagline-reports-"));
  try {
    const counts = [
      await check("lint", [BIN.biome, "check", "."]),
      await check("lint with types", [BIN.oxlint]),
      // The types of the routes are generated; a new clone has none yet.
      await check("types of the routes", [BIN.next, "typegen"]),
      await check("types", [BIN.tsc, "--noEmit"]),
      await check("unused code", [BIN.knip]),
      await buildProduct(),
      await runVitest("unit and database tests", join(reports, "vitest.json"), {
        projects: ["unit", "process", "db"],
        // One more than there are processors on a small machine, since some wait for processes and for the database.
        args: ["--maxWorkers=3"],
        // Whatever the machine's zone is: one that is neither UTC nor without summer time. The other tests are in the machine's.
        env: { TZ: "America/New_York" },
      }),
      // Two files at a time: they mostly wait, for leases, timeouts and restarts.
      await runVitest("fault tests", join(reports, "faults.json"), {
        projects: ["fault"],
        args: ["--maxWorkers=2"],
      }),
      await runVitest("launcher tests", join(reports, "launcher.json"), {
        projects: ["launcher"],
        args: ["--maxWorkers=2"],
      }),
      await runPlaywright(join(reports, "playwright.json")),
    ];
    return summarise(counts);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

/** A step without tests of its own: nothing that passed, or one failure. */
async function check(name: string, command: string[]): Promise<Count> {
  const { ok } = await runStep({ name, command });
  return { passed: 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function buildProduct(): Promise<Count> {
  const started = Date.now();
  say("── build");
  try {
    await build();
    say(`   ok, ${Math.round((Date.now() - started) / 100) / 10} s`);
    return { passed: 0, failed: 0, skipped: 0 };
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    say("   FAILED");
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runVitest(
  name: string,
  report: string,
  options: { projects: string[]; args?: string[]; env?: Record<string, string> },
): Promise<Count> {
  const projects = options.projects.map((project) => `--project=${project}`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { ok } = await runStep({
    name,
    command: [BIN.vitest, "run", ...projects, ...(options.args ?? []), ...reporters],
    env: options.env,
  });
  return tell(countVitest(report, ok));
}

async function runPlaywright(report: string): Promise<Count> {
  const { ok } = await runStep({
    name: "browser tests",
    command: [
      BIN.playwright,
      "test",
      "--config",
      "e2e/playwright.config.ts",
      "--reporter=list,json",
    ],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return tell(countPlaywright(report, ok));
}

function tell(count: Count): Count {
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
  say(`   ${count.passed} passed, ${count.failed} failed${skipped}`);
  return count;
}

function summarise(counts: Count[]): boolean {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0;
}
