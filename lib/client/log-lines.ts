import type { LogChunkView, LogPage } from "@/lib/domain/views";

/** `o` standard output, `e` standard error, `s` a remark of the engine, `gap` lines that are not there (yet). */
export type LogMark = "o" | "e" | "s" | "gap";

export type LogLine = {
  number: number;
  mark: LogMark;
  text: string;
  /** When the piece it came with was stored. */
  at: string;
};

/** The log of one attempt as far as it was read. */
export type LogData = {
  lines: readonly LogLine[];
  /** The latest lines while the middle is being dropped; replaced as a whole. */
  preview: readonly LogLine[];
  nextLine: number;
  /** Everything stored so far was read; more may come unless `end`. */
  caughtUp: boolean;
  end: boolean;
};

export const EMPTY_LOG: LogData = {
  lines: [],
  preview: [],
  nextLine: 0,
  caughtUp: false,
  end: false,
};

/** The log with a further page. Lines that are there already are passed over; a gap in the numbers is marked. */
export function appendPage(log: LogData, page: LogPage): LogData {
  const lines = [...log.lines];
  for (const chunk of page.chunks) if (!chunk.isPreview) addChunk(lines, chunk);
  const preview: LogLine[] = [];
  const last = lines.at(-1);
  for (const chunk of page.chunks) if (chunk.isPreview) addChunk(preview, chunk, last);
  return {
    lines,
    preview,
    nextLine: Math.max(log.nextLine, page.nextLine),
    caughtUp: page.end || lines.length === log.lines.length,
    end: page.end,
  };
}

function addChunk(lines: LogLine[], chunk: LogChunkView, before = lines.at(-1)): void {
  let previous = lines.at(-1) ?? before;
  for (const line of linesOf(chunk)) {
    if (previous && line.number <= previous.number) continue;
    const gap = previous && gapBetween(previous, line);
    if (gap) lines.push(gap);
    lines.push(line);
    previous = line;
  }
}

/** A remark of the engine stands for the lines that were dropped; nothing else may pass over numbers silently. */
function gapBetween(previous: LogLine, line: LogLine): LogLine | null {
  const missing = line.number - previous.number - 1;
  if (missing <= 0 || previous.mark === "s") return null;
  const text = `… ${missing.toLocaleString("en")} ${missing === 1 ? "line" : "lines"} not shown`;
  return { number: previous.number + 1, mark: "gap", text, at: line.at };
}

function linesOf({ firstLine, content, at }: LogChunkView): LogLine[] {
  return content.split("\n").map((text, i) => {
    const mark = text[0] === "e" || text[0] === "s" ? text[0] : "o";
    return { number: firstLine + i, mark, text: text.slice(1), at };
  });
}
