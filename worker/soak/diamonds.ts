import { createDbClient } from "@/lib/db/client";
import type { Db } from "@/lib/db/database";
import type { ClaimedExecution } from "@/lib/engine/claim-executions";
import { recordAttempts } from "@/lib/engine/record-attempts";
import { addWorker, completed, startLargeRun } from "@/lib/testing/engine-factories";
import { type Random, randomStream, wholeBetween } from "@/lib/testing/random";
import { checkInvariants } from "./check-invariants";
import type { Journal } from "./journal";
import { PATIENT } from "./soak-server";

/** Diamonds of one run. */
const PER_RUN = 250;
/** Most diamonds whose parents are reported in one transaction. */
const MAX_BATCH = 5;
/** Pairs of connections that report at the same time. */
const PAIRS = 4;
const CLAIM = 500;

type Side = "left" | "right";

/**
 * Diamonds (one task, two that wait for it, one that waits for both) whose two parents are completed at the same moment on
 * two connections, in a database of their own without worker processes. Returns how many last tasks were released.
 */
export async function finishDiamonds(options: {
  databaseUrl: string;
  count: number;
  seed: number;
  journal: Journal;
  /** Aborted when no more are to be made. */
  signal: AbortSignal;
}): Promise<{ finished: number; released: number }> {
  const { databaseUrl, count, seed, journal, signal } = options;
  const client = createDbClient(databaseUrl, {
    max: 2 * PAIRS,
    name: "diamonds",
    settings: PATIENT,
  });
  try {
    const random = randomStream(seed, "diamonds");
    await journal.mustSucceed("a diamond", async () => {
      for (let left = count; left > 0 && !signal.aborted; left -= PER_RUN)
        await finishRun(client.db, Math.min(left, PER_RUN), random);
    });
    const [row] = await client.sql<{ finished: number; released: number }[]>`
      select (select count(*)::int from executions where task_key like 'right%' and status = 'COMPLETED') as finished,
        (select count(*)::int from execution_events join executions e on e.id = execution_id
         where task_key like 'last%' and (from_status, to_status) = ('PENDING', 'SCHEDULED')) as released`;
    await checkInvariants({ sql: client.sql, journal }, { resting: true });
    return row ?? { finished: 0, released: 0 };
  } finally {
    await client.close();
  }
}

async function finishRun(db: Db, count: number, random: Random): Promise<void> {
  const shape: Record<string, string[]> = {};
  for (let i = 0; i < count; i++) {
    shape[`first${i}`] = [];
    shape[`left${i}`] = [`first${i}`];
    shape[`right${i}`] = [`first${i}`];
    shape[`last${i}`] = [`left${i}`, `right${i}`];
  }
  await startLargeRun(db, shape);
  await complete(db, await claimAll(db));
  const parents = await claimAll(db);
  const byKey = new Map(parents.map((claimed) => [claimed.taskKey, claimed]));
  const of = (side: Side, i: number) => byKey.get(`${side}${i}`) ?? [];
  const batches = cut(count, random);
  const reportPairs = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const numbers = batch;
      await Promise.all(
        (["left", "right"] as const).map((side) =>
          complete(
            db,
            numbers.flatMap((i) => of(side, i)),
          ),
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: PAIRS }, reportPairs));
  await complete(db, await claimAll(db));
}

/** The numbers from 0 to below `count` in batches of random size. */
function cut(count: number, random: Random): number[][] {
  const batches: number[][] = [];
  for (let at = 0; at < count; ) {
    const size = Math.min(wholeBetween(random, 1, MAX_BATCH), count - at);
    const first = at;
    batches.push(Array.from({ length: size }, (_, i) => first + i));
    at += size;
  }
  return batches;
}

async function claimAll(db: Db): Promise<ClaimedExecution[]> {
  const worker = await addWorker(db);
  const all: ClaimedExecution[] = [];
  for (;;) {
    const claimed = await worker.claim(CLAIM, { leaseSeconds: 600 });
    if (claimed.length === 0) return all;
    all.push(...claimed);
  }
}

async function complete(db: Db, claimed: readonly ClaimedExecution[]): Promise<void> {
  const [first] = claimed;
  if (!first) return;
  const reports = claimed.map((each) => ({ ...each, startedMsAgo: 0, end: completed }));
  await recordAttempts(db, { reports, actor: { type: "worker", id: "diamonds" } });
}
