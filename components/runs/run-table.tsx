"use client";

import Link from "next/link";
import { memo, useState } from "react";
import { Duration } from "@/components/shared/duration";
import { RelativeTime } from "@/components/shared/relative-time";
import { RunProgress } from "@/components/shared/run/run-progress";
import { StatusBadge } from "@/components/shared/status-badge";
import { useRowHotkeys } from "@/components/shared/use-row-hotkeys";
import { RowLink } from "@/components/ui/row-link";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { isRunFinal } from "@/lib/domain/status";
import type { RunSummary } from "@/lib/domain/views";
import { CancelRunDialog } from "./cancel-run-dialog";
import { RunFireLine } from "./run-fire-line";
import { useRunActions } from "./use-run-actions";

/** Runs as rows: where each stands and how far it is. */
export function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  const [cancelling, setCancelling] = useState<RunSummary | null>(null);
  const actions = useRunActions();
  const find = (id: string) => runs.find(({ runId }) => runId === id);
  const table = useRowHotkeys([
    {
      keys: "r",
      label: "Retry what failed in the run of the row",
      run: (id) => {
        const run = find(id);
        if (run && run.counts.failed + run.counts.cancelled > 0) void actions.retry(run);
      },
    },
    {
      keys: "c",
      label: "Cancel the run of the row",
      run: (id) => {
        const run = find(id);
        if (run && !isRunFinal(run.status)) setCancelling(run);
      },
    },
  ]);
  return (
    <div ref={table} className="contents">
      <Table label="Runs" className="flex-1">
        <TableHead>
          <Th>Status</Th>
          <Th truncate>Run</Th>
          <Th className="hidden lg:table-cell">Project</Th>
          <Th className="hidden min-w-44 sm:table-cell">Progress</Th>
          <Th numeric className="hidden sm:table-cell">
            Took
          </Th>
          <Th className="hidden xl:table-cell">Started by</Th>
          <Th numeric>Created</Th>
        </TableHead>
        <TableBody>
          {runs.map((run) => (
            <Row key={run.runId} run={run} />
          ))}
        </TableBody>
      </Table>
      <CancelRunDialog run={cancelling} onClose={() => setCancelling(null)} />
    </div>
  );
}

const Row = memo(function Row({ run }: { run: RunSummary }) {
  return (
    <TableRow>
      <Td>
        <StatusBadge status={run.status} />
      </Td>
      <Td truncate>
        <div className="flex min-w-0 flex-col py-1">
          <RowLink
            href={`/runs/${run.runId}`}
            data-row-id={run.runId}
            title={run.name}
            className="truncate"
          >
            {run.name}
          </RowLink>
          {run.fire && <RunFireLine fire={run.fire} className="text-xs" />}
          <span className="sm:hidden">
            <RunProgress run={run} />
          </span>
        </div>
      </Td>
      <Td className="hidden max-w-48 truncate lg:table-cell">
        <Link
          href={`/projects/${run.projectId}`}
          title={run.projectName}
          className="text-muted hover:text-fg relative z-1 rounded-sm hover:underline"
        >
          {run.projectName}
        </Link>
      </Td>
      <Td className="hidden sm:table-cell">
        <RunProgress run={run} />
      </Td>
      <Td numeric className="hidden sm:table-cell">
        {run.startedAt && <Duration from={run.startedAt} to={run.finishedAt} />}
      </Td>
      <Td className="text-muted hidden max-w-40 truncate xl:table-cell">{run.createdBy}</Td>
      <Td numeric className="text-muted">
        <RelativeTime at={run.createdAt} />
      </Td>
    </TableRow>
  );
});
