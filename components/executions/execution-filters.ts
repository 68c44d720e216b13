import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs";
import type { ExecutionFilters } from "@/lib/client/executions";
import { priorities } from "@/lib/domain/priority";
import { executionStatuses } from "@/lib/domain/status";

/** The filters of the list, as they stand in the address; what cannot be read there counts as not given. */
export const executionFilterParsers = {
  status: parseAsArrayOf(parseAsStringLiteral(executionStatuses)).withDefault([]),
  priority: parseAsArrayOf(parseAsStringLiteral(priorities)).withDefault([]),
  project: parseAsString,
  graph: parseAsString,
  run: parseAsString,
  task: parseAsString,
  q: parseAsString.withDefault(""),
};

export type ExecutionAddress = {
  status: (typeof executionStatuses)[number][];
  priority: (typeof priorities)[number][];
  project: string | null;
  graph: string | null;
  run: string | null;
  task: string | null;
  q: string;
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What to ask the server for; an id that is none would only be refused. */
export function filtersOf(address: ExecutionAddress): ExecutionFilters {
  return {
    status: executionStatuses.filter((status) => address.status.includes(status)),
    priority: priorities.filter((priority) => address.priority.includes(priority)),
    projectId: idOrNull(address.project),
    graphId: idOrNull(address.graph),
    runId: idOrNull(address.run),
    taskId: idOrNull(address.task),
    text: address.q.trim(),
  };
}

export function hasFilter(address: ExecutionAddress): boolean {
  const { status, priority, ...others } = address;
  return status.length + priority.length > 0 || Object.values(others).some(Boolean);
}

/** The list with something put in or taken out. */
export function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
}

function idOrNull(text: string | null): string | null {
  return text !== null && ID.test(text) ? text : null;
}
