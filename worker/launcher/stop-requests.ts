import { commandLine, parentOf } from "@/worker/postgres/process-info";

const REPEAT_MS = 1_000;
const PARENT_CHECK_MS = 500;

/**
 * Calls `stop` at the first Ctrl+C or SIGTERM, or when npm, which started us, is gone; calls `stopNow` at the second
 * signal.
 */
export function onStopRequest(stop: () => void, stopNow: () => void): void {
  let requestedAt: number | null = null;
  const request = () => {
    if (requestedAt === null) {
      requestedAt = Date.now();
      stop();
      return;
    }
    // At a terminal one Ctrl+C arrives twice: from the terminal, and passed on by npm.
    if (Date.now() - requestedAt > REPEAT_MS) stopNow();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, request);
  watchNpm(() => {
    if (requestedAt === null) request();
  });
}

// npm, asked to end by SIGTERM, may leave us running without a parent that anybody could stop.
function watchNpm(onGone: () => void): void {
  // biome-ignore lint/style/noProcessEnv: set by npm, not by the person who configures the product
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  // npm runs us through a shell; some shells step aside, others stay in between and outlive npm.
  const shell = commandLine(parent).includes("worker/start.mjs") ? parent : null;
  const npm = shell && parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === parent && (shell && parentOf(shell)) === npm) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
}
