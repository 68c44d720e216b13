import { readdirSync, readFileSync } from "node:fs";

/** How many ticks a second of processor time has on Linux. */
const TICKS = 100;

type Times = { parent: number; own: number; ofEnded: number };

/** Seconds of processor time a process has used; null where the system does not tell. */
export function readCpuSeconds(pid: number): number | null {
  return readTimes(pid)?.own ?? null;
}

/** The same of a process and all its children, those that have ended included. */
export function readCpuSecondsOfTree(pid: number): number | null {
  const root = readTimes(pid);
  if (!root) return null;
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readTimes(Number(name)) ?? [])
    .filter(({ parent }) => parent === pid);
  return children.reduce((sum, { own }) => sum + own, root.own + root.ofEnded);
}

function readTimes(pid: number): Times | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in brackets, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const at = (i: number) => Number(fields[i]) / TICKS;
    return { parent: Number(fields[1]), own: at(11) + at(12), ofEnded: at(13) + at(14) };
  } catch {
    // It has ended meanwhile, or this is not Linux.
    return null;
  }
}
