import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";

export type Count = { passed: number; failed: number; skipped: number };

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
});
const playwrightSchema = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
});

/** What Vitest's JSON report says; nothing passed when there is no report. */
export function countVitest(file: string, ok: boolean): Count {
  const report = vitestSchema.safeParse(readJson(file)).data;
  const count = {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: report?.numPendingTests ?? 0,
  };
  return withStepFailure(count, ok);
}

/** What Playwright's JSON report says; a test that passed only when repeated counts as failed. */
export function countPlaywright(file: string, ok: boolean): Count {
  const stats = playwrightSchema.safeParse(readJson(file)).data?.stats;
  const count = {
    passed: stats?.expected ?? 0,
    failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
    skipped: stats?.skipped ?? 0,
  };
  return withStepFailure(count, ok);
}

// A file that cannot be loaded, or a server that does not start, fails no single test but fails the step.
function withStepFailure(count: Count, ok: boolean): Count {
  const unexplained = !ok && count.failed === 0;
  const empty = ok && count.passed === 0;
  return unexplained || empty ? { ...count, failed: 1 } : count;
}

function readJson(file: string): unknown {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // cut off in the middle: the step has failed
  }
}
