import { setTimeout as delay } from "node:timers/promises";
import { StandInError } from "./objects";

const FAILURES: Record<string, string> = {
  missing: "not found",
  denied:
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  busy: "unexpected status from HEAD request to the registry: 429 Too Many Requests",
  offline: "failed to do request: dial tcp 192.0.2.1:443: i/o timeout",
};

/** "Pulls" an image: by the first part of its name it fails in a certain way, or is slow; all others are this machine. */
export async function pullImage(image: string, signal: AbortSignal): Promise<void> {
  const [kind = ""] = image.split("/");
  if (kind === "slow") await delay(60_000, null, { signal });
  const reason = FAILURES[kind];
  if (reason === undefined) return;
  const name = `docker.io/${image}`;
  throw new StandInError(
    `failed to resolve image "${name}" (platform: "linux/amd64"): failed to resolve source metadata for ${name}: ${name}: ${reason}`,
  );
}

export const IMAGE_DIGEST = `sha256:${"5".repeat(64)}`;
