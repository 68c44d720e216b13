import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AttemptEnd } from "@/lib/domain/ending";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addWorker, failed, startRun } from "@/lib/testing/engine-factories";
import { checkRecords, countFigures, measureBounds } from "./count-figures";
import { Journal } from "./journal";
import type { LedgerLine } from "./ledger";
import { storeJournal } from "./store-journal";

type Case = {
  /** Changes the rows. */
  sql?: string;
  /** Changes what the soak and the commands noted. */
  note?: (noted: { journal: Journal; ledger: LedgerLine[] }) => void;
};

let test: TestDatabase;
let ids: Record<string, string>;
let workerId: string;
let journal: Journal;
let ledger: LedgerLine[];

beforeAll(async () => {
  test = await createTestDatabase();
  // The cases break rules that the database keeps.
  await test.sql`alter table execution_events disable trigger all`;
});
afterAll(() => test.close());

/** A chain of two; the first attempt of `a` was lost to the sweep. */
beforeEach(async () => {
  await test.sql`delete from projects`;
  const worker = await addWorker(test.db);
  workerId = worker.workerId;
  const run = await startRun(test.db, { a: [], b: ["a"] });
  ids = run.ids;
  const by = (attempt: string): AttemptEnd => ({
    kind: "completed",
    result: {
      exitCode: 0,
      durationMs: 1,
      runner: "process",
      imageDigest: null,
      outputs: { by: attempt },
    },
  });
  for (const claimed of await worker.claim())
    await worker.end(claimed, failed({ class: "infrastructure" }));
  for (const claimed of await worker.claim()) await worker.end(claimed, by("2"));
  for (const claimed of await worker.claim()) await worker.end(claimed, by("1"));

  journal = new Journal();
  journal.accepted.push({ runId: run.runId, executionIds: Object.values(ids) });
  ledger = [
    line("a", 1, "s"),
    line("a", 2, "s"),
    line("a", 2, "e"),
    line("b", 1, "s"),
    line("b", 1, "e"),
  ];
});

function line(key: string, attempt: number, kind: "s" | "e"): LedgerLine {
  const exitCode = kind === "e" ? 0 : null;
  return { place: 0, kind, executionId: ids[key] ?? key, attempt, at: Date.now() - 500, exitCode };
}

async function findRules({ resting = true } = {}): Promise<string[]> {
  const inOrder = ledger.map((each, place) => ({ ...each, place }));
  await storeJournal(test.sql, journal, inOrder);
  await checkRecords(test.sql, journal, { resting });
  return journal.violations.map(({ rule }) => rule);
}

const insertEvent = (key: string, from: string, to: string) => `
  insert into execution_events (execution_id, from_status, to_status, attempt, actor_type, actor_id)
  values ({${key}}, '${from}', '${to}', 1, 'system', 'test')`;
const later = Date.now() + 3_600_000;

