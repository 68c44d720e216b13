import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { fromRank } from "@/lib/db/schedule-row";
import { runs } from "@/lib/db/schema/executions";
import { graphs, projects } from "@/lib/db/schema/projects";
import { backfills, schedules } from "@/lib/db/schema/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { iso } from "./clock";

const MAX_SCHEDULES = 1000;

/** Schedules by their next fire time, those without one last; of one project or one graph, or all. */
export async function listSchedules(
  db: Db,
  filter: { scheduleId?: string; projectId?: string; graphId?: string } = {},
): Promise<ScheduleView[]> {
  // One step into runs_schedule_id_fire_at_key.
  const latest = db
    .select({ runId: runs.id, status: runs.status, fireAt: runs.fireAt })
    .from(runs)
    .where(and(eq(runs.scheduleId, schedules.id), isNotNull(runs.fireAt)))
    .orderBy(desc(runs.fireAt))
    .limit(1)
    .as("latest");
  const rows = await db
    .select({
      schedule: schedules,
      graphName: graphs.name,
      projectId: projects.id,
      projectName: projects.name,
      latest: { runId: latest.runId, status: latest.status, fireAt: latest.fireAt },
      isBackfilling: sql<boolean>`exists (select from ${backfills} b where b.schedule_id = ${schedules.id} and b.status = 'RUNNING')`,
    })
    .from(schedules)
    .innerJoin(graphs, eq(graphs.id, schedules.graphId))
    .innerJoin(projects, eq(projects.id, graphs.projectId))
    .leftJoinLateral(latest, sql`true`)
    .where(
      and(
        filter.scheduleId ? eq(schedules.id, filter.scheduleId) : undefined,
        filter.projectId ? eq(graphs.projectId, filter.projectId) : undefined,
        filter.graphId ? eq(schedules.graphId, filter.graphId) : undefined,
      ),
    )
    .orderBy(sql`${schedules.nextFireAt} nulls last`, asc(schedules.name), asc(schedules.id))
    .limit(MAX_SCHEDULES);
  return rows.map(toScheduleView);
}

/** A schedule; null when there is none. */
export async function getSchedule(
  db: Db,
  { scheduleId }: { scheduleId: string },
): Promise<ScheduleView | null> {
  const [schedule] = await listSchedules(db, { scheduleId });
  return schedule ?? null;
}

function toScheduleView(row: {
  schedule: typeof schedules.$inferSelect;
  graphName: string;
  projectId: string;
  projectName: string;
  latest: {
    runId: string;
    status: (typeof runs.$inferSelect)["status"];
    fireAt: Date | null;
  } | null;
  isBackfilling: boolean;
}): ScheduleView {
  const { schedule, latest, ...names } = row;
  const { id, graphId, lastFireAt, lastOutcome } = schedule;
  return {
    scheduleId: id,
    graphId,
    ...names,
    version: schedule.version,
    name: schedule.name,
    kind: schedule.kind,
    expression: schedule.expression,
    timeZone: schedule.timeZone,
    onceAt: iso(schedule.onceAt),
    startsAt: iso(schedule.startsAt),
    endsAt: iso(schedule.endsAt),
    enabled: schedule.enabled,
    missedFires: schedule.missedFires,
    overlap: schedule.overlap,
    priority: fromRank(schedule.priority),
    nextFireAt: iso(schedule.nextFireAt),
    lastFire: lastFireAt && lastOutcome && { at: iso(lastFireAt), outcome: lastOutcome },
    error: schedule.error,
    latestRun: latest && { runId: latest.runId, status: latest.status, fireAt: iso(latest.fireAt) },
    createdBy: schedule.createdBy,
    createdAt: iso(schedule.createdAt),
    updatedAt: iso(schedule.updatedAt),
  };
}
