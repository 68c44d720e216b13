import { getConfig } from "@/lib/config";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { type AddressConfig, checkOrigin, type RequestHead } from "./check-origin";
import { identify } from "./identify";
import { isPermitted, type Permission } from "./permissions";

/**
 * The one guard that every action, every route and every page passes: returns who asks, or throws an EngineError when the
 * request was not sent to us, comes from another site, or its sender lacks the permission.
 */
export function guard(
  head: RequestHead,
  permission: Permission,
  config: AddressConfig = getConfig(),
): { actor: Actor } {
  checkOrigin(head, config);
  const { actor, role } = identify(config);
  if (isPermitted(role, permission)) return { actor };
  if (role !== "anonymous") {
    throw new EngineError("forbidden", "Your role does not allow this; ask an administrator.");
  }
  throw new EngineError(
    "unauthorized",
    "Dagline has no accounts yet and so serves this machine alone: set HOST to 127.0.0.1.",
  );
}
