import type * as z from "zod";
import { EngineError, type ErrorCode, type ErrorDetail, errorCodes } from "./errors";

/** Parses what came from outside. Throws an EngineError with up to twenty details, each with its JSON path. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.slice(0, 20).map(toDetail);
  const first = details[0];
  const where = first?.path ? `${first.path}: ` : "";
  throw new EngineError(
    first?.code ?? "invalid",
    `${where}${first?.message ?? "invalid"}`,
    details,
  );
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const path = formatPath(issue.path);
  const code = issue.code === "custom" ? codeOf(issue.params?.code) : undefined;
  return { path, message: issue.message, ...(code && { code }) };
}

/** ["tasks", 3, "name"] becomes "tasks[3].name". */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text ? `${text}.${String(part)}` : String(part);
  }, "");
}

function codeOf(value: unknown): ErrorCode | undefined {
  return typeof value === "string" && Object.hasOwn(errorCodes, value)
    ? (value as ErrorCode) // the line above has checked it
    : undefined;
}
