import { queryOptions } from "@tanstack/react-query";
import type { LogPage } from "@/lib/domain/views";
import { fetchJson } from "./fetch-json";
import { appendPage, EMPTY_LOG, type LogData } from "./log-lines";
import { LOG_POLL_MS } from "./polling";
import { searchParams } from "./search-params";

/** The log of one attempt, read on from the last line at each fetch until it has ended. */
export function logQuery({ executionId, attempt }: { executionId: string; attempt: number }) {
  const queryKey = ["logs", executionId, attempt] as const;
  return queryOptions({
    queryKey,
    queryFn: async ({ client, signal }): Promise<LogData> => {
      const held = client.getQueryData<LogData>(queryKey) ?? EMPTY_LOG;
      if (held.end) return held;
      const path = `/api/executions/${executionId}/logs`;
      const query = searchParams({ attempt, from: held.nextLine });
      return appendPage(held, await fetchJson<LogPage>(`${path}${query}`, signal));
    },
    // It only grows, and comparing every line with itself would cost more than rendering.
    structuralSharing: false,
    staleTime: ({ state }) => (state.data?.end ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => nextPageDelay(state.data),
  });
}

/** Where a person or a program gets the whole log as a file. */
export function logDownloadPath(executionId: string, attempt: number): string {
  return `/api/executions/${executionId}/logs/download?attempt=${attempt}`;
}

function nextPageDelay(log: LogData | undefined): number | false {
  if (log?.end) return false;
  return !log || log.caughtUp ? LOG_POLL_MS : 1;
}
