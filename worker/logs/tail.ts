import { BLOCK_BYTES, type Block, createBlock, type LogChunk } from "./block";

type Kept = { chunk: LogChunk; bytes: number };

/** The last lines of a log up to `maxBytes`; older ones are dropped a block at a time and counted. */
export function createTail(maxBytes: number) {
  const kept: Kept[] = [];
  const dropped = { firstLine: 0, lines: 0, bytes: 0 };
  let keptBytes = 0;
  let block: Block | null = null;

  const closeBlock = () => {
    if (!block) return;
    kept.push({ chunk: block.close(), bytes: block.bytes() });
    keptBytes += block.bytes();
    block = null;
  };

  const dropOldest = () => {
    const oldest = kept.shift();
    if (!oldest) return;
    if (dropped.lines === 0) dropped.firstLine = oldest.chunk.firstLine;
    dropped.lines += oldest.chunk.lineCount;
    dropped.bytes += oldest.bytes;
    keptBytes -= oldest.bytes;
  };

  return {
    add: (number: number, line: string, bytes: number) => {
      if (block && !block.hasRoom(bytes)) closeBlock();
      block ??= createBlock(number);
      block.add(line, bytes);
      while (kept.length > 0 && keptBytes + block.bytes() > maxBytes) dropOldest();
    },
    preview: (): LogChunk | null => {
      const last = [kept.at(-1)?.chunk, block?.close()].filter((chunk) => chunk !== undefined);
      return last.length === 0 ? null : lastOf(last);
    },
    droppedBytes: () => dropped.bytes,
    /** The remark about what was dropped, if anything was, and what is kept. */
    close: (): LogChunk[] => {
      closeBlock();
      const chunks = kept.map(({ chunk }) => chunk);
      if (dropped.lines === 0) return chunks;
      const content = `s${dropped.lines} lines with ${dropped.bytes} bytes dropped here`;
      return [{ firstLine: dropped.firstLine, lineCount: 1, content }, ...chunks];
    },
  };
}

/** The last lines of adjoining chunks, as many as one chunk holds, but at least one. */
function lastOf(chunks: LogChunk[]): LogChunk {
  const lines = chunks.flatMap((chunk) => chunk.content.split("\n"));
  let bytes = 0;
  let first = lines.length;
  while (first > 0) {
    bytes += Buffer.byteLength(lines[first - 1] ?? "") + 1;
    if (bytes > BLOCK_BYTES && first < lines.length) break;
    first -= 1;
  }
  const firstLine = (chunks[0]?.firstLine ?? 1) + first;
  return { firstLine, lineCount: lines.length - first, content: lines.slice(first).join("\n") };
}
