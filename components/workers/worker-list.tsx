"use client";

import { useQuery } from "@tanstack/react-query";
import { Server } from "lucide-react";
import { BreakerSection } from "@/components/shared/breaker/breaker-section";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { RelativeTime } from "@/components/shared/relative-time";
import { RunnerHint } from "@/components/shared/runner-hint";
import { StatusIcon } from "@/components/shared/status-badge";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { SlotBar } from "@/components/shared/worker/slot-bar";
import { WorkerStateBadge } from "@/components/shared/worker/worker-state-badge";
import { Code } from "@/components/ui/code";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { TruncatedText } from "@/components/ui/truncated-text";
import { workersQuery } from "@/lib/client/workers";
import type { WorkerView } from "@/lib/domain/views";

/** The worker processes: which are alive, with which runner, and what holds their slots. */
export function WorkerList({ initial }: { initial?: WorkerView[] | undefined }) {
  const {
    data: workers,
    error,
    refetch,
    isFetching,
  } = useQuery({ ...workersQuery(), initialData: initial });
  return (
    <>
      <PageHeader title="Workers" meta={<RunnerHint />} />
      <PageBody flush>
        {!workers && !error && <TableSkeleton rows={3} />}
        {!workers && error && (
          <ErrorState onRetry={refetch} retrying={isFetching}>
            {error.message}
          </ErrorState>
        )}
        {workers?.length === 0 && (
          <EmptyState icon={<Server />} title="No worker was started yet">
            Nothing runs without one. Start it with <Code>npm run worker</Code>; several can work
            side by side.
          </EmptyState>
        )}
        <BreakerSection className="shrink-0 px-4 pt-4 pb-6" />
        {workers && workers.length > 0 && <WorkerTable workers={workers} />}
      </PageBody>
    </>
  );
}

function WorkerTable({ workers }: { workers: readonly WorkerView[] }) {
  return (
    <Table label="Workers" className="flex-1">
      <TableHead>
        <Th>State</Th>
        <Th truncate>Worker</Th>
        <Th className="hidden min-w-40 sm:table-cell">Slots</Th>
        <Th className="hidden lg:table-cell">Holds</Th>
        <Th numeric className="hidden md:table-cell">
          Started
        </Th>
        <Th numeric>Heartbeat</Th>
      </TableHead>
      <TableBody>
        {workers.map((worker) => (
          <TableRow key={worker.workerId}>
            <Td className="align-top">
              <span className="flex h-9 items-center">
                <WorkerStateBadge state={worker.state} />
              </span>
            </Td>
            <Td truncate className="py-2 align-top">
              <TruncatedText className="font-medium">{worker.name}</TruncatedText>
              <p className="text-muted text-xs whitespace-normal">
                {worker.runner} · {worker.runnerDescription}
              </p>
              <div className="sm:hidden">
                <SlotBar worker={worker} />
              </div>
            </Td>
            <Td className="hidden py-2 align-top sm:table-cell">
              <SlotBar worker={worker} />
            </Td>
            <Td className="hidden py-2 align-top lg:table-cell">
              <HeldList held={worker.held} />
            </Td>
            <Td numeric className="text-muted hidden py-2 align-top md:table-cell">
              <RelativeTime at={worker.startedAt} />
            </Td>
            <Td numeric className="py-2 align-top">
              <RelativeTime at={worker.heartbeatAt} />
            </Td>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const SHOWN = 5;

function HeldList({ held }: { held: WorkerView["held"] }) {
  if (held.length === 0) return <span className="text-faint">nothing</span>;
  return (
    <ul className="flex max-w-80 flex-col gap-0.5">
      {held.slice(0, SHOWN).map((each) => (
        <li key={each.executionId} className="flex min-w-0 items-center gap-1.5">
          <StatusIcon status={each.status} />
          <TextLink href={`/executions/${each.executionId}`} className="truncate">
            {each.taskName}
          </TextLink>
        </li>
      ))}
      {held.length > SHOWN && (
        <li className="text-muted text-xs">and {held.length - SHOWN} more</li>
      )}
    </ul>
  );
}
