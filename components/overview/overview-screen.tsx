"use client";

import { useQuery } from "@tanstack/react-query";
import { BreakerSection } from "@/components/shared/breaker/breaker-section";
import { ErrorState } from "@/components/shared/error-state";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { RunnerHint } from "@/components/shared/runner-hint";
import { overviewQuery } from "@/lib/client/overview";
import type { Overview } from "@/lib/domain/views";
import { ActiveRuns } from "./active-runs";
import { ExecutionSection } from "./execution-section";
import { OverviewSkeleton } from "./overview-skeleton";
import { StatStrip } from "./stat-strip";
import { StatusCounts } from "./status-counts";
import { WorkerSection } from "./worker-section";

/** The first screen: what runs, what waits and why, what failed. */
export function OverviewScreen({ initial }: { initial?: Overview | undefined }) {
  const { data, error, refetch, isFetching } = useQuery({
    ...overviewQuery(),
    initialData: initial,
  });
  return (
    <>
      <PageHeader title="Overview" meta={<RunnerHint />} />
      <PageBody>
        {data && <LoadedOverview overview={data} />}
        {!data && error && (
          <ErrorState onRetry={refetch} retrying={isFetching}>
            {error.message}
          </ErrorState>
        )}
        {!data && !error && <OverviewSkeleton />}
      </PageBody>
    </>
  );
}

function LoadedOverview({ overview }: { overview: Overview }) {
  return (
    <div className="flex flex-col gap-6">
      <StatusCounts counts={overview.stats.status_counts} />
      <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <ExecutionSection
            title="Failed lately"
            href="/executions?status=FAILED,TIMEOUT"
            executions={overview.recentFailures}
            empty="Nothing failed lately."
          />
          <ExecutionSection
            title="Waits"
            href="/executions?status=PENDING,SCHEDULED,RETRYING,PAUSED"
            executions={overview.waiting}
            empty="Nothing waits."
          />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <ActiveRuns runs={overview.activeRuns} />
          <ExecutionSection
            title="Runs now"
            href="/executions?status=PREPARING,RUNNING"
            executions={overview.running}
            empty="Nothing runs."
          />
          <BreakerSection />
          <WorkerSection />
        </div>
      </div>
      <StatStrip stats={overview.stats} />
    </div>
  );
}
