import type { ErrorCode, ErrorDetail } from "@/lib/domain/errors";

/** What went wrong, as a screen or a program is told it. */
export type ActionError = { code: ErrorCode | "internal"; message: string; details: ErrorDetail[] };

/** What every server action answers; actions do not throw. */
export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: ActionError };
