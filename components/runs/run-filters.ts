import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs";
import type { RunFilters } from "@/lib/client/runs";
import { type RunStatus, runStatuses } from "@/lib/domain/status";

/** The filters of the list, as they stand in the address; what cannot be read there counts as not given. */
export const runFilterParsers = {
  status: parseAsArrayOf(parseAsStringLiteral(runStatuses)).withDefault([]),
  project: parseAsString,
  graph: parseAsString,
  schedule: parseAsString,
  q: parseAsString.withDefault(""),
};

export type RunAddress = {
  status: RunStatus[];
  project: string | null;
  graph: string | null;
  schedule: string | null;
  q: string;
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What to ask the server for; an id that is none would only be refused. */
export function runFiltersOf(address: RunAddress): RunFilters {
  return {
    status: runStatuses.filter((status) => address.status.includes(status)),
    projectId: idOrNull(address.project),
    graphId: idOrNull(address.graph),
    scheduleId: idOrNull(address.schedule),
    text: address.q.trim(),
  };
}

export function hasRunFilter({ status, project, graph, schedule, q }: RunAddress): boolean {
  return status.length > 0 || Boolean(project || graph || schedule) || q !== "";
}

function idOrNull(text: string | null): string | null {
  return text !== null && ID.test(text) ? text : null;
}
