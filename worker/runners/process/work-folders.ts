import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Logger } from "pino";
import { MAX_TIMEOUT_SECONDS } from "@/lib/domain/limits";
import { findOwner, nameOwner } from "./owner";
import { killMarked } from "./process-group";
import { outputMark } from "./task-output";

/** What one attempt has on disk, in a folder that only this user can enter. */
export type WorkFolder = {
  /** Holds the rest; the command does not see it as its own. */
  path: string;
  /** Working directory, HOME and TMPDIR of the command. */
  work: string;
  /** The file named in TASK_OUTPUT; does not exist until the command writes it. */
  output: string;
};

/** The work folders of one runner. Creating it removes what runners of workers that are gone have left behind. */
export async function openWorkFolders(dataDir: string, log: Logger) {
  const all = join(resolve(dataDir), "work");
  await mkdir(all, { recursive: true, mode: 0o700 });
  await removeLeftovers(all, log);
  const own = join(all, `${nameOwner()}.${randomBytes(4).toString("hex")}`);

  return {
    create: async (name: string): Promise<WorkFolder> => {
      await mkdir(own, { recursive: true, mode: 0o700 });
      // The real path, so that a link above it does not look like an escape.
      const path = await realpath(await mkdtemp(join(own, `${name}-`)));
      const work = join(path, "work");
      await mkdir(work, { mode: 0o700 });
      return { path, work, output: join(path, "output") };
    },
    /** What cannot be removed does not change how the attempt ended; it is tried again when the runner closes. */
    remove: async (folder: WorkFolder, attemptLog = log) => {
      try {
        await removeTree(folder.path);
      } catch (error) {
        attemptLog.warn({ error, folder: folder.path }, "work folder could not be removed");
      }
    },
    close: () => removeTree(own),
  };
}

async function removeLeftovers(all: string, log: Logger): Promise<void> {
  for (const name of await readdir(all)) {
    const folder = join(all, name);
    try {
      if (await isLeftover(folder, name)) await removeLeftover(folder);
    } catch (error) {
      // Another worker that starts just now may be removing it too; no reason not to start.
      log.warn({ error, folder }, "work folder could not be removed");
    }
  }
}

async function removeLeftover(folder: string): Promise<void> {
  const path = await realpath(folder);
  for (const attempt of await readdir(path)) {
    await killMarked(outputMark(join(path, attempt, "output")));
  }
  await removeTree(path);
}

async function isLeftover(folder: string, name: string): Promise<boolean> {
  const owner = findOwner(name);
  if (owner !== "elsewhere") return owner === "gone";
  // Nothing tells whether a worker elsewhere is alive; but no attempt lasts longer than the longest timeout.
  const age = Date.now() - (await stat(folder)).mtimeMs;
  return age > (MAX_TIMEOUT_SECONDS + 86_400) * 1000;
}

async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // A command may have left folders that even their owner cannot list.
    await unlock(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function unlock(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlock(join(folder, entry.name));
  }
}

/**
 * The folder a step works in, created when it is missing; null when it is not below `work`, be it by "..", by a leading
 * slash or through a link that a step before has made.
 */
export async function enterWorkdir(work: string, workdir: string | null): Promise<string | null> {
  const parts = (workdir ?? "").split("/");
  if (workdir?.startsWith("/") || workdir?.includes("\0") || parts.includes("..")) return null;
  let folder = work;
  for (const part of parts.filter((name) => name !== "" && name !== ".")) {
    const next = join(folder, part);
    const known = await lstat(next).catch(() => null);
    if (!known) await mkdir(next, { mode: 0o700 });
    folder = await realpath(next).catch(() => "");
    if (!`${folder}${sep}`.startsWith(`${work}${sep}`)) return null;
    if (!(await stat(folder)).isDirectory()) return null;
  }
  return folder;
}
