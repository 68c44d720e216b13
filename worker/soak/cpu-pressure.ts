import { existsSync, readFileSync } from "node:fs";

const FILE = "/proc/pressure/cpu";

/**
 * Starts to watch how busy this machine is; the answer is the share of the time since then, in percent, in which something
 * waited for a processor. Null where the kernel does not say.
 */
export function watchCpuPressure(): () => number | null {
  const startedAt = performance.now();
  const before = readWaitedMs();
  return () => {
    const now = readWaitedMs();
    if (before === null || now === null) return null;
    return Math.round(((now - before) * 100) / (performance.now() - startedAt));
  };
}

function readWaitedMs(): number | null {
  if (!existsSync(FILE)) return null;
  const total = /^some .*total=(\d+)/m.exec(readFileSync(FILE, "utf8"))?.[1];
  return total ? Number(total) / 1000 : null;
}
