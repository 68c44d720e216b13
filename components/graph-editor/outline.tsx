"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { EmptyState } from "@/components/shared/empty-state";
import { topologicalSort } from "@/lib/domain/graph";
import { useContent } from "./editor-context";
import { type DraftNode, type GraphDraft, toGraphNodes } from "./graph-draft";
import { OutlineRow } from "./outline-row";

/** The graph as a list, in an order in which it can run: for keyboards, screen readers, phones and huge graphs. */
export function Outline() {
  const draft = useContent();
  const scroller = useRef<HTMLElement>(null);
  const nodes = useMemo(() => inOrder(draft), [draft]);
  const names = useMemo(
    () => new Map(draft.nodes.map(({ taskId, task }) => [taskId, task.name])),
    [draft],
  );
  const before = useMemo(() => dependenciesOf(draft), [draft]);
  const rows = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 56,
    getItemKey: (i) => nodes[i]?.taskId ?? i,
    overscan: 12,
  });

  if (nodes.length === 0)
    return (
      <EmptyState title="No tasks yet">
        Add a task with the button above. Here each task is a line with what it waits for.
      </EmptyState>
    );
  return (
    <section ref={scroller} aria-label="Outline" className="min-h-0 flex-1 overflow-y-auto">
      <ol className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const node = nodes[index];
          if (!node) return null;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={nodes.length}
              className="border-line absolute inset-x-0 top-0 border-b"
              style={{ transform: `translateY(${start}px)` }}
            >
              <OutlineRow
                node={node}
                waitsFor={(before.get(node.taskId) ?? []).map((id) => names.get(id) ?? "")}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function inOrder(draft: GraphDraft): DraftNode[] {
  const byId = new Map(draft.nodes.map((node) => [node.taskId, node]));
  return topologicalSort(toGraphNodes(draft)).flatMap((taskId) => byId.get(taskId) ?? []);
}

function dependenciesOf({ dependencies }: GraphDraft): Map<string, string[]> {
  const before = new Map<string, string[]>();
  for (const { taskId, dependsOnTaskId } of dependencies)
    before.set(taskId, [...(before.get(taskId) ?? []), dependsOnTaskId]);
  return before;
}
