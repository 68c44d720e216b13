import { hostname } from "node:os";
import { isLoopback } from "@/lib/config";

/** Addresses that mean the same engine wherever they are dialled from; the others mean something on this host. */
const DIALLED = /^(tcp|tls|ssh|kube-pod):$/;

/** The engine that this host provides by itself: its processes, or what its Dagger CLI finds. */
export function nameHostEngine(kind: "process" | "dagger"): string {
  return `${kind}@${hostname()}`;
}

/** A Dagger engine by its address, without a password. */
export function nameDaggerEngine(runnerHost: string | null): string {
  if (runnerHost === null) return nameHostEngine("dagger");
  const url = new URL(runnerHost);
  url.password = "";
  const address = url.href;
  const isShared = DIALLED.test(url.protocol) && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  return isShared ? address : `${address}@${hostname()}`;
}