const CASES: Record<string, Case> = {
  "an accepted execution is lost": {
    note: (noted) => noted.journal.accepted[0]?.executionIds.push(crypto.randomUUID()),
  },
  "a run exists that nobody was told of": { note: (noted) => noted.journal.accepted.pop() },
  "a result is recorded twice": { sql: insertEvent("b", "COMPLETED", "COMPLETED") },
  "a command began before one it waits for had ended": {
    note: (noted) => noted.ledger.unshift(line("b", 1, "s")),
  },
  "a result is recorded of a command that never ended": { note: (noted) => noted.ledger.pop() },
  "a result is that of another attempt": {
    sql: `update executions set result = '{"outputs": {"by": "7"}}' where id = {b}`,
  },
  "a worker reported what another one held": {
    sql: "update execution_events set actor_id = 'test' where execution_id = {b} and to_status = 'COMPLETED'",
  },
  "a command ran without an attempt": { note: (noted) => noted.ledger.push(line("b", 9, "s")) },
  "a command began after its attempt had ended": {
    note: (noted) => noted.ledger.push({ ...line("b", 1, "s"), at: later }),
  },
  "a command still ran when the next attempt had begun": {
    note: (noted) => noted.ledger.push(line("a", 1, "e")),
  },
  "a second attempt was made after a lost COMMIT answer": {
    sql: "update attempts set outcome = 'COMPLETED' where execution_id = {a} and attempt = 1",
    note: (noted) => {
      noted.ledger.unshift(line("a", 1, "s"), line("a", 1, "e"));
      noted.journal.lostCommits.push({ workerId, at: new Date(), ids: [ids.a ?? ""] });
    },
  },
  "a worker was told that what it had recorded was lost": {
    note: (noted) => {
      const refusedReports = [{ executionId: ids.b ?? "", attempt: 1 }];
      const log = { fences: 0, fencedAttempts: 0, refusedReports, errors: [], lines: [] };
      noted.journal.logs.set(workerId, log);
    },
  },
  "a process survived its worker": {
    note: (noted) =>
      noted.journal.survivors.push({
        executionId: ids.b ?? "",
        attempt: 1,
        workerId,
        at: new Date(),
        what: "its worker",
      }),
  },
  "an accepted cancel came to nothing": {
    note: (noted) => noted.journal.cancelled.push({ executionId: ids.b ?? "", at: new Date() }),
  },
  "work did not go on within 10 s after PostgreSQL answered again": {
    sql: "update executions set created_at = created_at - interval '1 hour' where id = {b}",
    note: (noted) => {
      const at = new Date(Date.now() - 60_000);
      noted.journal.crashes.push({ variant: "server killed", at, upAt: at, isBusy: false });
    },
  },
  "something changed after a cancel": {
    sql: `${insertEvent("b", "RUNNING", "CANCELLED")}; ${insertEvent("b", "CANCELLED", "RUNNING")}`,
  },
  "a command began after it was cancelled": {
    sql: insertEvent("b", "RUNNING", "CANCELLED"),
    note: (noted) => noted.ledger.push({ ...line("b", 1, "s"), at: later }),
  },
};

async function change({ sql = "", note }: Case): Promise<void> {
  const statements = sql.replace(/\{(\w+)\}/g, (_, key: string) => `'${ids[key]}'`);
  if (statements) await test.sql.unsafe(statements);
  note?.({ journal, ledger });
}

it("does not miss the end of what was stopped before its time", async () => {
  const run = await startRun(test.db, { c: [] });
  const executionId = run.ids.c ?? "";
  journal.accepted.push({ runId: run.runId, executionIds: [executionId] });
  journal.cancelled.push({ executionId, at: new Date() });

  expect(await findRules({ resting: false })).toEqual([]);
  expect(await findRules()).toEqual([
    "an accepted cancel came to nothing",
    "an accepted execution is lost",
  ]);
});

it("finds nothing where all is well", async () => {
  expect(await findRules()).toEqual([]);
});

it.each(Object.entries(CASES))("finds that %s", async (rule, each) => {
  await change(each);

  expect(await findRules()).toContain(rule);
});

it.each([
  "a command began after its attempt had ended",
  "a command still ran when the next attempt had begun",
  "a process survived its worker",
])("does not blame a worker that could not run for it: %s", async (rule) => {
  await change(CASES[rule] ?? {});
  journal.stalls.push({ workerId, from: new Date(0), to: new Date(later + 1000) });

  expect(await findRules()).toEqual([]);
});

it("does not judge how soon work went on while the machine was busy", async () => {
  await change(CASES["work did not go on within 10 s after PostgreSQL answered again"] ?? {});
  for (const crash of journal.crashes) crash.isBusy = true;

  expect(await findRules()).toEqual([]);
});

it("counts what happened, and how long it took", async () => {
  journal.kills.push({ workerId, at: new Date() });
  const at = new Date(Date.now() - 60_000);
  journal.crashes.push({ variant: "server killed", at, upAt: at, isBusy: false });
  await findRules();

  expect(await countFigures(test.sql, 3)).toMatchObject({
    accepted: 2,
    attempts: 3,
    lost_attempts: 1,
    kills: 1,
    kills_at_work: 0,
    crashes: 1,
    stale_finishes: 0,
  });
  const bounds = await measureBounds(test.sql);
  expect(bounds.map(({ what }) => what)).toContain("from ready and due to the first claim");
  expect(bounds.every(({ p50, p99, max }) => p50 <= p99 && p99 <= max)).toBe(true);
});
