import { setTimeout as sleep } from "node:timers/promises";
import { isPostgresOf } from "./process-info";

// Clean, then at once, then by force: a clean stop right after a crash of a backend can hang.
const STEPS: { signal: NodeJS.Signals; waitMs: number }[] = [
  { signal: "SIGINT", waitMs: 10_000 },
  { signal: "SIGQUIT", waitMs: 5_000 },
  { signal: "SIGKILL", waitMs: 5_000 },
];

/** Ends the server, politely first; returns at once when it has ended already. */
export async function stopPostgres(pid: number, cluster: string): Promise<void> {
  for (const { signal, waitMs } of STEPS) {
    if (!isPostgresOf(pid, cluster)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + waitMs;
    while (isPostgresOf(pid, cluster) && Date.now() < deadline) await sleep(10);
  }
}

/** Settles when this server has ended; does not keep the process alive. */
export async function waitForEnd(pid: number, cluster: string): Promise<void> {
  while (isPostgresOf(pid, cluster)) await sleep(200, undefined, { ref: false });
}
