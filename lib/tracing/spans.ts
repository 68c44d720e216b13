import type { TracedAttempt, TracedRun } from "@/lib/db/queries/traces";
import { attemptSpanIdOf, runSpanIdOf, traceIdOf } from "./trace-ids";

/** A span that has ended. Times are seconds since 1970. */
export type SpanFacts = {
  traceId: string;
  /** Null when no other span refers to it. */
  spanId: string | null;
  /** Null for the first span of a trace. */
  parentSpanId: string | null;
  name: string;
  startedAt: number;
  endedAt: number;
  attributes: Record<string, string | number>;
  events: { name: string; at: number }[];
  /** In words, when what it stands for has failed. */
  error: string | null;
};

/** An attempt, and before it the time for which its execution waited for it. */
export function spansOfAttempt(attempt: TracedAttempt): SpanFacts[] {
  const trace = {
    traceId: traceIdOf(attempt.runId),
    parentSpanId: runSpanIdOf(attempt.runId),
  };
  const execution = {
    "dagline.run.id": attempt.runId,
    "dagline.execution.id": attempt.executionId,
    "dagline.project.id": attempt.projectId,
    "dagline.task.key": attempt.taskKey,
    "dagline.task.name": attempt.taskName,
    "dagline.attempt": attempt.attempt,
  };
  const { waitingSince, dueAt, claimedAt, startedAt, exitCode, errorClass } = attempt;
  const waiting: SpanFacts[] =
    waitingSince === null
      ? []
      : [
          {
            ...trace,
            spanId: null,
            name: `wait ${attempt.taskKey}`,
            startedAt: waitingSince,
            endedAt: claimedAt,
            attributes: execution,
            events: dueAt > waitingSince ? [{ name: "due", at: dueAt }] : [],
            error: null,
          },
        ];
  return [
    ...waiting,
    {
      ...trace,
      spanId: attemptSpanIdOf(attempt),
      name: `attempt ${attempt.taskKey}`,
      startedAt: claimedAt,
      endedAt: attempt.endedAt,
      attributes: {
        ...execution,
        "dagline.worker.id": attempt.workerId,
        "dagline.runner": attempt.runner,
        "dagline.outcome": attempt.outcome,
        ...(exitCode !== null && { "process.exit.code": exitCode }),
        ...(errorClass !== null && { "error.type": errorClass }),
      },
      events: startedAt === null ? [] : [{ name: "started", at: startedAt }],
      error: attempt.errorMessage,
    },
  ];
}

/** A run from its creation to its end; once a person has had it retried, only what came since. */
export function spanOfRun(run: TracedRun): SpanFacts {
  const { runId, retriedAt } = run;
  const isFirst = retriedAt === null;
  return {
    traceId: traceIdOf(runId),
    spanId: isFirst ? runSpanIdOf(runId) : null,
    parentSpanId: isFirst ? null : runSpanIdOf(runId),
    name: isFirst ? `run ${run.name}` : `run ${run.name} again`,
    startedAt: retriedAt ?? run.createdAt,
    endedAt: run.finishedAt,
    attributes: {
      "dagline.run.id": runId,
      "dagline.run.name": run.name,
      "dagline.run.source": run.source,
      "dagline.run.status": run.status,
      "dagline.project.id": run.projectId,
      ...(run.graphId !== null && { "dagline.graph.id": run.graphId }),
      "dagline.run.executions": run.totalCount,
      "dagline.run.completed": run.completedCount,
      "dagline.run.failed": run.failedCount,
      "dagline.run.cancelled": run.cancelledCount,
    },
    events: [],
    error: run.status === "FAILED" ? `${run.failedCount} executions failed.` : null,
  };
}
