import { heldStatuses, pausableStatuses } from "@/lib/domain/status";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { cancelRun } from "@/lib/engine/cancel-run";
import { pauseExecution } from "@/lib/engine/pause-execution";
import { pauseRun } from "@/lib/engine/pause-run";
import { resumeExecution } from "@/lib/engine/resume-execution";
import { resumeRun } from "@/lib/engine/resume-run";
import { retryExecution } from "@/lib/engine/retry-execution";
import { retryRun } from "@/lib/engine/retry-run";
import { person as actor } from "@/lib/testing/engine-factories";
import { elementAt } from "@/lib/testing/random";
import type { PlannedFault } from "./plan";
import { unlessRefused, untilAnswered } from "./until-answered";
import type { World } from "./world";

const openStatuses = [...pausableStatuses, ...heldStatuses, "PAUSED"] as const;

type Choice = { id: string; run_id: string };

/** Cancels an execution that has not ended, half of the time one that is running; now and then a whole run. */
export async function cancelSomething(world: World, fault: PlannedFault): Promise<void> {
  const { db, journal } = world;
  const isHeld = fault.share < 0.5;
  const statuses = isHeld ? heldStatuses : openStatuses;
  const chosen = elementAt(await list(world, statuses), isHeld ? fault.share * 2 : fault.share);
  if (!chosen) return journal.count("nobody to hit");
  const force = fault.variant === "forced";
  if (fault.variant === "run") {
    await unlessRefused(() => cancelRun(db, { runId: chosen.run_id, force, actor }));
    return;
  }
  const cancel = { executionId: chosen.id, force, actor };
  const answer = await unlessRefused(() => cancelExecution(db, cancel));
  if (answer) journal.cancelled.push({ executionId: chosen.id, at: new Date() });
  else journal.count("cancels that came too late");
}

/** Retries something that has failed or was cancelled a moment ago. */
export async function retrySomething(world: World, fault: PlannedFault): Promise<void> {
  const { db, sql, journal } = world;
  const rows = await untilAnswered(
    () => sql<Choice[]>`
      select id, run_id from executions
      where status in ('FAILED', 'TIMEOUT', 'CANCELLED') and finished_at > now() - interval '30 s' order by id`,
  );
  const chosen = elementAt(rows, fault.share);
  if (!chosen) return journal.count("nobody to hit");
  const { id: executionId, run_id: runId } = chosen;
  const downstream = fault.variant === "downstream";
  const retry = () =>
    fault.variant === "run"
      ? retryRun(db, { runId, actor })
      : retryExecution(db, { executionId, downstream, actor });
  if (await unlessRefused(retry)) journal.count("retries");
}

/** Pauses an execution that waits, or its whole run, and resumes it after a while. */
export async function pauseSomething(world: World, fault: PlannedFault): Promise<void> {
  const { db, journal, ending } = world;
  const chosen = elementAt(await list(world, pausableStatuses), fault.share);
  if (!chosen) return journal.count("nobody to hit");
  const { id: executionId, run_id: runId } = chosen;
  const isRun = fault.variant === "run";
  const paused = await unlessRefused<object>(() =>
    isRun ? pauseRun(db, { runId, actor }) : pauseExecution(db, { executionId, actor }),
  );
  if (!paused) return;
  journal.count("pauses");
  await ending.sleep(fault.seconds * 1000);
  await unlessRefused<object>(() =>
    isRun ? resumeRun(db, { runId, actor }) : resumeExecution(db, { executionId, actor }),
  );
}

/** Resumes whatever is still paused. */
export async function resumeAll(world: World): Promise<void> {
  const { db, sql } = world;
  const runs = await untilAnswered(
    () =>
      sql<
        { id: string }[]
      >`select id from runs where paused_at is not null and finished_at is null`,
  );
  for (const { id: runId } of runs) await unlessRefused(() => resumeRun(db, { runId, actor }));
  for (const { id: executionId } of await list(world, ["PAUSED"]))
    await unlessRefused(() => resumeExecution(db, { executionId, actor }));
}

function list({ sql }: World, statuses: readonly string[]): Promise<Choice[]> {
  return untilAnswered(
    async () => sql<Choice[]>`
      select id, run_id from executions where status in ${sql([...statuses])} order by id limit 2000`,
  );
}
