"use client";

import { useMemo } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { type ExecutionRow, ExecutionTable } from "@/components/shared/execution/execution-table";
import { STATUS_ICON } from "@/components/shared/status-badge";
import { ToggleChip } from "@/components/ui/toggle-chip";
import { type ExecutionStatus, executionStatuses } from "@/lib/domain/status";
import type { ExecutionState, RunState, RunStructure } from "@/lib/domain/views";
import { countStatuses } from "./count-statuses";

export type RunExecutionsProps = {
  state: RunState;
  structure: RunStructure;
  status: readonly ExecutionStatus[];
  onStatusChange: (status: ExecutionStatus[]) => void;
  hrefOf: (executionId: string) => string;
  selectedId: string | null;
};

/** The executions of one run as rows, in the order of the structure, so none of them ever jumps. */
export function RunExecutions(props: RunExecutionsProps) {
  const { state, structure, status } = props;
  const toRow = useMemo(() => createRowMaker(structure), [structure]);
  const counts = countStatuses(state);
  const rows = state.executions
    .filter((each) => status.length === 0 || status.includes(each.status))
    .map(toRow);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <fieldset className="border-line flex shrink-0 [scrollbar-width:none] gap-1.5 overflow-x-auto border-b px-4 py-2">
        <legend className="sr-only">Status</legend>
        {executionStatuses
          .filter((each) => counts[each] || status.includes(each))
          .map((each) => (
            <StatusChip
              key={each}
              status={each}
              count={counts[each] ?? 0}
              chosen={status}
              onChange={props.onStatusChange}
            />
          ))}
      </fieldset>
      {rows.length === 0 ? (
        <EmptyState title="No execution has this status now" />
      ) : (
        <ExecutionTable
          executions={rows}
          hrefOf={props.hrefOf}
          selectedId={props.selectedId}
          className="flex-1"
        />
      )}
    </div>
  );
}

function StatusChip({
  status,
  count,
  chosen,
  onChange,
}: {
  status: ExecutionStatus;
  count: number;
  chosen: readonly ExecutionStatus[];
  onChange: (status: ExecutionStatus[]) => void;
}) {
  const Icon = STATUS_ICON[status];
  const pressed = chosen.includes(status);
  return (
    <ToggleChip
      pressed={pressed}
      onPressedChange={() =>
        onChange(pressed ? chosen.filter((each) => each !== status) : [...chosen, status])
      }
      count={count}
      icon={
        <span data-status={status} className="text-status contents">
          <Icon aria-hidden />
        </span>
      }
    >
      {status}
    </ToggleChip>
  );
}

/** Makes rows of states; the same row for the same state, so that only what changed is rendered anew. */
function createRowMaker(structure: RunStructure): (state: ExecutionState) => ExecutionRow {
  const fixed = new Map(structure.executions.map((each) => [each.executionId, each]));
  const made = new WeakMap<ExecutionState, ExecutionRow>();
  return (state) => {
    const known = made.get(state);
    if (known) return known;
    const {
      taskName = "",
      priority = "MEDIUM",
      maxRetries = 0,
      pool = null,
    } = fixed.get(state.executionId) ?? {};
    const causeName = fixed.get(state.causeExecutionId ?? "")?.taskName;
    const row: ExecutionRow = { ...state, taskName, priority, maxRetries, pool, causeName };
    made.set(state, row);
    return row;
  };
}
