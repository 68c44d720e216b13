"use client";

import { Ban, RotateCw } from "lucide-react";
import Link from "next/link";
import { memo, useState } from "react";
import { Duration } from "@/components/shared/duration";
import { PriorityBadge } from "@/components/shared/priority-badge";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusBadge } from "@/components/shared/status-badge";
import { useRowHotkeys } from "@/components/shared/use-row-hotkeys";
import { IconButton } from "@/components/ui/icon-button";
import { RowLink } from "@/components/ui/row-link";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import type { Priority } from "@/lib/domain/priority";
import type { ExecutionState } from "@/lib/domain/views";
import { CancelExecutionDialog } from "./cancel-execution-dialog";
import { executionRules } from "./execution-rules";
import { attemptOfBudget } from "./state-words";
import { useExecutionActions } from "./use-execution-actions";
import { WhyCell } from "./why-cell";

export type ExecutionRow = ExecutionState & {
  taskName: string;
  priority: Priority;
  maxRetries: number;
  /** Name of its pool. */
  pool: string | null;
  /** The run it belongs to; left out where all are of one run. */
  run?: { runId: string; name: string; projectName: string };
  createdAt?: string;
  causeName?: string | undefined;
};

export type ExecutionTableProps = {
  executions: readonly ExecutionRow[];
  hrefOf: (executionId: string) => string;
  selectedId?: string | null;
  className?: string;
};

/** Executions as rows: where each stands and why. */
export function ExecutionTable({ executions, hrefOf, selectedId, className }: ExecutionTableProps) {
  const [cancelling, setCancelling] = useState<ExecutionRow | null>(null);
  const actions = useExecutionActions();
  const withRun = executions.some(({ run }) => run);
  const find = (id: string) => executions.find(({ executionId }) => executionId === id);
  const retry = (execution: ExecutionRow) => void actions.retry(execution, { downstream: false });

  const keys = [
    {
      keys: "r",
      label: "Retry the execution of the row",
      run: (id: string) => {
        const execution = find(id);
        if (execution && executionRules(execution).retry) retry(execution);
      },
    },
    {
      keys: "c",
      label: "Cancel the execution of the row",
      run: (id: string) => {
        const execution = find(id);
        if (execution && executionRules(execution).cancel) setCancelling(execution);
      },
    },
  ];
  // Within a run these keys mean the selected execution, or the run.
  const table = useRowHotkeys(withRun ? keys : []);

  return (
    <div ref={table} className="contents">
      <Table label="Executions" className={className}>
        <TableHead>
          <Th>Status</Th>
          <Th truncate>Task</Th>
          {withRun && <Th className="hidden lg:table-cell">Run</Th>}
          <Th className="hidden xl:table-cell">Priority</Th>
          <Th numeric className="hidden sm:table-cell">
            Attempt
          </Th>
          <Th numeric className="hidden sm:table-cell">
            Took
          </Th>
          {withRun && <Th numeric>Created</Th>}
          <Th className="hidden w-16 md:table-cell">
            <span className="sr-only">Actions</span>
          </Th>
        </TableHead>
        <TableBody>
          {executions.map((execution) => (
            <Row
              key={execution.executionId}
              execution={execution}
              href={hrefOf(execution.executionId)}
              selected={execution.executionId === selectedId}
              withRun={withRun}
              onRetry={retry}
              onCancel={setCancelling}
            />
          ))}
        </TableBody>
      </Table>
      <CancelExecutionDialog execution={cancelling} onClose={() => setCancelling(null)} />
    </div>
  );
}

type RowProps = {
  execution: ExecutionRow;
  href: string;
  selected: boolean;
  withRun: boolean;
  onRetry: (execution: ExecutionRow) => void;
  onCancel: (execution: ExecutionRow) => void;
};

/** Rendered anew only when its execution changes, which matters in a run of a thousand. */
const Row = memo(
  function Row({ execution, href, selected, withRun, onRetry, onCancel }: RowProps) {
    const { run } = execution;
    return (
      <TableRow selected={selected}>
        <Td>
          <StatusBadge status={execution.status} />
        </Td>
        <Td truncate>
          <div className="flex min-w-0 flex-col py-1 md:flex-row md:items-baseline md:gap-3 md:py-0">
            <RowLink
              href={href}
              data-row-id={execution.executionId}
              scroll={false}
              title={execution.taskName}
              className="truncate md:max-w-[60%] md:shrink-0"
            >
              {execution.taskName}
            </RowLink>
            <span className="min-w-0 flex-1 text-xs">
              <WhyCell execution={execution} causeName={execution.causeName} />
            </span>
          </div>
        </Td>
        {withRun && (
          <Td className="hidden max-w-56 truncate lg:table-cell">
            {run && (
              <Link
                href={`/runs/${run.runId}`}
                title={`${run.projectName} / ${run.name}`}
                className="text-muted hover:text-fg relative z-1 rounded-sm hover:underline"
              >
                {run.name}
              </Link>
            )}
          </Td>
        )}
        <Td className="hidden xl:table-cell">
          <PriorityBadge priority={execution.priority} />
        </Td>
        <Td numeric className="text-muted hidden sm:table-cell">
          {attemptOfBudget(execution.attempt, execution.maxRetries)}
        </Td>
        <Td numeric className="hidden sm:table-cell">
          {execution.startedAt && <Duration from={execution.startedAt} to={execution.finishedAt} />}
        </Td>
        {withRun && (
          <Td numeric className="text-muted">
            {execution.createdAt && <RelativeTime at={execution.createdAt} />}
          </Td>
        )}
        <Td className="hidden md:table-cell">
          <RowActions execution={execution} onRetry={onRetry} onCancel={onCancel} />
        </Td>
      </TableRow>
    );
  },
  (before, after) =>
    before.execution === after.execution &&
    before.selected === after.selected &&
    before.href === after.href &&
    before.withRun === after.withRun,
);

function RowActions({
  execution,
  onRetry,
  onCancel,
}: Omit<RowProps, "href" | "selected" | "withRun">) {
  const rules = executionRules(execution);
  return (
    <span className="relative z-1 flex justify-end gap-0.5">
      {rules.retry && (
        <IconButton
          size="sm"
          label={`Retry ${execution.taskName}`}
          shortcut="r"
          onClick={() => onRetry(execution)}
        >
          <RotateCw aria-hidden className="text-muted" />
        </IconButton>
      )}
      {rules.cancel !== null && rules.cancel !== "stopping" && (
        <IconButton
          size="sm"
          label={`${rules.cancel === "soft" ? "Cancel" : "Force stop"} ${execution.taskName}`}
          shortcut="c"
          onClick={() => onCancel(execution)}
        >
          <Ban aria-hidden className="text-muted" />
        </IconButton>
      )}
    </span>
  );
}
