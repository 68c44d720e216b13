import { queryOptions } from "@tanstack/react-query";
import type { WorkerView } from "@/lib/domain/views";
import { fetchJson } from "./fetch-json";
import { SYSTEM_POLL_MS } from "./polling";
import { workersKey } from "./query-keys";

/** Every worker that was seen lately. A missing heartbeat gives no hint, so it is asked for often. */
export function workersQuery() {
  return queryOptions({
    queryKey: workersKey(),
    queryFn: ({ signal }) => fetchJson<WorkerView[]>("/api/workers", signal),
    refetchInterval: SYSTEM_POLL_MS,
  });
}
