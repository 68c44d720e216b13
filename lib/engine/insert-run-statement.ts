import { type SQL, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import { compileStatement } from "@/lib/db/compile-statement";
import { prepared } from "@/lib/db/prepared";

type InsertValue =
  | "rows"
  | "edges"
  | "executionId"
  | "taskId"
  | "count"
  | "runId"
  | "projectId"
  | "graphId"
  | "graphVersion"
  | "source"
  | "name"
  | "idempotencyKey"
  | "requestHash"
  | "scheduleId"
  | "fireAt"
  | "backfillId"
  | "actorType"
  | "actorId"
  | "scheduledFor"
  | "scheduledAt";

/** Both statements are this one; where there is nothing but a task, the planner sees that nothing differs from it. */
function buildInsert(value: (name: InsertValue) => SQL, { isGraph }: { isGraph: boolean }): SQL {
  const askedFor = isGraph
    ? sql`
      select * from jsonb_to_recordset(${value("rows")}::jsonb) as v (
        id uuid, key text, task uuid, x double precision, y double precision, waits int, over jsonb)`
    : sql`
      select ${value("executionId")}::uuid as id, null as key, ${value("taskId")}::uuid as task, null::double precision as x,
        null::double precision as y, 0 as waits, '{}'::jsonb as over`;
  const edges = sql`
    edges as (
      insert into execution_dependencies (execution_id, depends_on_id)
      select v.id, v."on" from run, jsonb_to_recordset(${value("edges")}::jsonb) as v (id uuid, "on" uuid)
    ),`;
  return sql`${prepared}
    with asked_for as ${isGraph ? sql`materialized` : sql`not materialized`} (${askedFor}),
    run as (
      insert into runs (id, project_id, graph_id, graph_version, source, name, status, total_count, idempotency_key,
        request_hash, schedule_id, fire_at, backfill_id, created_by)
      select ${value("runId")}::uuid, coalesce(${value("projectId")}::uuid, (select project_id from tasks where id = ${value("taskId")}::uuid)),
        ${value("graphId")}::uuid, ${value("graphVersion")}::int, ${value("source")},
        coalesce(${value("name")}, (select name from tasks where id = ${value("taskId")}::uuid)), 'SCHEDULED', ${value("count")}::int, ${value("idempotencyKey")}, ${value("requestHash")}, ${value("scheduleId")}::uuid,
        ${value("fireAt")}::timestamptz, ${value("backfillId")}::uuid, ${value("actorId")}
      where not exists (select from asked_for left join tasks t on t.id = task where t.id is null)
      on conflict (project_id, idempotency_key) do nothing returning id
    ),
    created as (
      insert into executions (id, run_id, project_id, task_id, task_key, task_name, priority, workflow_type,
        workflow_params, retry_strategy, max_retries, retry_delay_seconds, max_retry_delay_seconds, retry_jitter,
        retry_on_exit_codes, retry_permanent_errors, timeout_seconds, metadata, pool_id, pool_key, x, y, status,
        scheduled_for, scheduled_at, due_at, unfinished_dependencies, ready_at)
      select v.id, run.id, t.project_id, t.id, coalesce(v.key, t.key), t.name,
        coalesce((v.over->>'priority')::smallint, t.priority), t.workflow_type,
        coalesce(v.over->'workflowParams', t.workflow_params),
        coalesce((v.over->>'retryStrategy')::retry_strategy, t.retry_strategy),
        coalesce((v.over->>'maxRetries')::int, t.max_retries),
        coalesce((v.over->>'retryDelaySeconds')::int, t.retry_delay_seconds),
        coalesce((v.over->>'maxRetryDelaySeconds')::int, t.max_retry_delay_seconds),
        coalesce((v.over->>'retryJitter')::boolean, t.retry_jitter),
        case when v.over ? 'retryOnExitCodes' then (select array_agg(c::int) from jsonb_array_elements_text(nullif(v.over->'retryOnExitCodes', 'null')) c)
          else t.retry_on_exit_codes end,
        coalesce((v.over->>'retryPermanentErrors')::boolean, t.retry_permanent_errors),
        coalesce((v.over->>'timeoutSeconds')::int, t.timeout_seconds),
        coalesce(v.over->'metadata', t.metadata), pool.id, case when pool.id is not null then coalesce(pool.key, '') end, v.x, v.y,
        (case when v.waits = 0 then 'SCHEDULED' else 'PENDING' end)::execution_status,
        ${value("scheduledFor")}, asked.at, asked.at, v.waits, case when v.waits = 0 then now() end
      from run, asked_for v join tasks t on t.id = v.task
        cross join lateral (select
          case when v.over ? 'poolId' then (v.over->>'poolId')::uuid else t.pool_id end as id,
          case when v.over ? 'poolKey' then v.over->>'poolKey' else t.pool_key end as key) pool,
        (select coalesce(${value("scheduledAt")}::timestamptz, now()) as at) asked
      returning id, task_id, task_key, status
    ),
    ${isGraph ? edges : sql``}
    events as (
      insert into execution_events (execution_id, to_status, attempt, actor_type, actor_id)
      select id, status, 0, ${value("actorType")}, ${value("actorId")} from created
    ),
    notified as (
      select pg_notify(channel, payload) from run, (values (${channels.queue}, ''), (${channels.changes}, ${value("runId")})) n (channel, payload)
    )
    select id as "executionId", task_id as "taskId", task_key as "taskKey", status, made.run,
      (select count(*) from notified)
    from (select count(*)::int as run from run) made left join created on true order by id`;
}

export const insertGraph = compileStatement<InsertValue>((value) =>
  buildInsert(value, { isGraph: true }),
);
export const insertTask = compileStatement<InsertValue>((value) =>
  buildInsert(value, { isGraph: false }),
);
