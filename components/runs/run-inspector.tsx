"use client";

import { useQuery } from "@tanstack/react-query";
import { ExternalLink, X } from "lucide-react";
import { ErrorState } from "@/components/shared/error-state";
import { ExecutionActions } from "@/components/shared/execution/execution-actions";
import { ExecutionPanel } from "@/components/shared/execution/execution-panel";
import { attemptOfBudget } from "@/components/shared/execution/state-words";
import { StatusBadge } from "@/components/shared/status-badge";
import { NARROW, useMedia } from "@/components/shared/use-media";
import { ButtonLink } from "@/components/ui/button-link";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { TruncatedText } from "@/components/ui/truncated-text";
import { executionQuery } from "@/lib/client/executions";

export type RunInspectorProps = {
  executionId: string;
  name: string;
  hrefOf: (executionId: string) => string;
  onClose: () => void;
};

/** The selected execution beside the canvas, or over it on a phone. */
export function RunInspector(props: RunInspectorProps) {
  const narrow = useMedia(NARROW);
  if (narrow)
    return (
      <Sheet
        title={props.name}
        side="bottom"
        open
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <div className="flex h-[75dvh] flex-col pt-3">
          <Content {...props} />
        </div>
      </Sheet>
    );
  return (
    <aside
      aria-label="Selected execution"
      className="border-line bg-canvas flex w-96 shrink-0 flex-col border-l lg:w-md xl:w-lg"
    >
      <header className="flex items-center gap-2 py-2 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 text-base font-semibold">
          <TruncatedText>{props.name}</TruncatedText>
        </h2>
        <IconButton size="sm" label="Close" onClick={props.onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      <Content {...props} />
    </aside>
  );
}

function Content({ executionId, hrefOf }: RunInspectorProps) {
  const { data, error, refetch, isFetching } = useQuery(executionQuery(executionId));
  if (!data && error)
    return (
      <ErrorState onRetry={refetch} retrying={isFetching}>
        {error.message}
      </ErrorState>
    );
  if (!data) return <InspectorSkeleton />;
  const attempt = attemptOfBudget(data.attempt, data.maxRetries);
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center gap-2 px-4">
        <StatusBadge status={data.status} />
        {attempt && <span className="text-muted text-xs">attempt {attempt}</span>}
        <span className="ml-auto flex flex-wrap items-center gap-1.5">
          <ExecutionActions execution={data} />
          <ButtonLink
            href={`/executions/${executionId}`}
            size="sm"
            variant="ghost"
            aria-label="Open on a page of its own"
            title="Open on a page of its own"
            icon={<ExternalLink aria-hidden />}
            className="px-1.5"
          />
        </span>
      </div>
      <ExecutionPanel key={executionId} execution={data} hrefOf={hrefOf} />
    </>
  );
}

function InspectorSkeleton() {
  return (
    <div role="status" aria-busy aria-label="Loading" className="flex flex-col gap-3 px-4">
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-3 w-3/5" />
      <Skeleton className="h-3 w-4/5" />
      <Skeleton className="h-3 w-2/5" />
    </div>
  );
}
