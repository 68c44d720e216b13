import { and, eq, sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import { executionLogs } from "@/lib/db/schema/executions";
import { asRecordset } from "./transaction";

export type LogChunk = { firstLine: number; lineCount: number; content: string };

/**
 * Stores output of an attempt. `preview` replaces the preview before it, and any call without one removes it. A chunk that
 * is stored already (the answer to its COMMIT was lost) is passed over. Not guarded by the lease: late lines of a lost
 * attempt are still lines of that attempt.
 */
export async function appendLogs(
  db: Db,
  input: {
    executionId: string;
    attempt: number;
    chunks: readonly LogChunk[];
    preview: LogChunk | null;
  },
): Promise<void> {
  const { executionId, attempt, chunks, preview } = input;
  if (chunks.length === 0 && !preview) return;
  const rows = [
    ...chunks.map((chunk) => ({ ...chunk, isPreview: false })),
    ...(preview ? [{ ...preview, isPreview: true }] : []),
  ];
  await db.transaction(async (tx) => {
    await tx
      .delete(executionLogs)
      .where(
        and(
          eq(executionLogs.executionId, executionId),
          eq(executionLogs.attempt, attempt),
          eq(executionLogs.isPreview, true),
        ),
      );
    await tx.execute(sql`
      with stored as (
        insert into execution_logs (execution_id, attempt, first_line, line_count, is_preview, content)
        select ${executionId}, ${attempt}, "firstLine", "lineCount", "isPreview", content
        from jsonb_to_recordset(${asRecordset(rows)}) as v ("firstLine" bigint, "lineCount" int, "isPreview" boolean, content text)
        order by "firstLine"
        on conflict do nothing
      )
      select pg_notify(${channels.changes}, ${`log:${executionId}`})`);
  });
}
