import { inArray, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import { heldStatuses } from "@/lib/domain/status";
import type { Overview } from "@/lib/domain/views";
import { selectExecutions, toExecutionSummary } from "./execution-columns";
import { listExecutions } from "./executions";
import { listExplanations } from "./explanations";
import { activeRunStatuses } from "./newest-executions";
import { listRuns } from "./runs";
import { getExecutionStats } from "./stats";
import { getSystemState } from "./workers";

const SHOWN = 10;
const SHOWN_EXECUTIONS = 20;

/** What goes on at present: the system, the statistics and short lists of what runs, waits and failed. */
export async function getOverview(db: Db): Promise<Overview> {
  const [state, stats, activeRuns, running, waiting, recentFailures] = await Promise.all([
    getSystemState(db),
    getExecutionStats(db, {}),
    listRuns(db, { status: [...activeRunStatuses], limit: SHOWN }),
    listExecutions(db, { status: [...heldStatuses], limit: SHOWN_EXECUTIONS }),
    listWaiting(db),
    listExecutions(db, { status: ["FAILED", "TIMEOUT"], limit: SHOWN }),
  ]);
  return {
    ...state,
    stats,
    activeRuns: activeRuns.items,
    running: running.items,
    waiting,
    recentFailures: recentFailures.items,
  };
}

/** What waits: what may start in the order of the claim, then what starts later, then what is paused. PENDING work is seen in its run. */
async function listWaiting(db: Db): Promise<Overview["waiting"]> {
  const ids = await findWaiting(db);
  if (ids.length === 0) return [];
  const rows = await selectExecutions(db, inArray(executions.id, ids));
  const summaryOf = new Map(rows.map((row) => [row.executionId, toExecutionSummary(row)]));
  const explanations = await listExplanations(db, { executionIds: ids });
  return ids.flatMap((id) => {
    const summary = summaryOf.get(id);
    const explanation = explanations.get(id);
    // It has been claimed between the reads.
    return summary && explanation ? [{ ...summary, explanation }] : [];
  });
}

/** The first few of each kind, by executions_claim_idx, executions_pool_queue_idx and executions_status_idx. */
async function findWaiting(db: Db): Promise<string[]> {
  const first = (where: SQL) => sql`
    select w.id, w.priority, w.due_at, 1 as place from (values (3), (2), (1), (0)) r (priority) cross join lateral (
      select id, priority, due_at from executions
      where status in ('SCHEDULED', 'RETRYING') and ${where} and priority = r.priority
      order by due_at, id limit ${SHOWN_EXECUTIONS}) w`;
  const waiting = (time: SQL) => sql`
    ${first(sql`pool_id is null and ${time}`)}
    union all ${first(sql`pool_id is not null and lease_token is null and ${time}`)}`;
  const rows = await db.execute<{ id: string }>(sql`
    select id from (
      ${waiting(sql`due_at <= now()`)} union all ${waiting(sql`due_at > now()`)}
      union all (
        select id, priority, due_at, 2 from executions where status = 'PAUSED' order by id limit ${SHOWN_EXECUTIONS})
    ) w order by place, greatest(due_at, now()), priority desc, due_at, id limit ${SHOWN_EXECUTIONS}`);
  return rows.map(({ id }) => id);
}
