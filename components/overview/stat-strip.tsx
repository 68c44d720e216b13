import type { ReactNode } from "react";
import { formatDuration } from "@/components/shared/format-time";
import { Section } from "@/components/ui/section";
import type { ExecutionStats } from "@/lib/domain/views";

/** The specification's statistics, with how long things wait and run. */
export function StatStrip({ stats }: { stats: ExecutionStats }) {
  const count = (n: number) => n.toLocaleString("en");
  return (
    <Section
      title="Statistics"
      description="Of all executions that are kept, except where a time is named."
    >
      <dl className="border-line grid grid-cols-2 gap-x-6 gap-y-4 border-t pt-3 sm:grid-cols-4 xl:grid-cols-8">
        <Stat label="Ended in the last hour">{count(stats.throughput_last_hour)}</Stat>
        <Stat label="Executions in all">{count(stats.total_executions)}</Stat>
        <Stat label="Completed">{count(stats.successful_executions)}</Stat>
        <Stat label="Failed or timed out">
          {count(stats.failed_executions + stats.timed_out_executions)}
        </Stat>
        <Stat label="Retried">{count(stats.retried_executions)}</Stat>
        <Stat label="Attempts">{count(stats.attempts)}</Stat>
        <Stat label="Waiting in 24 h, p50 · p95">{percentiles(stats.waiting_ms)}</Stat>
        <Stat label="Running in 24 h, p50 · p95">{percentiles(stats.running_ms)}</Stat>
      </dl>
    </Section>
  );
}

function percentiles({ p50, p95 }: ExecutionStats["waiting_ms"]): string {
  if (p50 === null || p95 === null) return "–";
  return `${formatDuration(p50)} · ${formatDuration(p95)}`;
}

function Stat({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col-reverse justify-end">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="text-base font-medium tabular-nums">{children}</dd>
    </div>
  );
}
