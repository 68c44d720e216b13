/** Consecutive lines of a log as they are stored. */
export type LogChunk = {
  /** Number of the first line, from 1. */
  firstLine: number;
  lineCount: number;
  /** Lines joined by line feeds, each after a mark: `o` standard output, `e` standard error, `s` a remark of ours. */
  content: string;
};

/** Size of a row; large enough for few rows, small enough to be read and sent one at a time. */
export const BLOCK_BYTES = 64 * 1024;

export type Block = ReturnType<typeof createBlock>;

/** Lines on their way to becoming one chunk. */
export function createBlock(firstLine: number) {
  const lines: string[] = [];
  let bytes = 0;
  return {
    lineCount: () => lines.length,
    bytes: () => bytes,
    hasRoom: (more: number) => lines.length === 0 || bytes + more <= BLOCK_BYTES,
    add: (line: string, size: number) => {
      lines.push(line);
      bytes += size;
    },
    close: (): LogChunk => ({ firstLine, lineCount: lines.length, content: lines.join("\n") }),
  };
}
