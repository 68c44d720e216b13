import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startWorkerProcess, type WorkerProcess, waitFor } from "./testing/worker-process";

const SECRET = "correct-horse-battery";

let test: TestDatabase;
let dataDir: string;
let worker: WorkerProcess;
let run: Awaited<ReturnType<typeof startRun>>;

/** One worker process that has run an execution which failed, was retried and completed, and one that ended FAILED. */
beforeAll(async () => {
  test = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), "dagline-observe-"));
  worker = await startWorkerProcess({
    databaseUrl: test.url,
    dataDir,
    env: { LOG_LEVEL: "trace", DAGLINE_SECRET_TOKEN: SECRET },
  });
  const retried = { retryStrategy: "IMMEDIATE", maxRetries: 1 } as const;
  run = await startRun(
    test.db,
    { flaky: [], broken: [] },
    {
      overrides: {
        flaky: { ...shellTask('echo "$TRACEPARENT"; [ "$DAGLINE_ATTEMPT" = 2 ]'), ...retried },
        broken: { ...shellTask("exit 3"), retryStrategy: "NONE" },
      },
    },
  );
  await waitForRunStatus(test.sql, run, "FAILED");
});

afterAll(async () => {
  worker.signal("SIGKILL");
  await worker.ended;
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type Line = Record<string, unknown>;

const linesOf = ({ log }: WorkerProcess): Line[] =>
  log()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

describe("the log of a worker", () => {
  it("names the worker on each line, and on each line about an execution all four", async () => {
    await waitFor("the last line", () => linesOf(worker).filter(isAboutEnd).length === 3);
    const lines = linesOf(worker);
    for (const line of lines) expect(line).toHaveProperty("workerId");
    const about = lines.filter((line) => "executionId" in line || "runId" in line);
    for (const line of about)
      expect(line).toMatchObject({
        workerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        runId: run.runId,
        executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        attempt: expect.any(Number),
      });
    const flaky = about.filter(({ executionId }) => executionId === run.ids.flaky);
    expect(flaky.filter(isAboutEnd).map(({ attempt, end }) => [attempt, end])).toEqual([
      [1, "failed"],
      [2, "completed"],
    ]);
  });

  it("tells of a failing statement without what it was called with, and without any secret", async () => {
    await test.sql`alter table workers rename to workers_away`;
    const line = await waitFor("a line about it", () => linesOf(worker).find(({ error }) => error));
    await test.sql`alter table workers_away rename to workers`;
    expect(line).toMatchObject({
      workerId: expect.any(String),
      loop: "heartbeat",
      error: { type: "DrizzleQueryError", cause: { code: "42P01" } },
    });
    const password = new URL(test.url).password;
    expect(password.length).toBeGreaterThan(3);
    expect(worker.log()).not.toContain(password);
    expect(worker.log()).not.toContain(SECRET);
    expect(worker.log()).not.toContain("params:");
  });
});

const isAboutEnd = ({ message }: Line) => message === "attempt ended";
