"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { ExecutionTable } from "@/components/shared/execution/execution-table";
import { NewRowsButton } from "@/components/shared/new-rows-button";
import { OlderButton } from "@/components/shared/older-button";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { useDebounced } from "@/components/shared/use-debounced";
import { executionCountsQuery, executionListQuery } from "@/lib/client/executions";
import { useShowNewest } from "@/lib/client/live-list";
import type { ExecutionSummary } from "@/lib/domain/views";
import { ExecutionFilterBar } from "./execution-filter-bar";
import { executionFilterParsers, filtersOf, hasFilter } from "./execution-filters";

/** All executions, newest first, filtered by what is in the address. */
export function ExecutionList() {
  const [address, setAddress] = useQueryStates(executionFilterParsers);
  const q = useDebounced(address.q);
  const filters = filtersOf({ ...address, q });
  const query = executionListQuery(filters);
  const list = useInfiniteQuery(query);
  const { data: counts } = useQuery(executionCountsQuery(filters));
  const showNewest = useShowNewest();
  const rows = useRows(list.data?.pages);
  const runName = address.run === null ? undefined : rows[0]?.run.name;

  return (
    <>
      <PageHeader title="Executions" />
      <PageBody flush>
        <ExecutionFilterBar
          address={address}
          onChange={(change) => void setAddress(change)}
          onClear={() => void setAddress(null)}
          counts={counts}
          runName={runName}
        >
          <NewRowsButton
            count={list.data?.pages[0]?.newer ?? 0}
            onShow={() => void showNewest(query.queryKey)}
          />
        </ExecutionFilterBar>
        {list.isPending && <TableSkeleton />}
        {list.isError && !list.data && (
          <ErrorState onRetry={list.refetch} retrying={list.isFetching}>
            {list.error.message}
          </ErrorState>
        )}
        {list.data && rows.length === 0 && (
          <NoExecutions filtered={hasFilter(address)} more={list.hasNextPage} />
        )}
        {rows.length > 0 && (
          <ExecutionTable
            executions={rows}
            hrefOf={(executionId) => `/executions/${executionId}`}
            className="flex-1"
          />
        )}
        <OlderButton list={list} listed={rows.length} />
      </PageBody>
    </>
  );
}

function useRows(pages: readonly { items: readonly ExecutionSummary[] }[] | undefined) {
  return useMemo(() => (pages ?? []).flatMap(({ items }) => items.map(toRow)), [pages]);
}

const rowsOf = new WeakMap<ExecutionSummary, ReturnType<typeof makeRow>>();

/** The same row object for the same execution, so that a row is rendered anew only when it changed. */
function toRow(execution: ExecutionSummary) {
  const known = rowsOf.get(execution);
  if (known) return known;
  const row = makeRow(execution);
  rowsOf.set(execution, row);
  return row;
}

function makeRow(execution: ExecutionSummary) {
  const { runId, runName: name, projectName } = execution;
  return { ...execution, run: { runId, name, projectName } };
}

function NoExecutions({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (more)
    return (
      <EmptyState icon={<Activity />} title="Nothing among the newest executions">
        A search looks at some thousands at a time. Show older ones to search on.
      </EmptyState>
    );
  if (filtered)
    return (
      <EmptyState icon={<Activity />} title="Nothing matches these filters">
        Clear a filter to see more.
      </EmptyState>
    );
  return (
    <EmptyState icon={<Activity />} title="Nothing was run yet">
      Each start of a graph makes one execution per task; they will be listed here.
    </EmptyState>
  );
}
