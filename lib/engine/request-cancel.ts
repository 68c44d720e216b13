import { inArray, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { executions } from "@/lib/db/schema/executions";
import type { Execution } from "./locks";
import { asRecordset } from "./transaction";

/**
 * Records that held executions are to be cancelled and tells their workers. From then on the only outcome is CANCELLED. The
 * first request's time stays; `force` can be added later.
 */
export async function requestCancel(
  tx: Db,
  input: { held: readonly Execution[]; force: boolean },
): Promise<void> {
  if (input.held.length === 0) return;
  await tx
    .update(executions)
    .set({
      cancelRequestedAt: sql`coalesce(${executions.cancelRequestedAt}, clock_timestamp())`,
      ...(input.force && { cancelForce: true }),
    })
    .where(
      inArray(
        executions.id,
        input.held.map(({ id }) => id),
      ),
    );
  const hints = [...new Set(input.held.flatMap(({ workerId }) => workerId ?? []))].map(
    (payload) => ({ channel: channels.cancel, payload }),
  );
  const changed = [...new Set(input.held.map(({ runId }) => runId))].map((payload) => ({
    channel: channels.changes,
    payload,
  }));
  await tx.execute(sql`
    select pg_notify(n.channel, n.payload)
    from jsonb_to_recordset(${asRecordset([...hints, ...changed])}) as n (channel text, payload text)`);
}
