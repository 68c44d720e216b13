/** Codes of refusals, the same in the engine, in actions and over HTTP. */
export const errorCodes = {
  invalid_json: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  request_timeout: 408,
  conflict: 409,
  version_conflict: 409,
  already_terminal: 409,
  wrong_status: 409,
  idempotency_conflict: 409,
  vetoed: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  invalid_character: 422,
  too_deep: 422,
  empty: 422,
  cycle: 422,
  unknown_task: 422,
  unknown_dependency: 422,
  duplicate_key: 422,
  too_many_tasks: 422,
  too_many_dependencies: 422,
  rate_limited: 429,
  database_unavailable: 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorCodes;

/** One of up to twenty things that are wrong with an input, with its JSON path ("tasks[3].retryDelaySeconds"). */
export type ErrorDetail = { path: string; message: string; code?: ErrorCode };

/**
 * A refusal: the caller asked for something that cannot be. Its message is a sentence for people with the remedy; it
 * never holds SQL, a stack or a path of the machine.
 */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  readonly details: ErrorDetail[];

  constructor(code: ErrorCode, message: string, details: ErrorDetail[] = []) {
    super(message);
    this.code = code;
    this.details = details.slice(0, 20);
  }
}
