"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { Section } from "@/components/ui/section";
import { Table, TableBody, TableHead, TableRow, Td, Th } from "@/components/ui/table";
import { poolsQuery, useCreatePool, useDeletePool, useUpdatePool } from "@/lib/client/pools";
import { LAST_POSITION } from "@/lib/domain/explain";
import type { PoolSummary } from "@/lib/domain/views";
import { attempt } from "./attempt";
import { PoolForm } from "./pool-form";

type Props = { projectId: string; initial: PoolSummary[] };

/** The pools of a project: how many executions each lets run, and how many it keeps waiting. */
export function PoolSection({ projectId, initial }: Props) {
  const { data: pools } = useQuery({
    ...poolsQuery(projectId),
    initialData: initial,
    initialDataUpdatedAt: 0,
  });
  return (
    <Section title="Pools" actions={<NewPool projectId={projectId} />}>
      {pools.length === 0 ? (
        <p className="text-muted max-w-prose text-pretty">
          None. A pool limits how many executions run at one time, over all workers: two for a
          database that bears no more, or two for each customer. Tasks choose their pool in the
          graph editor.
        </p>
      ) : (
        <PoolTable projectId={projectId} pools={pools} />
      )}
    </Section>
  );
}

function NewPool({ projectId }: { projectId: string }) {
  const { mutateAsync } = useCreatePool();
  return (
    <PoolForm
      title="New pool"
      submitLabel="Create pool"
      trigger={
        <Button size="sm" icon={<Plus aria-hidden />}>
          New pool
        </Button>
      }
      onSave={async (fields) => {
        await mutateAsync({ projectId, ...fields });
      }}
    />
  );
}

function PoolTable({ projectId, pools }: { projectId: string; pools: readonly PoolSummary[] }) {
  return (
    <div className="border-line overflow-hidden rounded-md border">
      <Table label="Pools">
        <TableHead>
          <Th truncate>Name</Th>
          <Th numeric className="hidden sm:table-cell">
            Slots
          </Th>
          <Th numeric>In use</Th>
          <Th numeric>Waiting</Th>
          <Th numeric className="hidden sm:table-cell">
            Tasks
          </Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </TableHead>
        <TableBody>
          {pools.map((pool) => (
            <PoolRow key={pool.poolId} projectId={projectId} pool={pool} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function PoolRow({ projectId, pool }: { projectId: string; pool: PoolSummary }) {
  return (
    <TableRow>
      <Td truncate>
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="truncate font-medium">{pool.name}</span>
          <span className="text-muted hidden min-w-0 truncate sm:inline">{pool.description}</span>
        </span>
      </Td>
      <Td numeric className="hidden sm:table-cell">
        {pool.slots}
      </Td>
      <Td numeric>{inUse(pool)}</Td>
      <Td numeric>{pool.waiting > LAST_POSITION ? `${LAST_POSITION}+` : pool.waiting}</Td>
      <Td numeric className="hidden sm:table-cell">
        {pool.taskCount}
      </Td>
      <Td>
        <span className="flex justify-end">
          <EditPool projectId={projectId} pool={pool} />
          <DeletePool projectId={projectId} pool={pool} />
        </span>
      </Td>
    </TableRow>
  );
}

/** Each key has all slots, so with keys there is no whole to be a part of. */
function inUse({ slotsUsed, slots, keysUsed }: PoolSummary): string {
  if (keysUsed === 0) return `${slotsUsed} of ${slots}`;
  return `${slotsUsed} over ${keysUsed} ${keysUsed === 1 ? "key" : "keys"}`;
}

type RowProps = { projectId: string; pool: PoolSummary };

function EditPool({ projectId, pool: { poolId, name, slots, description } }: RowProps) {
  const { mutateAsync } = useUpdatePool();
  return (
    <PoolForm
      title="Change pool"
      submitLabel="Save"
      initial={{ name, slots, description }}
      trigger={
        <IconButton size="sm" label={`Change ${name}`}>
          <Pencil aria-hidden />
        </IconButton>
      }
      onSave={async (fields) => {
        await mutateAsync({ projectId, poolId, ...fields });
      }}
    />
  );
}

function DeletePool({ projectId, pool: { poolId, name, taskCount, waiting } }: RowProps) {
  const { mutateAsync } = useDeletePool();
  if (taskCount > 0)
    return (
      <IconButton size="sm" label={`Delete ${name}`} disabledReason="tasks use it">
        <Trash2 aria-hidden />
      </IconButton>
    );
  return (
    <ConfirmDialog
      title={`Delete the pool “${name}”?`}
      confirmLabel="Delete pool"
      danger
      trigger={
        <IconButton size="sm" label={`Delete ${name}`}>
          <Trash2 aria-hidden />
        </IconButton>
      }
      onConfirm={() => attempt(() => mutateAsync({ projectId, poolId }))}
    >
      No task uses it. {waiting > 0 && "What waits in it starts without a limit. "}This cannot be
      undone.
    </ConfirmDialog>
  );
}
