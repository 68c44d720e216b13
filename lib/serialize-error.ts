import { listSecretValues } from "./config";

/** Details of system and database errors that name a place and never a value. */
const SAFE_DETAILS = ["code", "syscall", "address", "port", "table_name", "constraint_name"];

const MAX_CAUSES = 5;
const MAX_MESSAGE_LENGTH = 4000;
/** Shorter values would blot out ordinary words and protect nothing. */
const MIN_SECRET_LENGTH = 3;

type SerializedError = {
  type: string;
  message: string;
  stack?: string;
  cause?: SerializedError;
  errors?: SerializedError[];
  [detail: string]: unknown;
};

/**
 * An error as it is logged: its words, stack, codes and causes, but neither the parameters of a statement nor anything
 * else that an error may carry along, and without secrets, which a message may repeat.
 */
export function serializeError(
  error: unknown,
  secrets: readonly string[] = listSecretValues(),
): SerializedError {
  const known = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return serialize(error, (text) => scrub(text, known), 0);
}

function serialize(
  error: unknown,
  clean: (text: string) => string,
  depth: number,
): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: clean(String(error)) };
  const message = clean(withoutParameters(error.message)).slice(0, MAX_MESSAGE_LENGTH);
  const nested = (inner: unknown) => serialize(inner, clean, depth + 1);
  const mayNest = depth < MAX_CAUSES;
  return {
    type: typeOf(error),
    message,
    ...detailsOf(error),
    stack: [`${error.name}: ${message}`, ...framesOf(error).map(clean)].join("\n"),
    ...(mayNest && error.cause !== undefined && { cause: nested(error.cause) }),
    // Of a host with several addresses: one error for each.
    ...(mayNest &&
      error instanceof AggregateError && { errors: error.errors.slice(0, 4).map(nested) }),
  };
}

/** The name of its class, before which the bundler of the worker puts "_" when the class speaks of itself. */
function typeOf(error: Error): string {
  return error.constructor.name.replace(/^_/, "");
}

/** Drizzle puts what a statement was called with behind it. */
function withoutParameters(message: string): string {
  return message.startsWith("Failed query:") ? message.replace(/\nparams: [\s\S]*$/, "") : message;
}

/** The stack repeats the message in its first lines. */
function framesOf({ stack = "" }: Error): string[] {
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}

function detailsOf(error: Error): Record<string, unknown> {
  const all = new Map<string, unknown>(Object.entries(error));
  const found = SAFE_DETAILS.filter((name) => all.get(name) !== undefined);
  return Object.fromEntries(found.map((name) => [name, all.get(name)]));
}

function scrub(text: string, secrets: readonly string[]): string {
  const withoutPasswords = text.replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, "$1:…@");
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, "…"), withoutPasswords);
}
