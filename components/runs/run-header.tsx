"use client";

import { Duration } from "@/components/shared/duration";
import { PageHeader } from "@/components/shared/page-header";
import { RelativeTime } from "@/components/shared/relative-time";
import { RunnerHint } from "@/components/shared/runner-hint";
import { StatusBadge, StatusIcon } from "@/components/shared/status-badge";
import { StatusBar } from "@/components/shared/status-bar";
import { TextLink } from "@/components/ui/text-link";
import { type ExecutionStatus, executionStatuses } from "@/lib/domain/status";
import type { RunState } from "@/lib/domain/views";
import { countStatuses } from "./count-statuses";
import { RunActions } from "./run-actions";
import { RunFireLine } from "./run-fire-line";

/** What the run is, how far it is, and what can be done with it. */
export function RunHeader({
  state,
  hasSelection,
  onShowStatus,
}: {
  state: RunState;
  hasSelection: boolean;
  onShowStatus: (status: ExecutionStatus) => void;
}) {
  const { run } = state;
  const counts = countStatuses(state);
  return (
    <PageHeader
      title={run.name}
      breadcrumb={[
        { label: "Runs", href: "/runs" },
        { label: run.projectName, href: `/projects/${run.projectId}` },
      ]}
      badge={<StatusBadge status={run.status} />}
      meta={
        <>
          <span className="flex w-40 max-w-full items-center">
            <StatusBar label="Progress" counts={counts} />
          </span>
          <span className="flex flex-wrap gap-x-2.5">
            {executionStatuses
              .filter((status) => counts[status])
              .map((status) => (
                <button
                  key={status}
                  type="button"
                  title={`Show the ${counts[status]} ${status} in the list`}
                  onClick={() => onShowStatus(status)}
                  className="hover:text-fg flex items-center gap-1 rounded-sm tabular-nums"
                >
                  <StatusIcon status={status} className="size-3.5" />
                  {counts[status]}
                </button>
              ))}
          </span>
          {run.fire && <RunFireLine fire={run.fire} />}
          <span className="hidden sm:inline">
            created <RelativeTime at={run.createdAt} />
          </span>
          {run.startedAt && (
            <span>
              {run.finishedAt ? "took" : "running for"}{" "}
              <Duration from={run.startedAt} to={run.finishedAt} className="text-fg" />
            </span>
          )}
          {run.graphId && (
            <TextLink href={`/graphs/${run.graphId}`}>
              edit graph
              <span className="text-muted"> (version {run.graphVersion})</span>
            </TextLink>
          )}
          <RunnerHint />
        </>
      }
      actions={<RunActions run={run} keys={!hasSelection} />}
    />
  );
}
