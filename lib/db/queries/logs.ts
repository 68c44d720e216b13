import { and, asc, eq, sql } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { attempts, executionLogs } from "@/lib/db/schema/executions";
import type { LogChunkView, LogPage } from "@/lib/domain/views";
import { iso } from "./clock";

const MAX_PAGE_BYTES = 512 * 1024;
/** A task that prints a little at a time makes many small pieces. */
const MAX_CHUNKS = 2000;

/**
 * The log of an attempt from a line on, as much as fits one page; null when there is no such attempt. A preview comes only
 * as the newest piece and does not move `nextLine`, so it is read again, or what has taken its place, the next time.
 */
export async function readLog(
  db: Db,
  input: { executionId: string; attempt: number; fromLine: number },
): Promise<LogPage | null> {
  // The attempt first: if it had ended by then, what is stored afterwards is everything.
  const [attempt] = await db
    .select({ endedAt: attempts.endedAt })
    .from(attempts)
    .where(and(eq(attempts.executionId, input.executionId), eq(attempts.attempt, input.attempt)));
  if (!attempt) return null;
  const rows = await listChunks(db, input);
  const read = cutToPage(rows);
  const chunks = read.filter((chunk, i) => !chunk.isPreview || i === rows.length - 1);
  const last = chunks.findLast((chunk) => !chunk.isPreview);
  const nextLine = last ? last.firstLine + last.lineCount : input.fromLine;
  const isAll = read.length === rows.length && rows.length < MAX_CHUNKS;
  return { chunks, nextLine, end: attempt.endedAt !== null && isAll };
}

/** By the primary key, from the piece that holds the line on. */
async function listChunks(
  db: Db,
  { executionId, attempt, fromLine }: { executionId: string; attempt: number; fromLine: number },
): Promise<(LogChunkView & { bytesBefore: number })[]> {
  const logs = executionLogs;
  const own = and(eq(logs.executionId, executionId), eq(logs.attempt, attempt));
  const holder = db
    .select({ line: sql`max(${logs.firstLine})` })
    .from(logs)
    .where(and(own, sql`${logs.firstLine} <= ${fromLine}`));
  // The size is known without reading the text, so that a page costs no more than what it shows.
  const sizes = db
    .select({
      firstLine: logs.firstLine,
      bytesBefore:
        sql<number>`(sum(octet_length(${logs.content})) over (order by ${logs.firstLine}) - octet_length(${logs.content}))::int`.as(
          "bytes_before",
        ),
    })
    .from(logs)
    .where(
      and(
        own,
        sql`${logs.firstLine} >= coalesce((${holder}), 0)`,
        sql`${logs.firstLine} + ${logs.lineCount} > ${fromLine}`,
      ),
    )
    .orderBy(asc(logs.firstLine))
    .limit(MAX_CHUNKS)
    .as("sizes");
  const rows = await db
    .select({
      firstLine: logs.firstLine,
      lineCount: logs.lineCount,
      isPreview: logs.isPreview,
      content: sql<string>`case when ${sizes.bytesBefore} < ${MAX_PAGE_BYTES} then ${logs.content} else '' end`,
      at: logs.at,
      bytesBefore: sizes.bytesBefore,
    })
    .from(sizes)
    .innerJoin(logs, and(own, eq(logs.firstLine, sizes.firstLine)))
    .orderBy(asc(logs.firstLine));
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

function cutToPage(rows: (LogChunkView & { bytesBefore: number })[]): LogChunkView[] {
  return rows
    .filter(({ bytesBefore }) => bytesBefore < MAX_PAGE_BYTES)
    .map(({ bytesBefore: _, ...chunk }) => chunk);
}
