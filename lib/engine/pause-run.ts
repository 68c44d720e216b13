import { eq, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { runs as runsTable } from "@/lib/db/schema/executions";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { isRunFinal } from "@/lib/domain/status";
import { lockRun } from "./find-run";
import { pauseForRun } from "./pause-for-run";
import { transact } from "./transaction";

/** Pauses everything of a run that waits; what runs goes on. Returns how many executions were paused. */
export async function pauseRun(
  db: Db,
  input: { runId: string; actor: Actor },
): Promise<{ count: number }> {
  return transact(db, async (tx) => {
    const { run, runs } = await lockRun(tx, input.runId);
    if (isRunFinal(run.status))
      throw new EngineError(
        "already_terminal",
        `Run ${run.id} is ${run.status}; there is nothing to pause.`,
      );
    run.pausedAt ??= new Date();
    await tx
      .update(runsTable)
      .set({ status: "PAUSED", pausedAt: sql`coalesce(${runsTable.pausedAt}, clock_timestamp())` })
      .where(eq(runsTable.id, run.id));
    const count = await pauseForRun(tx, { runs, actor: input.actor });
    await tx.execute(sql`select pg_notify(${channels.changes}, ${run.id})`);
    return { count };
  });
}
