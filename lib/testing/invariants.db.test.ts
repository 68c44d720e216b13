import { readFileSync } from "node:fs";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database";
import { addWorker, completed, failed, startRun } from "./engine-factories";
import { findViolations, type Violation } from "./invariants";

const CHAIN = { a: [], b: ["a"] };

let test: TestDatabase;
/** One connection, so that every case is undone by a rollback. */
let sql: postgres.Sql;
let names: Record<string, string>;
let before: Violation[];

beforeAll(async () => {
  test = await createTestDatabase();
  names = await makeWorld();
  sql = postgres(test.url, { max: 1, onnotice: () => {} });
  await dropProtections();
  before = await findViolations(sql, { resting: true });
});
beforeEach(() => sql.unsafe("begin"));
afterEach(() => sql.unsafe("rollback"));
afterAll(async () => {
  await sql.end();
  await test.close();
});

/** A run that is done, one that is going on and one that failed; returns what the cases call their rows. */
async function makeWorld(): Promise<Record<string, string>> {
  const worker = await addWorker(test.db);
  const done = await startRun(test.db, CHAIN);
  for (let i = 0; i < 2; i++)
    for (const claimed of await worker.claim()) await worker.end(claimed, completed);
  const bad = await startRun(test.db, CHAIN, { overrides: { a: { retryStrategy: "NONE" } } });
  for (const claimed of await worker.claim()) await worker.end(claimed, failed());
  const going = await startRun(test.db, CHAIN);
  for (const claimed of await worker.claim()) await worker.start(claimed);
  const rows = Object.entries({ done, bad, going }).flatMap(([name, { runId, ids }]) => [
    [name, runId],
    ...Object.entries(ids).map(([key, id]) => [`${name}.${key}`, id]),
  ]);
  return Object.fromEntries(rows);
}

/** Takes away everything by which the database itself refuses what the cases do. */
async function dropProtections(): Promise<void> {
  await sql`set session_replication_role = replica`;
  await sql`drop index attempts_open_key`;
  const constraints = await sql`
    select conrelid::regclass::text as table, conname from pg_constraint
    where contype in ('c', 'u') and connamespace = 'public'::regnamespace`;
  for (const { table, conname } of constraints)
    await sql`alter table ${sql(table)} drop constraint ${sql(conname)} cascade`;
}

const set = (id: string, change: string) => `update executions set ${change} where id = {${id}}`;
const setRun = (id: string, change: string) => `update runs set ${change} where id = {${id}}`;
const setAttempt = (id: string, change: string) =>
  `update attempts set ${change} where execution_id = {${id}}`;
const addEvent = (id: string, from: string, to: string) =>
  `insert into execution_events (execution_id, from_status, to_status, attempt, actor_type, actor_id)
   values ({${id}}, '${from}', '${to}', 1, 'system', 'test')`;
const setEvent = (id: string, change: string) =>
  `update execution_events set ${change} where execution_id = {${id}} and to_status = 'COMPLETED'`;
/** A second attempt at the time of the first. */
const addAttempt = (id: string, outcome: string) =>
  `insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at, ended_at, outcome)
   select execution_id, 2, gen_random_uuid(), worker_id, runner, claimed_at, claimed_at, '${outcome}'
   from attempts where execution_id = {${id}}`;
const addDependency = (id: string, on: string) =>
  `insert into execution_dependencies (execution_id, depends_on_id) values ({${id}}, {${on}})`;

