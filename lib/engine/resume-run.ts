import { eq, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { runs as runsTable } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { lockRun } from "./find-run";
import { resumedStatus } from "./resume-execution";
import { lockExecutionsOfRun } from "./settle-dependents";
import { transact } from "./transaction";
import { applyTransitions, type Transition } from "./transition";

/** Lets everything paused of a run wait again. Returns how many executions were resumed. */
export async function resumeRun(
  db: Db,
  input: { runId: string; actor: Actor },
): Promise<{ count: number }> {
  return transact(db, async (tx) => {
    const { run, runs } = await lockRun(tx, input.runId);
    if (!run.pausedAt)
      throw new EngineError("wrong_status", `Run ${run.id} is ${run.status}, not PAUSED.`);
    run.pausedAt = null;
    const status = run.startedAt ? "RUNNING" : "SCHEDULED";
    await tx.update(runsTable).set({ status, pausedAt: null }).where(eq(runsTable.id, run.id));
    const paused = (await lockExecutionsOfRun(tx, run.id)).filter((e) => e.status === "PAUSED");
    const transitions = paused.map(
      (execution): Transition => ({ execution, to: resumedStatus(execution), reason: "resumed" }),
    );
    await applyTransitions(tx, { runs, transitions, actor: input.actor });
    await tx.execute(sql`select pg_notify(${channels.changes}, ${run.id})`);
    return { count: paused.length };
  });
}
