import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readConfig } from "@/lib/config";
import { channels } from "@/lib/db/channels";
import { readLog } from "@/lib/db/queries/logs";
import { listRuns } from "@/lib/db/queries/runs";
import { startBackfill } from "@/lib/engine/start-backfill";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { createDrawnGraph, createProject, PERSON } from "@/lib/testing/factories";
import { addSchedule } from "@/lib/testing/schedule-factories";
import { createProcessRunner } from "./runners/process-runner";
import { Worker } from "./worker";

let test: TestDatabase;
let folder: string;
let worker: Worker;
let graphId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "dagline-schedules-"));
  const projectId = await createProject(test.db);
  const command = ["sh", "-c", 'echo "for $DAGLINE_SCHEDULED_FOR"'];
  const fields = { a: { workflowParams: { image: "alpine:3.20", command } } };
  ({ graphId } = await createDrawnGraph(test.db, { projectId, tasks: { a: [] }, fields }));
  const runner = await createProcessRunner({ dataDir: folder });
  // So rarely that only a notification can be what wakes its loop in time.
  const config = readConfig({ SCHEDULER_INTERVAL: "3600" });
  worker = new Worker({ databaseUrl: test.url, runner, config });
  await worker.start();
});

afterAll(async () => {
  await worker.stop({ now: true });
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

async function finishedRuns(scheduleId: string, count: number) {
  return vi.waitFor(
    async () => {
      const { items } = await listRuns(test.db, { scheduleId, limit: 10 });
      expect(items.map(({ status }) => status)).toEqual(Array(count).fill("COMPLETED"));
      return items;
    },
    { timeout: 25_000, interval: 50 },
  );
}

async function outputOf(runId: string): Promise<string> {
  const rows = await test.sql<{ id: string }[]>`select id from executions where run_id = ${runId}`;
  const log = await readLog(test.db, { executionId: rows[0]?.id ?? "", attempt: 1, fromLine: 0 });
  return log?.chunks.map(({ content }) => content).join("") ?? "";
}

it("fires a schedule that was made while it slept, and tells the command the time", async () => {
  const yearly = { name: "Soon", timeZone: "Asia/Tokyo" };
  const { scheduleId } = await addSchedule(test.db, { graphId, fields: yearly });
  const [due] = await test.sql<{ at: string }[]>`
    update schedules set next_fire_at = date_trunc('second', now()) + interval '1 s' where id = ${scheduleId}
    returning next_fire_at as at`;
  await test.sql.notify(channels.schedules, "");

  const [run] = await finishedRuns(scheduleId, 1);

  expect(run?.fire?.at).toBe(new Date(due?.at ?? "").toISOString());
  expect(await outputOf(run?.runId ?? "")).toMatch(/^ofor \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00/);
});

it("takes a back-fill further as its runs end", async () => {
  const daily = { name: "Daily", expression: "0 0 * * *", timeZone: "Europe/Berlin" };
  const { scheduleId } = await addSchedule(test.db, { graphId, fields: daily });
  const range = { from: new Date("2026-03-28T12:00Z"), to: new Date("2026-03-30T12:00Z") };
  const options = { maxActiveRuns: 1, priority: null, actor: PERSON };
  await startBackfill(test.db, { scheduleId, ...range, ...options });

  const runs = await finishedRuns(scheduleId, 2);

  const outputs = await Promise.all(runs.map(({ runId }) => outputOf(runId)));
  expect(outputs.map((text) => text.trim())).toEqual([
    "ofor 2026-03-30T00:00:00+02:00",
    "ofor 2026-03-29T00:00:00+01:00",
  ]);
});
