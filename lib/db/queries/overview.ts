import { asc, desc, inArray, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import { heldStatuses, isRunFinal, runStatuses } from "@/lib/domain/status";
import type { Overview } from "@/lib/domain/views";
import { selectExecutions, toExecutionSummary } from "./execution-columns";
import { listExecutions } from "./executions";
import { listExplanations } from "./explanations";
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
    listRuns(db, { status: runStatuses.filter((s) => !isRunFinal(s)), limit: SHOWN }),
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
  const { status, dueAt } = executions;
  const rows = await selectExecutions(db, inArray(status, ["SCHEDULED", "RETRYING", "PAUSED"]))
    .orderBy(
      sql`${status} = 'PAUSED'`,
      sql`greatest(${dueAt}, now())`,
      desc(executions.priority),
      asc(dueAt),
      asc(executions.id),
    )
    .limit(SHOWN_EXECUTIONS);
  const summaries = rows.map(toExecutionSummary);
  const explanations = await listExplanations(db, {
    executionIds: summaries.map(({ executionId }) => executionId),
  });
  return summaries.flatMap((summary) => {
    const explanation = explanations.get(summary.executionId);
    // It has been claimed between the two reads.
    return explanation ? [{ ...summary, explanation }] : [];
  });
}
