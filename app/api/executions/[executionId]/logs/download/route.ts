import { route } from "@/lib/auth/route";
import type { Db } from "@/lib/db/database";
import { readLog } from "@/lib/db/queries/logs";
import { downloadLogSchema } from "@/lib/domain/query-inputs";
import type { LogPage } from "@/lib/domain/views";

/** The log of one attempt as it stands now, as a text file; its name is made of ids alone. */
export const GET = route({ permission: "logs.read" }, downloadLogSchema, async ({ db, input }) => {
  const first = await readLog(db, { ...input, fromLine: 0 });
  if (first === null) return null;
  const name = `execution-${input.executionId}-attempt-${input.attempt}.log`;
  return new Response(toStream(readText(db, input, first)), {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
});

async function* readText(
  db: Db,
  input: { executionId: string; attempt: number },
  first: LogPage,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let page: LogPage | null = first, line = -1; page && page.nextLine > line; ) {
    for (const chunk of page.chunks) {
      if (!chunk.isPreview) yield encoder.encode(toPlainLines(chunk.content));
    }
    if (page.end) return;
    line = page.nextLine;
    page = await readLog(db, { ...input, fromLine: line });
  }
}

/** One page of the log in memory at a time, however slowly it is taken. */
function toStream(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** Each stored line starts with a letter for where it came from. */
function toPlainLines(content: string): string {
  return content
    .split("\n")
    .map((line) => `${line.slice(1)}\n`)
    .join("");
}
