"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { PriorityBadge } from "@/components/shared/priority-badge";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusBadge } from "@/components/shared/status-badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/search-input";
import { Section } from "@/components/ui/section";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { useDeleteTask } from "@/lib/client/tasks";
import type { ProjectDetail, TaskSummary } from "@/lib/domain/views";
import { attempt } from "./attempt";

/** From this many tasks on a list needs a search. */
const SEARCH_FROM = 12;
const SHOWN = 200;

/** The tasks of a project: their status, what they did last, and where they are drawn. */
export function TaskSection({ project: { tasks } }: { project: ProjectDetail }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = tasks.filter(
    ({ name, key }) => name.toLowerCase().includes(wanted) || key.toLowerCase().includes(wanted),
  );
  return (
    <Section
      title="Tasks"
      actions={
        tasks.length >= SEARCH_FROM && (
          <div className="w-56">
            <SearchInput
              size="sm"
              label="Find a task"
              placeholder="Name or key"
              value={text}
              onValueChange={setText}
            />
          </div>
        )
      }
    >
      {tasks.length === 0 ? (
        <p className="text-muted">
          None yet. Tasks are made in a graph, and stay here for other graphs to use.
        </p>
      ) : (
        <TaskTable tasks={found.slice(0, SHOWN)} />
      )}
      {tasks.length > 0 && found.length === 0 && (
        <p className="text-muted mt-2">No task has this in its name or key.</p>
      )}
      {found.length > SHOWN && (
        <p className="text-muted mt-2">
          {SHOWN} of {found.length} tasks are shown. Search for the others.
        </p>
      )}
    </Section>
  );
}

function TaskTable({ tasks }: { tasks: readonly TaskSummary[] }) {
  if (tasks.length === 0) return null;
  return (
    <div className="border-line overflow-hidden rounded-md border">
      <Table label="Tasks">
        <TableHead>
          <Th truncate>Name</Th>
          <Th className="hidden sm:table-cell">Status</Th>
          <Th>Latest execution</Th>
          <Th className="hidden md:table-cell">Priority</Th>
          <Th className="hidden md:table-cell">In graphs</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </TableHead>
        <TableBody>
          {tasks.map((task) => (
            <TaskRow key={task.taskId} task={task} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function TaskRow({ task }: { task: TaskSummary }) {
  const { latestExecution } = task;
  return (
    <TableRow>
      <Td truncate>
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="truncate font-medium">{task.name}</span>
          <span className="text-muted hidden min-w-0 truncate font-mono text-xs sm:inline">
            {task.key}
          </span>
        </span>
      </Td>
      <Td className="hidden sm:table-cell">{task.status}</Td>
      <Td>
        {latestExecution ? (
          <span className="flex items-center gap-2">
            <StatusBadge status={latestExecution.status} />
            <TextLink href={`/executions/${latestExecution.executionId}`}>
              <RelativeTime at={latestExecution.createdAt} />
            </TextLink>
          </span>
        ) : (
          <span className="text-muted">never ran</span>
        )}
      </Td>
      <Td className="hidden md:table-cell">
        <PriorityBadge priority={task.priority} />
      </Td>
      <Td className="hidden md:table-cell">
        <GraphLinks graphs={task.graphs} />
      </Td>
      <Td>
        <DeleteTask task={task} />
      </Td>
    </TableRow>
  );
}

function GraphLinks({ graphs }: { graphs: TaskSummary["graphs"] }) {
  if (graphs.length === 0) return <span className="text-muted">none</span>;
  return (
    <span className="flex max-w-64 gap-x-2 overflow-hidden">
      {graphs.slice(0, 2).map(({ graphId, name }) => (
        <TextLink key={graphId} href={`/graphs/${graphId}`}>
          {name}
        </TextLink>
      ))}
      {graphs.length > 2 && <span className="text-muted">+{graphs.length - 2}</span>}
    </span>
  );
}

function DeleteTask({ task: { taskId, name, graphs } }: { task: TaskSummary }) {
  const { mutateAsync } = useDeleteTask();
  if (graphs.length > 0)
    return (
      <IconButton
        size="sm"
        label={`Delete ${name}`}
        disabledReason="remove it from its graphs first"
      >
        <Trash2 aria-hidden />
      </IconButton>
    );
  return (
    <ConfirmDialog
      title={`Delete the task “${name}”?`}
      confirmLabel="Delete task"
      danger
      trigger={
        <IconButton size="sm" label={`Delete ${name}`}>
          <Trash2 aria-hidden />
        </IconButton>
      }
      onConfirm={() => attempt(() => mutateAsync({ taskId }))}
    >
      No graph holds it. Its executions stay with their own copy of it. This cannot be undone.
    </ConfirmDialog>
  );
}
