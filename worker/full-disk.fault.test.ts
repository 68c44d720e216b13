import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeError, statusOf } from "@/lib/auth/describe-error";
import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import { migrateDatabase } from "@/lib/db/migrate";
import { createTask } from "@/lib/engine/create-task";
import { scheduleTaskGraph } from "@/lib/engine/schedule-task-graph";
import { addProject, person, taskFields } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { mountSmallDisk, type SmallDisk } from "./soak/faults/fill-disk";
import { countOutcomes, shellTask, startLayers, waitForRunStatus } from "./testing/fault-graph";
import { startBuiltWorker } from "./testing/start-built-worker";
import { type WorkerProcess, waitFor } from "./testing/worker-process";

/** Of each task; twenty of them are far more than what is left on a full disk holds. */
const PARAMS_BYTES = 16_000;
/** A result for which there is no room either. */
const YIELDING =
  'sleep 0.3; echo "noise=$(head -c 6000 /dev/urandom | base64 -w 0)" > "$TASK_OUTPUT"';
/** Within this time a worker has tried again to record what it could not. */
const FULL_MS = 1000;

let dir: string;
/** A reason in words where there can be none. */
let disk: SmallDisk | string;
let server: EmbeddedPostgres | null = null;
let client: ReturnType<typeof createDbClient> | null = null;
let worker: WorkerProcess | null = null;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "dagline-disk-"));
  // PostgreSQL may run as another user and must pass through.
  chmodSync(dir, 0o711);
  disk = mountSmallDisk(dir);
});
afterEach(async () => {
  if (typeof disk !== "string") disk.empty();
  worker?.signal("SIGKILL");
  await worker?.ended;
  await client?.close();
  await server?.stop();
  if (typeof disk !== "string") disk.remove();
  rmSync(dir, { recursive: true, force: true });
});

it("a full disk refuses a submission in words, leaves nothing half-written, and all goes on when there is space", async ({
  skip,
}) => {
  if (typeof disk === "string") return skip(disk);
  server = await startEmbeddedPostgres({ dataDir: join(dir, "data"), settings: { fsync: "off" } });
  const databaseUrl = await createDatabaseOn(disk, server.url);
  client = createDbClient(databaseUrl, { max: 3, name: "test" });
  const { db, sql } = client;
  const submit = await prepareSubmission(db);
  worker = await startBuiltWorker({ databaseUrl, dataDir: dir, env: { LEASE_DURATION: "60" } });
  const run = await startLayers(db, 30, YIELDING);

  disk.fill();
  const error = await submit().catch((refused: unknown) => refused);

  const told = describeError(error, "test");
  expect(statusOf(told.code)).toBe(503);
  expect(told.message).toContain("disk is full");
  const [left] = await sql`
    select (select count(*) from runs)::int as runs, (select count(*) from executions)::int as executions`;
  expect(left).toEqual({ runs: 1, executions: 30 });
  await waitFor("a result to find no room", () => worker?.log().includes("recording failed"));
  await sleep(FULL_MS);
  expect(worker.child.exitCode).toBeNull();

  disk.empty();
  const next = await submit();
  for (const each of [run, next]) await waitForRunStatus(sql, each, "COMPLETED", 60_000);
  expect(await countOutcomes(sql)).toEqual({ COMPLETED: 50 });
  expect(await findViolations(sql, { resting: true })).toEqual([]);
});

/** Its tables lie on the disk. */
async function createDatabaseOn({ folder }: SmallDisk, serverUrl: string): Promise<string> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create tablespace small location '${folder}'`);
  await sql`create database small tablespace small`;
  await sql.end();
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: "/small" }).href;
  await migrateDatabase(databaseUrl);
  return databaseUrl;
}

/** Twenty tasks to be started together, with more params than there is room for. */
async function prepareSubmission(db: Db) {
  const projectId = await addProject(db);
  const tasks: Parameters<typeof scheduleTaskGraph>[1]["tasks"] = [];
  for (let i = 0; i < 20; i++) {
    const noise = randomBytes(PARAMS_BYTES / 2).toString("hex");
    const { taskId } = await createTask(db, {
      projectId,
      task: taskFields(`t${i}`),
      actor: person,
    });
    tasks.push({ taskId, dependsOn: [], overrides: shellTask(`: ${noise}`) });
  }
  return () => scheduleTaskGraph(db, { projectId, tasks, actor: person });
}
