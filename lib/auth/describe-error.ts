import { randomUUID } from "node:crypto";
import type { ActionError } from "@/lib/actions/action-result";
import { isDatabaseUnavailable, sqlStateOf } from "@/lib/db/sql-state";
import { EngineError, type ErrorCode, errorCodes } from "@/lib/domain/errors";
import { log } from "@/lib/log";

/**
 * What the caller is told of an error. Refusals are told as they are; errors of the database in words of our own; anything
 * else is logged here, once, and named by an id; of `about`, the input, the log keeps the ids of run and execution. Neither SQL nor a stack nor a path of this machine ever leaves.
 */
export function describeError(error: unknown, door: string, about: unknown = {}): ActionError {
  if (error instanceof EngineError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  const state = sqlStateOf(error) ?? "";
  const refusal = refusalOf(state) ?? (isDatabaseUnavailable(error) ? UNAVAILABLE : null);
  const at = { door, ...idsOf(about) };
  if (refusal === null) return describeFault(error, at);
  // Schemas and engine should have refused it in better words, or the database is in trouble.
  log.warn({ ...at, state }, "database refused a request");
  return { ...refusal, details: [] };
}

/** The HTTP status of an error told to a caller. */
export function statusOf(code: ActionError["code"]): number {
  return code === "internal" ? 500 : errorCodes[code];
}

type Refusal = { code: ErrorCode; message: string };

const UNAVAILABLE: Refusal = {
  code: "database_unavailable",
  message: "The database cannot be reached at the moment; try again shortly.",
};

const BUSY: Refusal = {
  code: "database_unavailable",
  message: "The database is busy and did not answer in time; try again shortly.",
};

const FULL: Refusal = {
  code: "database_unavailable",
  message: "The database's disk is full, so nothing was stored: make room for it, and try again.",
};

const READ_ONLY: Refusal = {
  code: "database_unavailable",
  message:
    "The database accepts no changes at the moment (it is read-only, or a replica); try again when it does.",
};

const NO_CONNECTION: Refusal = {
  code: "database_unavailable",
  message: "The database has no connection to spare at the moment; try again shortly.",
};

function refusalOf(state: string): Refusal | null {
  if (state === "53100") return FULL;
  if (state === "25006") return READ_ONLY;
  if (state === "53300") return NO_CONNECTION;
  if (state === "57014" || state === "55P03") return BUSY;
  if (state === "40001" || state === "40P01" || state === "23505") {
    const message =
      "Somebody else changed the same thing at the same moment; reload and try again.";
    return { code: "conflict", message };
  }
  if (state === "23503") {
    return { code: "not_found", message: "Something that this refers to no longer exists." };
  }
  if (state === "54000" || state === "54001") {
    return { code: "too_large", message: "A value is too large to be stored." };
  }
  return state.startsWith("22")
    ? { code: "invalid", message: "A value cannot be stored as it is." }
    : null;
}

/** The run and the execution that a request was about. */
function idsOf(about: unknown): Record<string, string> {
  if (typeof about !== "object" || about === null) return {};
  const named = Object.entries(about).filter(
    ([name]) => name === "runId" || name === "executionId",
  );
  return Object.fromEntries(named.filter(([, id]) => typeof id === "string" && id.length < 40));
}

function describeFault(error: unknown, at: { door: string }): ActionError {
  const id = randomUUID();
  log.error({ error, id, ...at }, "request failed");
  return { code: "internal", message: `Something went wrong (id ${id}).`, details: [] };
}
