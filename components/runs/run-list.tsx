"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Workflow, X } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { ErrorState } from "@/components/shared/error-state";
import { NewRowsButton } from "@/components/shared/new-rows-button";
import { OlderButton } from "@/components/shared/older-button";
import { PageBody } from "@/components/shared/page-body";
import { PageHeader } from "@/components/shared/page-header";
import { STATUS_ICON } from "@/components/shared/status-badge";
import { TableSkeleton } from "@/components/shared/table-skeleton";
import { useDebounced } from "@/components/shared/use-debounced";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import { ToggleChip } from "@/components/ui/toggle-chip";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { useShowNewest } from "@/lib/client/live-list";
import { projectsQuery } from "@/lib/client/projects";
import { runListQuery } from "@/lib/client/runs";
import { systemQuery } from "@/lib/client/system";
import { describeDays } from "@/lib/domain/retention";
import { runStatuses } from "@/lib/domain/status";
import { hasRunFilter, type RunAddress, runFilterParsers, runFiltersOf } from "./run-filters";
import { RunTable } from "./run-table";

/** All runs, newest first, filtered by what is in the address. */
export function RunList() {
  const [address, setAddress] = useQueryStates(runFilterParsers);
  const q = useDebounced(address.q);
  const query = runListQuery(runFiltersOf({ ...address, q }));
  const list = useInfiniteQuery(query);
  const showNewest = useShowNewest();
  const runs = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const change = (next: Partial<RunAddress> | null) => void setAddress(next);

  return (
    <>
      <PageHeader title="Runs" />
      <PageBody flush>
        <div className="border-line flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2">
          <Filters address={address} onChange={change} />
          <span className="ml-auto">
            <NewRowsButton
              count={list.data?.pages[0]?.newer ?? 0}
              onShow={() => void showNewest(query.queryKey)}
            />
          </span>
        </div>
        {list.isPending && <TableSkeleton />}
        {list.isError && !list.data && (
          <ErrorState onRetry={list.refetch} retrying={list.isFetching}>
            {list.error.message}
          </ErrorState>
        )}
        {list.data && runs.length === 0 && (
          <NoRuns filtered={hasRunFilter(address)} more={list.hasNextPage} />
        )}
        {runs.length > 0 && <RunTable runs={runs} />}
        <OlderButton list={list} listed={runs.length} />
        <Retention />
      </PageBody>
    </>
  );
}

const ALL = "all";

function Filters({
  address,
  onChange,
}: {
  address: RunAddress;
  onChange: (change: Partial<RunAddress> | null) => void;
}) {
  const search = useRef<HTMLInputElement>(null);
  const { data: projects = [] } = useQuery(projectsQuery());
  useHotkeys([{ keys: "/", label: "Filter by text", run: () => search.current?.focus() }]);
  return (
    <>
      <div className="w-full sm:w-64">
        <SearchInput
          size="sm"
          label="Name of the run"
          value={address.q}
          onValueChange={(q) => onChange({ q })}
          ref={search}
        />
      </div>
      <Select
        size="sm"
        label="Project"
        className="w-44!"
        value={address.project ?? ALL}
        items={[
          { value: ALL, label: "All projects" },
          ...projects.map(({ projectId, name }) => ({ value: projectId, label: name })),
        ]}
        onValueChange={(value) => onChange({ project: value === ALL ? null : value })}
      />
      <StatusChips address={address} onChange={onChange} />
      {address.graph && (
        <Button size="sm" onClick={() => onChange({ graph: null })} icon={<X aria-hidden />}>
          One graph
        </Button>
      )}
      {address.schedule && (
        <Button size="sm" onClick={() => onChange({ schedule: null })} icon={<X aria-hidden />}>
          One schedule
        </Button>
      )}
      {hasRunFilter(address) && (
        <Button size="sm" variant="ghost" onClick={() => onChange(null)}>
          Clear filters
        </Button>
      )}
    </>
  );
}

function StatusChips({
  address,
  onChange,
}: {
  address: RunAddress;
  onChange: (change: Partial<RunAddress>) => void;
}) {
  return (
    <fieldset className="flex max-w-full [scrollbar-width:none] gap-1.5 overflow-x-auto">
      <legend className="sr-only">Status</legend>
      {runStatuses.map((status) => {
        const Icon = STATUS_ICON[status];
        const pressed = address.status.includes(status);
        return (
          <ToggleChip
            key={status}
            pressed={pressed}
            onPressedChange={() =>
              onChange({
                status: pressed
                  ? address.status.filter((each) => each !== status)
                  : [...address.status, status],
              })
            }
            icon={
              <span data-status={status} className="text-status contents">
                <Icon aria-hidden />
              </span>
            }
          >
            {status}
          </ToggleChip>
        );
      })}
    </fieldset>
  );
}

/** For how long the list goes back. */
function Retention() {
  const { data: system } = useQuery(systemQuery());
  if (!system?.retentionDays) return null;
  return (
    <p className="border-line text-muted shrink-0 border-t px-4 py-2 text-xs">
      Runs are deleted {describeDays(system.retentionDays)} after their end.
    </p>
  );
}

function NoRuns({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (more)
    return (
      <EmptyState icon={<Workflow />} title="Nothing among the newest runs">
        A search looks at some thousands at a time. Show older ones to search on.
      </EmptyState>
    );
  if (filtered)
    return (
      <EmptyState icon={<Workflow />} title="No run matches these filters">
        Clear a filter to see more.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<Workflow />}
      title="Nothing was run yet"
      action={<ButtonLink href="/projects">Go to the projects</ButtonLink>}
    >
      Open a graph and press Run; the run will be listed here.
    </EmptyState>
  );
}
