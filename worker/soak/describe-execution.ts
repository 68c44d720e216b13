import type postgres from "postgres";
import type { Journal } from "./journal";
import { linesAbout } from "./worker-log";

const MAX_LOG_LINES = 20;
const MAX_LOG_LINE = 250;

/**
 * The history and the attempts of an execution, and what its workers said, as lines for whoever looks for the cause; nothing
 * for another id.
 */
export async function describeExecution(
  sql: postgres.Sql,
  { logs }: Pick<Journal, "logs">,
  id: string,
): Promise<string> {
  const events = await sql<{ line: string }[]>`
    select concat_ws(' ', to_char(at, 'HH24:MI:SS.MS'), 'attempt', attempt, from_status, '->', to_status, reason, actor_type,
      actor_id, cause_execution_id) as line
    from execution_events where execution_id::text = ${id} order by event_id`;
  const attempts = await sql<{ line: string; worker_id: string }[]>`
    select worker_id, concat_ws(' ', 'attempt', attempt, 'worker', worker_id, 'claimed', to_char(claimed_at, 'HH24:MI:SS.MS'), 'ended',
      to_char(ended_at, 'HH24:MI:SS.MS'), outcome, error->>'message') as line
    from attempts where execution_id::text = ${id} order by attempt`;
  const said = [...new Set(attempts.map((attempt) => attempt.worker_id))].flatMap((workerId) => {
    const log = logs.get(workerId);
    const lines = log ? linesAbout(log, id).slice(0, MAX_LOG_LINES) : [];
    return lines.map((line) => line.slice(0, MAX_LOG_LINE));
  });
  return [...[...events, ...attempts].map(({ line }) => line), ...said].join("\n");
}
