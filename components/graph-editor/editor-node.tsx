"use client";

import clsx from "clsx";
import { Box, CircleAlert, Layers, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { Handle, type NodeProps, Position } from "reactflow";
import { TaskNodeCard } from "@/components/canvas/task-node-card";
import { PriorityBadge } from "@/components/shared/priority-badge";
import { Badge } from "@/components/ui/badge";
import { joinCommand } from "./split-command";
import type { TaskDraft } from "./task-draft";
import type { TaskFlowNode, TaskNodeData } from "./to-flow";

/** A task on the editor's canvas: name, key, what it runs, and what is wrong with it. */
export const EditorNode = memo(
  function EditorNode({ data, selected }: NodeProps<TaskFlowNode>) {
    const { task, errors } = data;
    const isPipeline = task.workflowType === "dagger_pipeline";
    return (
      <div className="group/node size-full">
        <TaskNodeCard
          name={task.name.trim() || "Unnamed task"}
          icon={<KindIcon isPipeline={isPipeline} />}
          badge={<Marks data={data} />}
          lineEnd={task.priority !== "MEDIUM" && <PriorityBadge priority={task.priority} />}
          line={<span className="font-mono">{task.key}</span>}
          footer={<span className="text-faint font-mono">{summaryOf(task)}</span>}
          selected={selected}
          invalid={errors > 0}
        />
        <Handle type="target" position={Position.Left} className={clsx(END, TARGET)} />
        <Handle type="source" position={Position.Right} className={clsx(END, SOURCE)} />
      </div>
    );
  },
  // React Flow hands over the place as well; it moves the node by itself.
  (before, after) => before.data === after.data && before.selected === after.selected,
);

/**
 * The whole side can be pressed, and while a connection is being drawn the whole task takes it. The box itself stays one
 * pixel wide, since that is where React Flow lets edges end.
 */
const END =
  "top-0! h-full! w-px! min-w-0! transform-none! rounded-none! border-0! bg-transparent! before:absolute before:inset-y-0 before:w-5 after:border-canvas after:bg-control after:absolute after:top-1/2 after:size-3 after:-translate-y-1/2 after:rounded-full after:border-2 after:transition-[scale,opacity,background-color] hover:after:scale-150 hover:after:bg-accent-fg hover:after:opacity-100 group-hover/node:after:opacity-100 group-data-[detail=block]/canvas:after:hidden";
/** Hidden until it is wanted, since the arrow heads end here. */
const TARGET =
  "left-0! group-data-[connecting=target]/canvas:pointer-events-none! before:-left-2.5 after:-left-1.5 after:opacity-0 group-data-[connecting=source]/canvas:before:left-0 group-data-[connecting=source]/canvas:before:w-60 group-data-[connecting=source]/canvas:after:opacity-100";
const SOURCE =
  "right-0! group-data-[connecting=source]/canvas:pointer-events-none! before:-right-2.5 after:-right-1.5 group-data-[connecting=target]/canvas:before:right-0 group-data-[connecting=target]/canvas:before:w-60";

function KindIcon({ isPipeline }: { isPipeline: boolean }) {
  const Icon = isPipeline ? Layers : Box;
  return <Icon aria-hidden className="text-muted size-4 shrink-0" />;
}

function Marks({ data: { errors, warnings } }: { data: TaskNodeData }) {
  return (
    <>
      {errors > 0 && (
        <Badge tone="danger" icon={<CircleAlert aria-hidden />}>
          {errors}
        </Badge>
      )}
      {errors === 0 && warnings > 0 && (
        <Badge tone="warning" icon={<TriangleAlert aria-hidden />}>
          {warnings}
        </Badge>
      )}
    </>
  );
}

/** What it runs, in a line: the image without its registry, and the command. */
function summaryOf(task: TaskDraft): string {
  if (task.workflowType === "dagger_pipeline") {
    const count = task.steps.length;
    return `${count} ${count === 1 ? "step" : "steps"}`;
  }
  return `${task.image.split("/").at(-1)} · ${joinCommand(task.command.slice(0, 12)).slice(0, 80)}`;
}
