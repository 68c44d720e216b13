import { headers } from "next/headers";
import type * as z from "zod";
import { describeError } from "@/lib/auth/describe-error";
import { guard } from "@/lib/auth/guard";
import type { Permission } from "@/lib/auth/permissions";
import { tooLarge } from "@/lib/auth/read-body";
import type { Db } from "@/lib/db/database";
import { getWebClient } from "@/lib/db/web-database";
import type { Actor } from "@/lib/domain/actor";
import { exceedsBytes } from "@/lib/domain/json";
import { MAX_REQUEST_BYTES } from "@/lib/domain/limits";
import { parseInput } from "@/lib/domain/parse-input";
import type { ActionResult } from "./action-result";

export type ActionOptions = {
  permission: Permission;
  /** Limit of the request; 1 MiB if not given. */
  maxBytes?: number;
};

/** A use case of the engine: the database, then one object that also says who does it. */
type UseCase<S extends z.ZodType<object>, T> = (
  db: Db,
  input: z.output<S> & { actor: Actor },
) => Promise<T>;

/**
 * A server action: `export const cancelRunAction = action({ permission: "runs.cancel" }, cancelRunSchema, cancelRun)`. It
 * answers an ActionResult and never throws, since a throw would reach the browser as a number without words.
 */
export function action<S extends z.ZodType<object>, T>(
  options: ActionOptions,
  schema: S,
  work: UseCase<S, T>,
): (input: z.input<S>) => Promise<ActionResult<T>> {
  return async (input) => runAction({ headers: await headers(), options, schema, input, work });
}

/**
 * An action called with these headers. Whatever page an action is posted to, it passes the same guard; Next.js runs it on
 * any page, and compares the Origin with a header that anybody can set.
 */
async function runAction<S extends z.ZodType<object>, T>(call: {
  headers: Headers;
  options: ActionOptions;
  schema: S;
  input: unknown;
  work: UseCase<S, T>;
}): Promise<ActionResult<T>> {
  const { permission, maxBytes = MAX_REQUEST_BYTES } = call.options;
  try {
    const { actor } = guard({ method: "POST", headers: call.headers }, permission);
    // Measured here and not on the wire, where one part can stand for many.
    if (exceedsBytes(call.input, maxBytes)) throw tooLarge(maxBytes);
    const input = parseInput(call.schema, call.input);
    const data = await call.work(getWebClient().db, { ...input, actor });
    return { ok: true, data };
  } catch (error) {
    return { ok: false, error: describeError(error, `action ${permission}`, call.input) };
  }
}
