import { EngineError } from "@/lib/domain/errors";

type Kind = "project" | "pool" | "task" | "graph" | "run" | "execution" | "schedule" | "back-fill";

/** The refusal of an id that names nothing, or nothing that the caller may know of. */
export function notFound(kind: Kind, id: string): EngineError {
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return new EngineError("not_found", `${name} ${id} does not exist; it may have been deleted.`);
}
