import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOwner, nameOwner } from "@/worker/runners/process/owner";

const PREFIX = "dagline-dagger-";

/**
 * An empty folder for the sessions of one runner. Creating it removes those that workers have left in `parent` which were
 * killed; what belongs to somebody else, or to a process that lives or is on another machine, is left alone.
 */
export async function createSessionFolder(parent = tmpdir()): Promise<string> {
  for (const name of await readdir(parent)) {
    // Another worker that starts just now may be removing it too; no reason not to start.
    if (name.startsWith(PREFIX)) await removeLeftover(parent, name).catch(() => undefined);
  }
  return await mkdtemp(join(parent, `${PREFIX}${nameOwner()}.`));
}

async function removeLeftover(parent: string, name: string): Promise<void> {
  if (findOwner(name.slice(PREFIX.length)) !== "gone") return;
  const folder = join(parent, name);
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === process.getuid?.())
    await rm(folder, { recursive: true });
}
