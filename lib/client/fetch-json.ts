import * as z from "zod";
import { reportConnection } from "./connection";

/** A connection that was dropped without a word never fails by itself. */
const TIMEOUT_MS = 15_000;

const errorBodySchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What the server refused or could not do, in words; `status` is 0 when it did not answer at all. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Reads JSON from our own server. The shape is trusted, because the route handler is typed with the same type; throws a
 * RequestError otherwise.
 */
export async function fetchJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await request(path, signal);
  if (!response.ok) throw await refusal(response);
  const body: T = await response.json();
  reportConnection("ok");
  return body;
}

/** Whether asking again may help. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof RequestError) || error.status === 0 || error.status >= 500;
}

async function request(path: string, signal: AbortSignal): Promise<Response> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await fetch(path, { signal: limited, headers: { accept: "application/json" } });
  } catch (cause) {
    // The caller lost interest: no word about the connection.
    if (signal.aborted) throw cause;
    reportConnection("offline");
    throw new RequestError(0, "offline", "The server does not answer. It is asked again.");
  }
}

async function refusal(response: Response): Promise<RequestError> {
  reportConnection(response.status === 503 ? "database-away" : "ok");
  const body: unknown = await response.json().catch(() => null); // A proxy's error page is no JSON.
  const parsed = errorBodySchema.safeParse(body);
  if (parsed.success) {
    const { code, message } = parsed.data.error;
    return new RequestError(response.status, code, message);
  }
  const message = `The server answered ${response.status}. Try again; its log says more.`;
  return new RequestError(response.status, "internal", message);
}
