import { and, asc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Db } from "@/lib/db/database";
import {
  attempts,
  executionDependencies,
  executionEvents,
  executions,
  workers,
} from "@/lib/db/schema/executions";
import { MAX_TASKS_PER_GRAPH } from "@/lib/domain/limits";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { AttemptView, EventView, ExecutionDetail } from "@/lib/domain/views";
import { iso } from "./clock";

const MAX_ATTEMPTS = 1000;
const MAX_EVENTS = 5000;

/** Its attempts, the first first. */
export async function listAttempts(db: Db, executionId: string): Promise<AttemptView[]> {
  const rows = await db
    .select({ attempt: attempts, workerName: workers.name })
    .from(attempts)
    .leftJoin(workers, eq(workers.id, attempts.workerId))
    .where(eq(attempts.executionId, executionId))
    .orderBy(asc(attempts.attempt))
    .limit(MAX_ATTEMPTS);
  return rows.map(({ attempt, workerName }) => ({
    attempt: attempt.attempt,
    workerId: attempt.workerId,
    workerName,
    runner: attempt.runner,
    claimedAt: iso(attempt.claimedAt),
    startedAt: iso(attempt.startedAt),
    endedAt: iso(attempt.endedAt),
    outcome: attempt.outcome,
    error: attempt.error,
    result: attempt.result,
    nextAttemptAt: iso(attempt.nextAttemptAt),
  }));
}

/** Its changes of status, the first first; by its primary key. */
export async function listEvents(db: Db, executionId: string): Promise<EventView[]> {
  const cause = alias(executions, "cause");
  const rows = await db
    .select({ event: executionEvents, workerName: workers.name, causeTaskName: cause.taskName })
    .from(executionEvents)
    .leftJoin(
      workers,
      and(
        eq(executionEvents.actorType, "worker"),
        // As text: who acts is not always a worker, and a person's name is no UUID.
        eq(sql`${workers.id}::text`, executionEvents.actorId),
      ),
    )
    .leftJoin(cause, eq(cause.id, executionEvents.causeExecutionId))
    .where(eq(executionEvents.executionId, executionId))
    .orderBy(asc(executionEvents.eventId))
    .limit(MAX_EVENTS);
  return rows.map(({ event, workerName, causeTaskName }) => ({
    eventId: event.eventId,
    fromStatus: event.fromStatus,
    toStatus: event.toStatus,
    at: iso(event.at),
    attempt: event.attempt,
    reason: event.reason,
    actor: { type: event.actorType, id: event.actorId },
    actorName: workerName ?? event.actorId,
    causeExecutionId: event.causeExecutionId,
    causeTaskName,
  }));
}

/** Those it waits for, or those that wait for it; by the primary key or by execution_dependencies_depends_on_idx. */
export async function listNeighbours(
  db: Db,
  executionId: string,
  direction: "dependsOn" | "dependents",
): Promise<ExecutionDetail["dependsOn"]> {
  const { executionId: dependent, dependsOnId } = executionDependencies;
  const [own, other] =
    direction === "dependsOn" ? [dependent, dependsOnId] : [dependsOnId, dependent];
  return db
    .select({
      executionId: executions.id,
      taskName: executions.taskName,
      status: executions.status,
    })
    .from(executionDependencies)
    .innerJoin(executions, eq(executions.id, other))
    .where(eq(own, executionId))
    .orderBy(asc(executions.taskName), asc(executions.id))
    .limit(MAX_TASKS_PER_GRAPH);
}

type CauseRow = {
  id: string;
  task_name: string;
  status: ExecutionStatus;
  reason: string | null;
  error_message: string | null;
};

/** The causes of a status, from the direct one to the first. */
export async function listCauses(
  db: Db,
  causeExecutionId: string | null,
): Promise<ExecutionDetail["causeChain"]> {
  if (causeExecutionId === null) return [];
  const rows = await db.execute<CauseRow>(sql`
    with recursive causes as (
      select id, task_name, status, reason, error, cause_execution_id, 1 as depth
      from executions where id = ${causeExecutionId}
      union all
      select e.id, e.task_name, e.status, e.reason, e.error, e.cause_execution_id, depth + 1
      from causes join executions e on e.id = causes.cause_execution_id
      where depth < ${MAX_TASKS_PER_GRAPH}
    )
    select id, task_name, status, reason, split_part(error ->> 'message', E'\\n', 1) as error_message
    from causes order by depth`);
  return rows.map(({ id, task_name, error_message, ...rest }) => ({
    executionId: id,
    taskName: task_name,
    errorMessage: error_message,
    ...rest,
  }));
}
