"use client";

import { X } from "lucide-react";
import { Combobox } from "@/components/ui/combobox";
import { IconButton } from "@/components/ui/icon-button";
import { useToast } from "@/components/ui/toast";
import { downstreamOf, upstreamOf } from "@/lib/domain/graph";
import { useContent, useEditor } from "./editor-context";
import { type DraftDependency, type GraphDraft, nameOf, toGraphNodes } from "./graph-draft";
import { PanelSection } from "./panel-section";
import { useShowTask } from "./use-show-task";

type Direction = "before" | "after";

/** What the task waits for and what waits for it, both editable without the canvas. */
export function DependencySection({ taskId }: { taskId: string }) {
  const draft = useContent();
  const before = draft.dependencies.filter((each) => each.taskId === taskId).length;
  const after = draft.dependencies.filter((each) => each.dependsOnTaskId === taskId).length;
  return (
    <PanelSection
      id="dependencies"
      title="Dependencies"
      summary={`waits for ${before}, ${after} ${after === 1 ? "waits" : "wait"} for it`}
    >
      <DependencyEditor taskId={taskId} direction="before" />
      <DependencyEditor taskId={taskId} direction="after" />
    </PanelSection>
  );
}

/** One side of a task: a list, and a field that offers only what closes no cycle. */
export function DependencyEditor({ taskId, direction }: { taskId: string; direction: Direction }) {
  const { commands } = useEditor();
  const draft = useContent();
  const showTask = useShowTask();
  const toast = useToast();
  const linked = neighboursOf(draft, taskId, direction);
  const words = direction === "before" ? "Waits for" : "Waited for by";

  function dependencyWith(other: string): DraftDependency {
    return direction === "before"
      ? { taskId, dependsOnTaskId: other }
      : { taskId: other, dependsOnTaskId: taskId };
  }

  function add(other: string | null) {
    if (other === null) return;
    const problem = commands.addDependency(dependencyWith(other));
    if (problem) toast.info("Not connected", { description: problem });
  }

  return (
    <section aria-label={words}>
      <h4 className="text-sm font-medium">{words}</h4>
      <ul className="my-1">
        {linked.map((other) => (
          <li key={other} className="flex items-center gap-1">
            <button
              type="button"
              onClick={() => showTask(other)}
              className="hover:bg-hover min-w-0 flex-1 truncate rounded-sm px-1 py-0.5 text-left"
            >
              {nameOf(draft, other)}
            </button>
            <IconButton
              size="sm"
              label={`Remove dependency with ${nameOf(draft, other)}`}
              onClick={() => commands.removeDependency(dependencyWith(other))}
            >
              <X aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <Combobox
        size="sm"
        label={`${words}: add a task`}
        placeholder="Add a task…"
        emptyText="No other task is possible here without closing a cycle."
        items={candidates(draft, { taskId, direction, linked })}
        value={null}
        onValueChange={add}
      />
    </section>
  );
}

function neighboursOf(
  { dependencies }: GraphDraft,
  taskId: string,
  direction: Direction,
): string[] {
  return direction === "before"
    ? dependencies.filter((each) => each.taskId === taskId).map((each) => each.dependsOnTaskId)
    : dependencies.filter((each) => each.dependsOnTaskId === taskId).map((each) => each.taskId);
}

/** All other tasks but those that a connection would close a cycle with. */
function candidates(
  draft: GraphDraft,
  {
    taskId,
    direction,
    linked,
  }: { taskId: string; direction: Direction; linked: readonly string[] },
) {
  const reach = direction === "before" ? downstreamOf : upstreamOf;
  const refused = new Set([taskId, ...linked, ...reach(toGraphNodes(draft), [taskId])]);
  return draft.nodes
    .filter((node) => !refused.has(node.taskId))
    .map((node) => ({
      value: node.taskId,
      label: node.task.name.trim() || "Unnamed task",
      description: node.task.key,
    }));
}
