import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { startRun } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { countOutcomes, shellTask, waitForRunStatus } from "./testing/fault-graph";
import { startBuiltWorker } from "./testing/start-built-worker";
import { hasClaimed, hasRecorded, RESULT, startTcpProxy, type TcpProxy } from "./testing/tcp-proxy";

/** No worker fences itself, however busy the machine is; leases of those that were killed are made to expire. */
const LEASE = { LEASE_DURATION: "120" };
/** So many workers are killed at each point, several at a time. */
const KILLS = 8;
const LATE_KILLS = 4;
const AT_A_TIME = 4;

let dir: string;
let test: TestDatabase;
let journal: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "dagline-points-"));
});
beforeEach(async () => {
  test = await createTestDatabase();
  journal = join(dir, `journal-${crypto.randomUUID()}`);
});
afterEach(async () => {
  expect(await findViolations(test.sql, { resting: true })).toEqual([]);
  await test.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Tasks that note that they ran, in no order. */
function startNoting(count: number) {
  const keys = Array.from({ length: count }, (_, i) => `t${i}`);
  const shape = Object.fromEntries(keys.map((key) => [key, []]));
  const note = shellTask(`echo "$DAGLINE_TASK_KEY $DAGLINE_ATTEMPT" >> '${journal}'`);
  return startRun(test.db, shape, {
    overrides: Object.fromEntries(keys.map((key) => [key, note])),
  });
}

/** What ran: task key and number of the attempt. */
function readJournal(): string[] {
  return existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n") : [];
}

/** Starts a worker that runs one task at a time; `arm` says when the link to its database calls `kill`, in mid-talk. */
async function runUntilKilled(arm: (link: TcpProxy, kill: () => void) => void): Promise<void> {
  const link = await startTcpProxy(test.url);
  let child: ChildProcess | undefined;
  arm(link, () => child?.kill("SIGKILL"));
  const worker = await startBuiltWorker({
    databaseUrl: link.through(test.url),
    dataDir: dir,
    env: { ...LEASE, MAX_CONCURRENT_EXECUTIONS: "1" },
    onSpawned: (spawned) => {
      child = spawned;
    },
  });
  expect(await worker.ended).toBe("SIGKILL");
  await link.close();
}

async function killMany(count: number, arm: Parameters<typeof runUntilKilled>[0]): Promise<void> {
  const killInTurn = async () => {
    for (let kills = 0; kills < count / AT_A_TIME; kills++) await runUntilKilled(arm);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, killInTurn));
}

/** The leases of the dead expire, and a worker that nobody kills does what is left. */
async function bringToEnd(run: { runId: string }): Promise<void> {
  await test.sql`update executions set lease_expires_at = now() where lease_token is not null`;
  const worker = await startBuiltWorker({
    databaseUrl: test.url,
    dataDir: dir,
    env: LEASE,
  });
  await waitForRunStatus(test.sql, run, "COMPLETED", 60_000).finally(() => {
    worker.signal("SIGKILL");
  });
  await worker.ended;
}

async function listResultAttempts(): Promise<number[]> {
  const rows = await test.sql<{ n: number }[]>`
    select result_attempt as n from executions where result is not null`;
  return rows.map(({ n }) => n);
}

describe("a worker that is killed", () => {
  it("between the commit of its claim and the start of the command has run nothing", async () => {
    const run = await startNoting(KILLS);

    await killMany(KILLS, (link, kill) => link.loseNextCommit(hasClaimed, kill));

    expect(readJournal()).toEqual([]);
    expect(await test.sql`select 1 from attempts`).toHaveLength(KILLS);
    await bringToEnd(run);
    expect(await countOutcomes(test.sql)).toEqual({ LOST: KILLS, COMPLETED: KILLS });
    const second = Array.from({ length: KILLS }, (_, i) => `t${i} 2`);
    expect(readJournal().sort()).toEqual(second.sort());
  });

  it("between the end of the command and the commit of its completion has it run again, and one result counts", async () => {
    const run = await startNoting(KILLS);

    await killMany(KILLS, (link, kill) => link.loseNextRequest(RESULT, kill));

    expect(readJournal()).toHaveLength(KILLS);
    expect(await listResultAttempts()).toEqual([]);
    await bringToEnd(run);
    expect(await countOutcomes(test.sql)).toEqual({ LOST: KILLS, COMPLETED: KILLS });
    expect(readJournal()).toHaveLength(2 * KILLS);
    expect(await listResultAttempts()).toEqual(Array(KILLS).fill(2));
  });

  it("between the commit of its completion and the answer has it not run again", async () => {
    // Each completion takes the next claim along, so each kill uses up two.
    const count = 2 * LATE_KILLS + 5;
    const run = await startNoting(count);

    await killMany(LATE_KILLS, (link, kill) => link.loseNextCommit(hasRecorded, kill));

    expect(await listResultAttempts()).toEqual(Array(LATE_KILLS).fill(1));
    await bringToEnd(run);
    expect(await countOutcomes(test.sql)).toEqual({ LOST: LATE_KILLS, COMPLETED: count });
    const keys = readJournal().map((line) => line.split(" ")[0]);
    expect([keys.length, new Set(keys).size]).toEqual([count, count]);
  });
});
