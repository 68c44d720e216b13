import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elementAt } from "@/lib/testing/random";
import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";

/** As libfaketime understands them. */
const OFFSETS = ["+3d", "-3d", "+1h", "-1h", "+0"] as const;
const LIBRARY = "faketime/libfaketimeMT.so.1";

/** A wrong clock for the workers of one place of the fleet. */
export type Clock = {
  /** The variables by which a worker gets this clock. */
  env: Record<string, string>;
  /** Lets it jump to another wrong time, for the worker that is running too. */
  jump: (share: number) => void;
};

/** A wrong clock; where it cannot be had, the reason as a sentence. */
export function createClock(dir: string): Clock | string {
  const library = findLibrary();
  if (!library)
    return "No clock was wrong: libfaketime is not installed (the package is called faketime).";
  const file = join(dir, "clock");
  const jump = (share: number) => writeFileSync(file, elementAt(OFFSETS, share) ?? "+0");
  jump(0);
  return {
    jump,
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: "1",
      // Only the time of day is wrong; how much time passes is not.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  };
}

/** Lets the wrong clock jump. */
export async function jumpClock({ clock, journal }: World, { share }: PlannedFault): Promise<void> {
  if (!clock) return;
  clock.jump(share);
  journal.count("clock jumps");
}

function findLibrary(): string | undefined {
  const folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib"].filter((path) => existsSync(path));
  const below = folders.flatMap((path) => readdirSync(path).map((name) => join(path, name)));
  return [...folders, ...below].map((path) => join(path, LIBRARY)).find((path) => existsSync(path));
}
