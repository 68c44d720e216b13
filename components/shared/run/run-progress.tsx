import { StatusBar } from "@/components/shared/status-bar";
import { isRunFinal } from "@/lib/domain/status";
import type { RunSummary } from "@/lib/domain/views";

/** How far a run is, from its counts alone: a bar and "3/8". */
export function RunProgress({ run }: { run: Pick<RunSummary, "counts" | "status"> }) {
  const { total, completed, failed, cancelled } = run.counts;
  const ended = completed + failed + cancelled;
  const rest = isRunFinal(run.status) ? 0 : total - ended;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-12 flex-1">
        <StatusBar
          label="Progress"
          counts={{ COMPLETED: completed, FAILED: failed, CANCELLED: cancelled, PENDING: rest }}
        />
      </span>
      <span className="text-muted shrink-0 text-xs tabular-nums">
        {ended}/{total}
      </span>
    </span>
  );
}
