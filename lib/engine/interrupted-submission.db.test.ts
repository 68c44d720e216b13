import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDbClient } from "@/lib/db/client";
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database";
import { addProject, person, taskFields } from "@/lib/testing/engine-factories";
import { findViolations } from "@/lib/testing/invariants";
import { createRun } from "./create-run";
import { createTask } from "./create-task";
import { findRunTask } from "./find-run-tasks";
import { scheduleTaskGraph } from "./schedule-task-graph";

const TASKS = 1000;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it("leaves the whole graph or nothing, and one run for its key when it is sent again", async () => {
  const projectId = await addProject(test.db);
  const { taskId } = await createTask(test.db, { projectId, task: taskFields("t"), actor: person });
  const copies = await test.sql<{ id: string }[]>`
    insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'key', 't' || n))).*
    from tasks t, generate_series(1, ${TASKS - 1}::int) n where id = ${taskId} returning id`;
  const ids = [taskId, ...copies.map(({ id }) => id)];
  const tasks = ids.map((id, i) => ({
    taskId: id,
    dependsOn: ids.slice(Math.max(0, i - 1), i),
    overrides: {},
  }));
  const submit = (db: TestDatabase["db"], idempotencyKey: string) =>
    scheduleTaskGraph(db, { projectId, tasks, idempotencyKey, actor: person });
  let interrupted = 0;

  for (let round = 0; round < 15; round++) {
    const key = `key ${round}`;
    const web = createDbClient(test.url, { name: "web to be killed", max: 1 });
    const submission = submit(web.db, key).then(
      () => "answered",
      () => "interrupted",
    );
    await sleep(round * 10);
    await test.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dagline web to be killed'`;
    if ((await submission) === "interrupted") interrupted++;
    await web.sql.end({ timeout: 0 });

    const again = await submit(test.db, key);

    expect(again.executions).toHaveLength(TASKS);
    const rows = await test.sql`
      select r.id, count(e.id)::int as n from runs r left join executions e on e.run_id = r.id
      where r.idempotency_key = ${key} group by r.id`;
    expect(rows).toEqual([{ id: again.runId, n: TASKS }]);
  }

  expect(interrupted).toBeGreaterThan(0);
  expect(await findViolations(test.sql, { resting: false })).toEqual([]);
}, 60_000);

it("starts nothing when a task is deleted between its reading and the run's writing", async () => {
  const projectId = await addProject(test.db);
  const { taskId } = await createTask(test.db, { projectId, task: taskFields("t"), actor: person });
  const task = await findRunTask(test.db, taskId);
  if (!task) throw new Error("There is no task.");
  await test.sql`delete from tasks where id = ${taskId}`;

  const started = createRun(test.db, {
    projectId,
    source: "task",
    name: "t",
    nodes: [{ key: "t", taskId, dependsOn: [], overrides: {} }],
    tasks: [task],
    request: {},
    actor: person,
  });

  await expect(started).rejects.toMatchObject({ code: "conflict" });
  expect(await test.sql`select from runs where project_id = ${projectId}`).toHaveLength(0);
});