/** What violates each invariant; `{done.a}` is the execution a of the run that is done. */
const CASES: Record<string, string[]> = {
  I01_not_final_after_drain: [set("done.b", "status = 'SCHEDULED'")],
  I02_last_event_not_final: [set("done.b", "status = 'FAILED'")],
  I02b_left_final_without_a_person: [addEvent("done.b", "COMPLETED", "SCHEDULED")],
  I03_history_last_ne_status: [set("going.b", "status = 'SCHEDULED'")],
  I03b_history_chain_broken: [setEvent("done.b", "from_status = 'PAUSED'")],
  I03c_illegal_transition: [addEvent("going.b", "PENDING", "RUNNING")],
  I03d_history_time_backwards: [setEvent("done.b", "at = at - interval '1 day'")],
  I04_token_iff_held: [set("going.a", "lease_token = null")],
  I05_overlapping_attempts: [addAttempt("done.b", "LOST")],
  I05b_two_open_attempts: [
    addAttempt("going.a", "LOST"),
    setAttempt("going.a", "ended_at = null, outcome = null"),
  ],
  I05c_open_attempt_but_not_held: [setAttempt("done.b", "ended_at = null")],
  I06_token_mismatch: [setAttempt("going.a", "lease_token = gen_random_uuid()")],
  I07_result_not_from_completed_attempt: [setAttempt("done.b", "outcome = 'FAILED'")],
  I07b_two_completed_attempts: [addAttempt("done.b", "COMPLETED")],
  I07c_result_on_unsuccessful: [set("bad.a", "result_attempt = 1")],
  I08_attempt_gap: [setAttempt("done.b", "attempt = 2")],
  I08b_attempt_counter: [set("done.b", "attempt = 5")],
  I08c_too_many_attempts: [
    set("bad.a", "retry_strategy = 'IMMEDIATE', max_retries = 0"),
    addAttempt("bad.a", "FAILED"),
  ],
  I08d_none_retried: [addAttempt("bad.a", "FAILED")],
  I09_child_claimed_before_parent: [set("done.a", "finished_at = finished_at + interval '1 day'")],
  I09b_counter: [set("going.b", "unfinished_dependencies = 2")],
  I10_child_never_released: [set("going.a", "status = 'COMPLETED'")],
  I11_dependent_of_dead_parent_open: [set("bad.b", "status = 'PENDING'")],
  I11b_run_final_without_members: [setRun("going", "status = 'COMPLETED'")],
  I11c_members_final_without_run: [setRun("done", "status = 'RUNNING'")],
  I11d_run_counts: [setRun("done", "completed_count = 7")],
  I11e_run_status: [setRun("going", "status = 'SCHEDULED'")],
  I12_claimed_after_cancel: [set("going.a", "cancel_requested_at = now() - interval '1 day'")],
  I12b_cancel_requested_but_waiting: [set("going.b", "cancel_requested_at = now()")],
  I13_retry_too_early: [
    setAttempt("done.b", "next_attempt_at = now() + interval '1 day'"),
    addAttempt("done.b", "LOST"),
  ],
  I13b_started_before_scheduled_time: [set("done.b", "scheduled_at = now() + interval '1 day'")],
  I14_time_order: [set("done.b", "finished_at = created_at - interval '1 day'")],
  I15_held_past_deadline: [set("going.a", "deadline_at = now() - interval '1 hour'")],
  I15b_held_with_expired_lease: [set("going.a", "lease_expires_at = now() - interval '1 hour'")],
  I16_self_edge: [addDependency("done.b", "done.b")],
  I16b_dependency_across_runs: [addDependency("going.b", "done.a")],
  I16c_duplicate_task_key: [set("done.b", "task_key = 'a'")],
  I16d_cycle: [addDependency("done.a", "done.b")],
  I17_orphan_log: [
    "insert into execution_logs (execution_id, attempt, first_line, line_count, content) values ({done.a}, 99, 1, 1, 'x')",
  ],
  I17b_orphan_event: [
    "insert into execution_events (execution_id, to_status, attempt, actor_type, actor_id) values (gen_random_uuid(), 'PENDING', 0, 'system', 'x')",
  ],
  I17c_orphan_attempt: [
    `insert into attempts (execution_id, attempt, lease_token, worker_id, runner, claimed_at)
     values (gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 'process', now())`,
  ],
  I18_final_with_lease: [set("done.b", "worker_id = gen_random_uuid()")],
  I19_pool_overfull: [
    `insert into pools (id, project_id, name, slots, updated_at)
     select id, project_id, 'small', 1, now() - interval '1 day' from runs where id = {going}`,
    ...["going", "bad"].map((run) => set(`${run}.a`, "pool_id = {going}, pool_key = ''")),
    setAttempt("bad.a", "ended_at = now() + interval '1 day'"),
  ],
};

const source = readFileSync(new URL("./invariants.sql", import.meta.url), "utf8");
const invariants = [...new Set(source.match(/I\d+[a-z]?_[a-z_]+/g))];

describe("an invariant", () => {
  it("is not violated by what the engine does", () => {
    expect(before).toEqual([{ inv: "I01_not_final_after_drain", n: 2, sample: expect.any(Array) }]);
  });

  it("has a case here that violates it", () => {
    expect(invariants.sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(Object.entries(CASES))("%s is named when it is violated", async (name, statements) => {
    for (const statement of statements)
      await sql.unsafe(
        statement.replaceAll(/\{([\w.]+)\}/g, (_, key: string) => `'${names[key]}'`),
      );

    const after = await findViolations(sql, { resting: true });

    const count = (violations: Violation[]) => violations.find(({ inv }) => inv === name)?.n ?? 0;
    expect(count(after)).toBeGreaterThan(count(before));
  });
});
