import { eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { backfills } from "@/lib/db/schema/schedules";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import type { BackfillStatus } from "@/lib/domain/schedule";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { transact } from "./transaction";

/**
 * Ends a back-fill: no further run is started, and those that were go on. Cancelling a cancelled one is no error; throws an
 * EngineError `already_terminal` when it has ended otherwise.
 */
export async function cancelBackfill(
  db: Db,
  { backfillId }: { backfillId: string; actor: Actor },
): Promise<{ status: BackfillStatus; started: number; total: number }> {
  return transact(db, async (tx) => {
    const [backfill] = await tx
      .select()
      .from(backfills)
      .where(eq(backfills.id, backfillId))
      .for("no key update");
    if (!backfill) throw notFound("back-fill", backfillId);
    const { status, startedCount: started, fireTimes } = backfill;
    if (status === "COMPLETED" || status === "FAILED")
      throw new EngineError(
        "already_terminal",
        `Back-fill ${backfillId} is ${status}; only one that has not ended can be cancelled.`,
      );
    await tx
      .update(backfills)
      .set({
        status: "CANCELLED",
        finishedAt: sql`coalesce(${backfills.finishedAt}, clock_timestamp())`,
      })
      .where(eq(backfills.id, backfillId));
    await notifyChange(tx, "schedules");
    return { status: "CANCELLED", started, total: fireTimes.length };
  });
}
