import type { DbClient } from "@/lib/db/client";
import type { ExecutionStatus } from "@/lib/domain/status";
import { createBenchProject } from "@/worker/bench/schedule";
import { loadRows } from "./load-rows";

const PER_RUN = 1000;

/**
 * Fills a database with so many executions that a claim must not care for: a third lies in the future, a third is blocked
 * by those, a third has completed. Nothing of it changes while it lies there.
 */
export async function loadOthers({ db, sql }: DbClient, count: number): Promise<void> {
  const { projectId, taskIds } = await createBenchProject(db, 10);
  const third = Math.round(count / PER_RUN / 3);
  const plan = { projectId, taskIds, dueIn: "300 days", spreadOver: "7 days" };
  const repeat = (...statuses: ExecutionStatus[]) =>
    Array.from({ length: PER_RUN / statuses.length }, () => statuses).flat();
  const waiting = repeat("SCHEDULED", "PENDING");
  await loadRows(sql, { ...plan, name: "Waiting", runs: 2 * third, statuses: waiting });
  const finished = repeat("COMPLETED");
  await loadRows(sql, { ...plan, name: "Finished", runs: third, statuses: finished });
}
