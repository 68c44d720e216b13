import { type Config, isLoopback } from "@/lib/config";
import type { Actor } from "@/lib/domain/actor";
import type { Role } from "./permissions";

/** Who asks, and with which rights. */
export type Identity = { actor: Actor; role: Role };

/**
 * Who sent a request. There are no accounts yet: while the server listens on loopback alone, whoever reaches it works on
 * this machine and may do everything; a server that others reach answers nobody. Sessions and tokens belong here.
 */
export function identify(config: Pick<Config, "host">): Identity {
  if (isLoopback(config.host)) return { actor: { type: "person", id: "local" }, role: "admin" };
  return { actor: { type: "person", id: "anonymous" }, role: "anonymous" };
}
