"use client";

import { Link2 } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorText } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { upstreamOf } from "@/lib/domain/graph";
import { useContent, useProblems } from "./editor-context";
import { FieldAnchor } from "./form-field";
import { toGraphNodes } from "./graph-draft";

const SHOWN = 12;

/** How a task uses what earlier tasks gave: the references that are possible here, ready to be copied. */
export function ReferenceHelp({ taskId }: { taskId: string }) {
  const warnings = useProblems().filter(
    (problem) => problem.taskId === taskId && problem.path === "references",
  );
  return (
    <FieldAnchor path="references">
      {warnings.map(({ message }) => (
        <p key={message} className="text-warning-fg mb-1 text-xs">
          {message}
        </p>
      ))}
      <Popover
        title="Outputs of earlier tasks"
        trigger={
          <button
            type="button"
            className="text-muted hover:text-fg inline-flex items-center gap-1.5 rounded-sm text-xs"
          >
            <Link2 aria-hidden className="size-3.5" />
            Use outputs of earlier tasks
          </button>
        }
      >
        <References taskId={taskId} />
      </Popover>
    </FieldAnchor>
  );
}

function References({ taskId }: { taskId: string }) {
  const draft = useContent();
  const upstream = upstreamOf(toGraphNodes(draft), [taskId]);
  const earlier = draft.nodes.filter((node) => upstream.has(node.taskId));
  return (
    <div className="text-sm">
      <p className="text-muted text-pretty">
        A command, a variable or an input may hold a reference. It is replaced when the task starts;
        NAME is an output that the earlier task wrote.
      </p>
      {earlier.length === 0 && (
        <ErrorText>This task waits for no other, so there is nothing to refer to yet.</ErrorText>
      )}
      <ul className="mt-2">
        {earlier.slice(0, SHOWN).map(({ taskId: id, task }) => {
          const reference = `\${tasks.${task.key}.outputs.NAME}`;
          return (
            <li key={id} className="flex items-center gap-1">
              <code className="min-w-0 flex-1 truncate font-mono text-xs" title={reference}>
                {reference}
              </code>
              <CopyButton label={`Copy reference to ${task.name}`} value={reference} />
            </li>
          );
        })}
      </ul>
      {earlier.length > SHOWN && (
        <p className="text-muted text-xs">… and {earlier.length - SHOWN} more</p>
      )}
    </div>
  );
}
