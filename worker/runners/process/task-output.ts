import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { MAX_RESULT_BYTES } from "@/lib/domain/limits";

/** The variable that names the file, as it stands in a command's environment. */
export function outputMark(file: string): string {
  return `TASK_OUTPUT=${file}`;
}

/**
 * The text a command left in `file`, one byte more than a result may have at most. Null when there is none, or when the
 * command has put something else in its place: a link to another's file, or a pipe that would never end.
 */
export async function readTaskOutput(file: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch(() => null);
  if (!handle) return null;
  try {
    if (!(await handle.stat()).isFile()) return null;
    const text = Buffer.alloc(MAX_RESULT_BYTES + 1);
    const length = await fill(handle, text);
    return length === 0 ? null : text.toString("utf8", 0, length);
  } finally {
    await handle.close();
  }
}

async function fill(handle: Awaited<ReturnType<typeof open>>, buffer: Buffer): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
