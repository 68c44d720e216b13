import { v7 as uuidv7 } from "uuid";
import type { DbClient } from "@/lib/db/client";
import type { ExecutionStatus } from "@/lib/domain/status";
import { registerWorker } from "@/lib/engine/register-worker";
import { type BenchProject, createBenchProject, drawGraph } from "@/worker/bench/schedule";
import { loadRows } from "./load-rows";

const PROJECTS = 5;
const TASKS = 20;
/** How many executions a dashboard of scale 1 has: 2,000 runs of 50. */
export const DASHBOARD_EXECUTIONS = 100_000;

/** What the runs of a project look like: how many of one kind, and the statuses of their executions. */
type Kind = { runs: number; name: string; dueIn: string; statuses: ExecutionStatus[] };

const KINDS: readonly Kind[] = [
  { runs: 320, name: "Nightly import", dueIn: "0", statuses: times(50, "COMPLETED") },
  {
    runs: 60,
    name: "Failed import",
    dueIn: "0",
    statuses: [...times(40, "COMPLETED"), "FAILED", "TIMEOUT", ...times(8, "CANCELLED")],
  },
  {
    runs: 12,
    name: "Report",
    dueIn: "300 days",
    statuses: [
      ...times(36, "COMPLETED"),
      ...times(4, "SCHEDULED", "PENDING"),
      ...(["RETRYING", "PENDING", "PAUSED", "PENDING", "RUNNING", "PENDING"] as const),
    ],
  },
  {
    runs: 8,
    name: "Backfill",
    dueIn: "-1 minute",
    statuses: [...times(10, "COMPLETED"), ...times(38, "SCHEDULED"), "PREPARING", "RETRYING"],
  },
];

export type DashboardProject = BenchProject & { graphId: string; scheduleId: string };

/** Fills a database as a busy installation looks: executions of every status in five projects over a week, and a worker. */
export async function loadDashboard(
  { db, sql }: DbClient,
  { scale }: { scale: number },
): Promise<DashboardProject[]> {
  const workerId = uuidv7();
  await registerWorker(db, {
    id: workerId,
    name: "bench",
    runner: "process",
    runnerDescription: "None.",
    maxConcurrentExecutions: 100,
  });
  const projects: DashboardProject[] = [];
  for (let i = 0; i < PROJECTS; i++) {
    const project = await createBenchProject(db, TASKS);
    const graphId = await drawGraph(db, project);
    for (const kind of KINDS) {
      const runs = Math.ceil(kind.runs * scale);
      await loadRows(sql, { ...kind, runs, ...project, graphId, workerId, spreadOver: "7 days" });
    }
    projects.push({ ...project, graphId, scheduleId: await addSchedule(sql, graphId) });
  }
  return projects;
}

/** A schedule that has started all runs of the graph that are over. */
async function addSchedule(sql: DbClient["sql"], graphId: string): Promise<string> {
  const scheduleId = uuidv7();
  await sql`
    insert into schedules (id, graph_id, name, kind, expression, time_zone, enabled, missed_fires, overlap, created_by)
    values (${scheduleId}, ${graphId}, 'Nightly', 'cron', '*/10 * * * *', 'UTC', false, 'skip', 'allow', 'bench')`;
  await sql`
    update runs set schedule_id = ${scheduleId}, fire_at = created_at where graph_id = ${graphId} and finished_at is not null`;
  return scheduleId;
}

function times(count: number, ...statuses: ExecutionStatus[]): ExecutionStatus[] {
  return Array.from({ length: count }, () => statuses).flat();
}
