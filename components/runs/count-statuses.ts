import type { StatusCounts } from "@/components/shared/status-bar";
import type { RunState } from "@/lib/domain/views";

/** How many executions of a run have which status now. */
export function countStatuses({ executions }: Pick<RunState, "executions">): StatusCounts {
  const counts: StatusCounts = {};
  for (const { status } of executions) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
