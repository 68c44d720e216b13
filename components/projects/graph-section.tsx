"use client";

import { Plus, Trash2, Workflow } from "lucide-react";
import { useRouter } from "next/navigation";
import { EmptyState } from "@/components/shared/empty-state";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusBadge } from "@/components/shared/status-badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import { useCreateGraph, useDeleteGraph } from "@/lib/client/graphs";
import type { GraphSummary, ProjectDetail } from "@/lib/domain/views";
import { attempt } from "./attempt";
import { NamedForm } from "./named-form";

/** The graphs of a project: open, create, delete. */
export function GraphSection({ project }: { project: ProjectDetail }) {
  const { graphs, projectId } = project;
  return (
    <Section title="Graphs" actions={graphs.length > 0 && <NewGraph projectId={projectId} />}>
      {graphs.length > 0 ? (
        <div className="border-line overflow-hidden rounded-md border">
          <Table label="Graphs">
            <TableHead>
              <Th truncate>Name</Th>
              <Th numeric className="hidden sm:table-cell">
                Tasks
              </Th>
              <Th numeric className="hidden sm:table-cell">
                Version
              </Th>
              <Th>Latest run</Th>
              <Th className="hidden sm:table-cell">Changed</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </TableHead>
            <TableBody>
              {graphs.map((graph) => (
                <GraphRow key={graph.graphId} graph={graph} />
              ))}
            </TableBody>
          </Table>
        </div>
      ) : (
        <EmptyState
          icon={<Workflow />}
          title="No graphs yet"
          action={<NewGraph projectId={projectId} primary />}
          className="py-8"
        >
          A graph says which task waits for which. Make one, draw its tasks, and run it.
        </EmptyState>
      )}
    </Section>
  );
}

function NewGraph({ projectId, primary = false }: { projectId: string; primary?: boolean }) {
  const { mutateAsync } = useCreateGraph();
  const router = useRouter();
  return (
    <NamedForm
      title="New graph"
      submitLabel="Create graph"
      trigger={
        <Button
          size={primary ? "md" : "sm"}
          variant={primary ? "primary" : "secondary"}
          icon={<Plus aria-hidden />}
        >
          New graph
        </Button>
      }
      onSave={async (fields) => {
        const { graphId } = await mutateAsync({ projectId, ...fields });
        router.push(`/graphs/${graphId}`);
      }}
    />
  );
}

function GraphRow({ graph }: { graph: GraphSummary }) {
  const { graphId, name, latestRun } = graph;
  return (
    <TableRow>
      <Td truncate>
        <span className="flex min-w-0 items-baseline gap-2">
          <RowLink href={`/graphs/${graphId}`} className="truncate">
            {name}
          </RowLink>
          <span className="text-muted hidden min-w-0 truncate sm:inline">{graph.description}</span>
        </span>
      </Td>
      <Td numeric className="hidden sm:table-cell">
        {graph.taskCount}
      </Td>
      <Td numeric className="hidden sm:table-cell">
        {graph.version}
      </Td>
      <Td>
        {latestRun ? (
          <span className="relative z-1 flex items-center gap-2">
            <StatusBadge status={latestRun.status} />
            <TextLink href={`/runs/${latestRun.runId}`}>
              <RelativeTime at={latestRun.createdAt} />
            </TextLink>
          </span>
        ) : (
          <span className="text-muted">never ran</span>
        )}
      </Td>
      <Td className="text-muted hidden sm:table-cell">
        <RelativeTime at={graph.updatedAt} />
      </Td>
      <Td>
        <DeleteGraph graph={graph} />
      </Td>
    </TableRow>
  );
}

function DeleteGraph({ graph: { graphId, name, taskCount } }: { graph: GraphSummary }) {
  const { mutateAsync } = useDeleteGraph();
  return (
    <span className="relative z-1 flex">
      <ConfirmDialog
        title={`Delete the graph “${name}”?`}
        confirmLabel="Delete graph"
        danger
        trigger={
          <IconButton size="sm" label={`Delete ${name}`}>
            <Trash2 aria-hidden />
          </IconButton>
        }
        onConfirm={() => attempt(() => mutateAsync({ graphId }))}
      >
        The drawing goes with all its versions, which cannot be undone.{" "}
        {taskCount > 0 &&
          `Its ${taskCount === 1 ? "task stays" : `${taskCount} tasks stay`} in the project. `}
        Runs that were started stay as they are.
      </ConfirmDialog>
    </span>
  );
}
