import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readConfig } from "@/lib/config";
import { listExecutions } from "@/lib/db/queries/executions";
import { readLog } from "@/lib/db/queries/logs";
import { getRunState } from "@/lib/db/queries/runs";
import { runGraph } from "@/lib/engine/run-graph";
import { seedExampleProject } from "@/lib/engine/seed-example-project";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { PERSON } from "@/lib/testing/factories";
import { SYSTEM_PATH } from "./runners/process/launcher";
import { createProcessRunner } from "./runners/process-runner";
import { Worker } from "./worker";

let test: TestDatabase;
let folder: string;
let worker: Worker;

beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "dagline-example-"));
  // What the tasks say and hand on is tested here, not that time passes meanwhile.
  const sleep = join(folder, "sleep");
  await writeFile(sleep, "#!/bin/sh\n");
  await chmod(sleep, 0o755);
  const path = [folder, SYSTEM_PATH, dirname(process.execPath)].join(":");
  const runner = await createProcessRunner({ dataDir: folder, path });
  worker = new Worker({ databaseUrl: test.url, runner, config: readConfig({}) });
  await worker.start();
});

afterAll(async () => {
  await worker.stop({ now: true });
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

it("runs to its end on the process runner, with one retry", async () => {
  const seeded = await seedExampleProject(test.db);
  const graphId = `${seeded?.graphId}`;

  const { runId } = await runGraph(test.db, { graphId, actor: PERSON });
  await vi.waitFor(
    async () => expect((await getRunState(test.db, { runId }))?.run.finishedAt).not.toBeNull(),
    { timeout: 25_000, interval: 100 },
  );

  const { items } = await listExecutions(test.db, { runId, limit: 10 });
  const byKey = new Map(items.map((execution) => [execution.taskKey, execution]));
  expect(items.map(({ status, errorMessage }) => [status, errorMessage])).toEqual(
    Array(6).fill(["COMPLETED", null]),
  );
  expect(items.filter(({ attempt }) => attempt === 2).map(({ taskKey }) => taskKey)).toEqual([
    "get-rate",
  ]);
  const executionId = `${byKey.get("publish-report")?.executionId}`;
  const log = await readLog(test.db, { executionId, attempt: 1, fromLine: 0 });
  const content = log?.chunks.map((chunk) => chunk.content).join("\n");
  expect(content).toContain("Published: 4 orders, 395.60 EUR");
});
