import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countPlaywright, countVitest } from "./count-tests";

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "dagline-count-"));
});

afterAll(() => {
  rmSync(dir, { recursive: true });
});

function write(content: unknown): string {
  const file = join(dir, "report.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("the count of tests", () => {
  it("reads what Vitest reports", () => {
    const file = write({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 1 });

    expect(countVitest(file, false)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  });

  it("reads what Playwright reports, and takes a flaky test for a failed one", () => {
    const file = write({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } });

    expect(countPlaywright(file, false)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it.each([
    [
      "a step that failed outside its tests",
      { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0 },
      false,
      1,
    ],
    [
      "a step that ran no test",
      { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 },
      true,
      1,
    ],
    ["a report that was cut off", '{"numPassedTests":7,', false, 1],
    [
      "a step without any trouble",
      { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0 },
      true,
      0,
    ],
  ])("counts %s", (_, content, ok, failed) => {
    expect(countVitest(write(content), ok).failed).toBe(failed);
  });

  it("counts a missing report as a failure", () => {
    expect(countPlaywright(join(dir, "none.json"), false).failed).toBe(1);
  });
});
