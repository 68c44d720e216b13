import { queryOptions } from "@tanstack/react-query";
import type { Overview } from "@/lib/domain/views";
import { noteServerTime } from "./clock";
import { fetchJson } from "./fetch-json";
import { pollInterval } from "./polling";
import { overviewKey } from "./query-keys";

/** What runs, what waits and why, and what failed. */
export function overviewQuery() {
  return queryOptions({
    queryKey: overviewKey(),
    queryFn: async ({ signal }) => {
      const overview = await fetchJson<Overview>("/api/overview", signal);
      noteServerTime(overview.now);
      return overview;
    },
    refetchInterval: pollInterval,
  });
}
