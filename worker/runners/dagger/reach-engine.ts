import { type NetConnectOpts, Socket } from "node:net";
import { openDeadline } from "./deadline";

/** What takes longer than this is left to the CLI and its own limit. */
const LIMIT_MS = 5_000;

/**
 * Tells at once when nothing listens at an engine's address: the CLI would dial it in silence until its time is over. Returns
 * the system's error code, or null when something listens, or when that cannot be told.
 */
export async function findUnreachable(
  runnerHost: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const address = runnerHost === null ? null : toAddress(runnerHost);
  if (address === null) return null;
  const deadline = openDeadline(LIMIT_MS, signal);
  const socket = new Socket();
  try {
    return await new Promise<string | null>((resolve) => {
      deadline.signal.addEventListener("abort", () => resolve(null), { once: true });
      socket.once("connect", () => resolve(null));
      socket.once("error", (error) =>
        resolve("code" in error ? String(error.code) : error.message),
      );
      socket.connect(address);
    });
  } finally {
    deadline.clear();
    socket.destroy();
  }
}

/** Where to dial; null for addresses that only the CLI knows how to reach. */
function toAddress(runnerHost: string): NetConnectOpts | null {
  if (!/^(tcp|tls|unix):\/\//.test(runnerHost) || !URL.canParse(runnerHost)) return null;
  const { protocol, hostname, port, pathname } = new URL(runnerHost);
  if (protocol === "unix:") return { path: decodeURIComponent(pathname) };
  return port === "" ? null : { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
}
