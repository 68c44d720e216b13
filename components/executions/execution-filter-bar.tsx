"use client";

import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { STATUS_ICON } from "@/components/shared/status-badge";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { MenuCheckboxItem } from "@/components/ui/menu-item";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import { ToggleChip } from "@/components/ui/toggle-chip";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { projectsQuery } from "@/lib/client/projects";
import { type Priority, priorities } from "@/lib/domain/priority";
import { executionStatuses } from "@/lib/domain/status";
import type { ExecutionCounts } from "@/lib/domain/views";
import { type ExecutionAddress, hasFilter, toggled } from "./execution-filters";

export type ExecutionFilterBarProps = {
  address: ExecutionAddress;
  onChange: (change: Partial<ExecutionAddress>) => void;
  onClear: () => void;
  counts: ExecutionCounts | undefined;
  /** Name of the run, when the list is of one alone. */
  runName: string | undefined;
  /** At the end of the first line. */
  children?: ReactNode;
};

const ALL = "all";

export function ExecutionFilterBar(props: ExecutionFilterBarProps) {
  const { address, onChange, counts } = props;
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([{ keys: "/", label: "Filter by text", run: () => search.current?.focus() }]);

  return (
    <div className="border-line flex shrink-0 flex-col gap-2 border-b px-4 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <div className="w-full sm:w-64">
          <SearchInput
            size="sm"
            label="Task or run"
            value={address.q}
            onValueChange={(q) => onChange({ q })}
            ref={search}
          />
        </div>
        <ProjectSelect project={address.project} onChange={(project) => onChange({ project })} />
        <PrioritySelect chosen={address.priority} onChange={(priority) => onChange({ priority })} />
        <ScopeChips {...props} />
        {hasFilter(address) && (
          <Button size="sm" variant="ghost" onClick={props.onClear}>
            Clear filters
          </Button>
        )}
        <span className="ml-auto">{props.children}</span>
      </div>
      <fieldset className="-mx-4 flex [scrollbar-width:none] gap-1.5 overflow-x-auto px-4">
        <legend className="sr-only">Status</legend>
        {executionStatuses.map((status) => {
          const Icon = STATUS_ICON[status];
          return (
            <ToggleChip
              key={status}
              pressed={address.status.includes(status)}
              onPressedChange={() => onChange({ status: toggled(address.status, status) })}
              icon={
                <span data-status={status} className="text-status contents">
                  <Icon aria-hidden />
                </span>
              }
              {...(counts && { count: counts.counts[status] })}
            >
              {status}
            </ToggleChip>
          );
        })}
      </fieldset>
      {counts?.ofNewest != null && (
        <p className="text-muted text-xs">
          Counted among the newest {counts.ofNewest.toLocaleString("en")} executions.
        </p>
      )}
    </div>
  );
}

function ProjectSelect({
  project,
  onChange,
}: {
  project: string | null;
  onChange: (project: string | null) => void;
}) {
  const { data: projects = [] } = useQuery(projectsQuery());
  const items = projects.map(({ projectId, name }) => ({ value: projectId, label: name }));
  return (
    <Select
      size="sm"
      label="Project"
      className="w-44!"
      value={project ?? ALL}
      items={[{ value: ALL, label: "All projects" }, ...items]}
      onValueChange={(value) => onChange(value === ALL ? null : value)}
    />
  );
}

function PrioritySelect({
  chosen,
  onChange,
}: {
  chosen: readonly Priority[];
  onChange: (priority: Priority[]) => void;
}) {
  const some = chosen.length === 0 ? "All priorities" : chosen.join(", ");
  return (
    <Menu
      trigger={
        <Button size="sm" icon={<ListFilter aria-hidden />} className="max-w-56">
          {some}
        </Button>
      }
    >
      {priorities.toReversed().map((priority) => (
        <MenuCheckboxItem
          key={priority}
          checked={chosen.includes(priority)}
          onCheckedChange={() => onChange(toggled(chosen, priority))}
        >
          {priority}
        </MenuCheckboxItem>
      ))}
    </Menu>
  );
}

/** What only a link sets: one run, one graph, one task. */
function ScopeChips({ address, onChange, runName }: ExecutionFilterBarProps) {
  const scopes = [
    { name: "run", label: runName ? `Run ${runName}` : "One run", set: address.run },
    { name: "graph", label: "One graph", set: address.graph },
    { name: "task", label: "One task", set: address.task },
  ] as const;
  return scopes
    .filter(({ set }) => set !== null)
    .map(({ name, label }) => (
      <Button
        key={name}
        size="sm"
        aria-label={`${label}: show all`}
        onClick={() => onChange({ [name]: null })}
        className="max-w-56"
      >
        <span className="flex items-center gap-1">
          <span className="truncate">{label}</span>
          <X aria-hidden className="size-3.5" />
        </span>
      </Button>
    ));
}
