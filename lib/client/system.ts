import { queryOptions } from "@tanstack/react-query";
import type { SystemState } from "@/lib/domain/views";
import { readConnection } from "./connection";
import { fetchJson } from "./fetch-json";
import { SYSTEM_POLL_MS } from "./polling";
import { systemKey } from "./query-keys";

const LOST_POLL_MS = 2_000;

/** Whether the system can work at all, and with which runner. Its answer, or none, also tells whether the server is there. */
export function systemQuery() {
  return queryOptions({
    queryKey: systemKey(),
    queryFn: ({ signal }) => fetchJson<SystemState>("/api/system", signal),
    refetchInterval: () => (readConnection() === "ok" ? SYSTEM_POLL_MS : LOST_POLL_MS),
    refetchIntervalInBackground: true,
    // The interval asks again soon enough, and a retry would hide the loss meanwhile.
    retry: false,
  });
}

/** The process runner runs commands on the host itself, which people must know wherever they start or watch work. */
export function usesProcessRunner(system: SystemState | undefined): boolean {
  return system?.runners.some(({ runner }) => runner === "process") ?? false;
}
