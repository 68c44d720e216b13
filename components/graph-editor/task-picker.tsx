"use client";

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";

export type PickedTask = { taskId: string; name: string; key: string; hint?: string };

const SHOWN = 50;

/** A dialog that finds one of many tasks by a part of its name or key: arrows choose, Enter takes. */
export function TaskPicker({
  title,
  tasks,
  empty,
  onPick,
  onClose,
}: {
  title: string;
  tasks: readonly PickedTask[];
  /** What is said when there are no tasks at all. */
  empty: ReactNode;
  onPick: (taskId: string) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const found = findTasks(tasks, text);
  const shown = found.slice(0, SHOWN);
  const chosen = shown[Math.min(active, shown.length - 1)];

  function pick(taskId: string | undefined) {
    if (taskId === undefined) return;
    onClose();
    onPick(taskId);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") setActive(Math.min(active + 1, shown.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter") pick(chosen?.taskId);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog
      title={title}
      initialFocus={input}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <DialogBody>
        <Input
          ref={input}
          role="combobox"
          aria-label={title}
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={chosen && `${listId}-${chosen.taskId}`}
          placeholder="Name or key"
          value={text}
          onValueChange={(next) => {
            setText(next);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div id={listId} role="listbox" aria-label="Tasks" className="-mx-2 mt-2">
          {shown.map((task) => (
            <div
              key={task.taskId}
              id={`${listId}-${task.taskId}`}
              role="option"
              tabIndex={-1}
              aria-selected={task === chosen}
              ref={task === chosen ? scrollIntoView : undefined}
              onClick={() => pick(task.taskId)}
              onKeyDown={onKeyDown}
              className="aria-selected:bg-hover hover:bg-hover flex cursor-pointer items-baseline gap-3 rounded-md px-2 py-1"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{task.name}</span>
              <span className="text-muted max-w-40 truncate font-mono text-xs">{task.key}</span>
              {task.hint && <span className="text-muted shrink-0 text-xs">{task.hint}</span>}
            </div>
          ))}
        </div>
        {found.length > SHOWN && (
          <p className="text-muted mt-2 text-xs">
            … and {found.length - SHOWN} more. Type a part of the name.
          </p>
        )}
        {tasks.length === 0 && <p className="text-muted py-3">{empty}</p>}
        {tasks.length > 0 && found.length === 0 && (
          <p className="text-muted py-3">No task has this in its name or key.</p>
        )}
      </DialogBody>
    </Dialog>
  );
}

function findTasks(tasks: readonly PickedTask[], text: string): PickedTask[] {
  const wanted = text.trim().toLowerCase();
  return tasks.filter(
    ({ name, key }) => name.toLowerCase().includes(wanted) || key.toLowerCase().includes(wanted),
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
