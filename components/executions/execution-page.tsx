"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { Duration } from "@/components/shared/duration";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { ExecutionActions } from "@/components/shared/execution/execution-actions";
import { ExecutionPanel } from "@/components/shared/execution/execution-panel";
import { attemptOfBudget } from "@/components/shared/execution/state-words";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { PriorityBadge } from "@/components/shared/priority-badge";
import { StatusBadge } from "@/components/shared/status-badge";
import { ButtonLink } from "@/components/ui/button-link";
import { Skeleton } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";
import { executionQuery } from "@/lib/client/executions";
import { RequestError } from "@/lib/client/fetch-json";
import type { ExecutionDetail } from "@/lib/domain/views";

/** One execution on a page of its own. */
export function ExecutionPage({
  executionId,
  initial,
}: {
  executionId: string;
  initial?: ExecutionDetail | undefined;
}) {
  const { data, error, refetch, isFetching } = useQuery({
    ...executionQuery(executionId),
    initialData: initial,
  });
  if (data) return <LoadedExecution execution={data} />;
  if (error instanceof RequestError && error.status === 404) return <NoExecution />;
  if (error)
    return (
      <ErrorState onRetry={refetch} retrying={isFetching}>
        {error.message}
      </ErrorState>
    );
  return <ExecutionSkeleton />;
}

function LoadedExecution({ execution }: { execution: ExecutionDetail }) {
  const attempt = attemptOfBudget(execution.attempt, execution.maxRetries);
  return (
    <>
      <PageHeader
        title={execution.taskName}
        breadcrumb={[
          { label: "Executions", href: "/executions" },
          { label: execution.runName, href: `/runs/${execution.runId}` },
        ]}
        badge={<StatusBadge status={execution.status} />}
        meta={
          <>
            <TextLink href={`/projects/${execution.projectId}`} className="truncate">
              {execution.projectName}
            </TextLink>
            <TextLink href={`/runs/${execution.runId}?execution=${execution.executionId}`}>
              Show in the run
            </TextLink>
            <PriorityBadge priority={execution.priority} />
            {attempt && <span>attempt {attempt}</span>}
            {execution.startedAt && (
              <span>
                took <Duration from={execution.startedAt} to={execution.finishedAt} />
              </span>
            )}
            {execution.workerName && <span className="truncate">on {execution.workerName}</span>}
          </>
        }
        actions={<ExecutionActions execution={execution} />}
      />
      <PageBody flush>
        <ExecutionPanel execution={execution} hrefOf={(id) => `/executions/${id}`} />
      </PageBody>
    </>
  );
}

function NoExecution() {
  return (
    <EmptyState
      page
      icon={<Activity />}
      title="There is no such execution"
      action={<ButtonLink href="/executions">Go to all executions</ButtonLink>}
    >
      The address is wrong, or its project was deleted.
    </EmptyState>
  );
}

function ExecutionSkeleton() {
  return (
    <div role="status" aria-busy aria-label="Loading">
      <div className="border-line flex h-16 flex-col justify-center gap-2 border-b px-4">
        <Skeleton className="h-4 w-64" />
        <Skeleton className="h-3 w-96 max-w-full" />
      </div>
      <div className="flex flex-col gap-3 p-4">
        <Skeleton className="h-14 w-full" />
        <Skeleton className="h-9 w-80 max-w-full" />
        <Skeleton className="h-64 w-full" />
      </div>
    </div>
  );
}
