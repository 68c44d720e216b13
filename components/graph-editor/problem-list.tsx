"use client";

import { CircleAlert, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { DraftProblem } from "./draft-problems";
import { useContent, useEditor, useProblems } from "./editor-context";
import { fieldWords } from "./field-words";
import { nameOf } from "./graph-draft";
import { useShowTask } from "./use-show-task";

const SHOWN = 100;

/** All that is wrong with the drawing; each line leads to its field. */
export function ProblemList() {
  const problems = useProblems();
  const [open, setOpen] = useState(false);
  if (problems.length === 0) return null;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const label = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return (
    <Popover
      title="Problems"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          variant="ghost"
          icon={
            errors > 0 ? (
              <CircleAlert aria-hidden className="text-danger-fg" />
            ) : (
              <TriangleAlert aria-hidden className="text-warning-fg" />
            )
          }
        >
          {label}
        </Button>
      }
    >
      <ul className="-mx-1">
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={`${problem.taskId} ${problem.path} ${problem.message}`}>
            <ProblemLine problem={problem} onChosen={() => setOpen(false)} />
          </li>
        ))}
      </ul>
      {problems.length > SHOWN && (
        <p className="text-muted px-1 text-xs">… and {problems.length - SHOWN} more</p>
      )}
    </Popover>
  );
}

function ProblemLine({ problem, onChosen }: { problem: DraftProblem; onChosen: () => void }) {
  const { view } = useEditor();
  const draft = useContent();
  const showTask = useShowTask();
  const { taskId, path, message, severity } = problem;
  const words = fieldWords(path);

  function show() {
    onChosen();
    showTask(taskId);
    view.setState({ focus: { taskId, path }, sheetOpen: true });
  }

  return (
    <button
      type="button"
      onClick={show}
      className="hover:bg-hover flex w-full items-start gap-2 rounded-md px-1 py-1 text-left"
    >
      {severity === "error" ? (
        <CircleAlert aria-label="Error" className="text-danger-fg mt-0.5 size-4 shrink-0" />
      ) : (
        <TriangleAlert aria-label="Warning" className="text-warning-fg mt-0.5 size-4 shrink-0" />
      )}
      <span className="min-w-0">
        <span className="block truncate font-medium">
          {taskId === null ? "This graph" : nameOf(draft, taskId)}
        </span>
        <span className="text-muted block text-xs break-words">
          {words && `${words}: `}
          {message}
        </span>
      </span>
    </button>
  );
}
