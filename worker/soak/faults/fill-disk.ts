import { spawnSync } from "node:child_process";
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { PlannedFault } from "@/worker/soak/plan";
import { untilWorkGoesOn } from "@/worker/soak/until-work-goes-on";
import type { World } from "@/worker/soak/world";

/** Never filled by itself; it takes only as much memory as it holds. */
const SIZE_BYTES = 4_000_000_000;
/** What is left free, since files may grow between the look at the disk and its shrinking. */
const MARGIN_BYTES = 65_536;

/** A file system in memory for the database's tables, which can be made full. */
export type SmallDisk = {
  /** Where the tablespace is to be. */
  folder: string;
  fill: () => void;
  empty: () => void;
  remove: () => void;
};

/** Mounts a small disk; where that is not allowed, the reason as a sentence. */
export function mountSmallDisk(dir: string): SmallDisk | string {
  if (process.getuid?.() !== 0)
    return "The disk was not filled: only root may mount a file system of its own for the tables.";
  const path = join(dir, "disk");
  mkdirSync(path);
  const mounted = run("mount", ["-t", "tmpfs", "-o", `size=${SIZE_BYTES},mode=711`, "tmpfs", path]);
  if (mounted !== null)
    return `The disk was not filled: this machine allows no file system of its own for the tables (${mounted}).`;
  const resize = (bytes: number) => {
    const problem = run("mount", ["-o", `remount,size=${bytes}`, path]);
    if (problem !== null) throw new Error(`The small disk could not be resized: ${problem}`);
  };
  const folder = join(path, "tables");
  mkdirSync(folder, { mode: 0o700 });
  return {
    folder,
    fill: () => {
      const { blocks, bfree, bsize } = statfsSync(path);
      resize((blocks - bfree) * bsize + MARGIN_BYTES);
    },
    empty: () => resize(SIZE_BYTES),
    remove: () => {
      run("umount", [path]);
    },
  };
}

/** Lets the disk with the tables be full for a while. */
export async function fillDisk(world: World, { seconds }: PlannedFault): Promise<void> {
  const { disk, journal, ending } = world;
  if (!disk) return;
  const at = new Date();
  disk.fill();
  await ending.sleep(seconds * 1000);
  disk.empty();
  const upAt = new Date();
  journal.fullDisks.push({ at, upAt });
  await untilWorkGoesOn(world, upAt);
}

/** What went wrong; null when nothing did. */
function run(command: string, args: string[]): string | null {
  const done = spawnSync(command, args, { encoding: "utf8" });
  return done.status === 0 ? null : (done.error?.message ?? done.stderr.trim());
}
