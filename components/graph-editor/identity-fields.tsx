"use client";

import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { priorities } from "@/lib/domain/priority";
import { keyFromName } from "@/lib/domain/text";
import { useEditor } from "./editor-context";
import { FormField, type TaskFormPart } from "./form-field";
import { uniqueKey } from "./unique-key";

const PRIORITY_ITEMS = priorities.map((value) => ({ value, label: value })).reverse();

/** Name, key, priority and description. The key follows the name until it was saved or changed by hand. */
export function IdentityFields({
  taskId,
  task,
  problems,
  onChange,
}: TaskFormPart & { taskId: string }) {
  const { draft, commands } = useEditor();

  function changeName(name: string) {
    const isStored = draft.getState().versions.tasks[taskId] !== undefined;
    if (isStored || !isMadeFrom(task.key, task.name)) {
      onChange({ name });
      return;
    }
    const taken = commands.takenKeys();
    taken.delete(task.key);
    onChange({ name, key: uniqueKey(keyFromName(name), taken) });
  }

  return (
    <>
      <FormField path="name" label="Name" problems={problems}>
        <Input value={task.name} onValueChange={changeName} />
      </FormField>
      <div className="grid grid-cols-[minmax(0,1fr)_8.5rem] gap-3">
        <FormField path="key" label="Key" problems={problems}>
          <Input mono value={task.key} onValueChange={(key) => onChange({ key })} />
        </FormField>
        <FormField path="priority" label="Priority" problems={problems}>
          <Select
            items={PRIORITY_ITEMS}
            value={task.priority}
            onValueChange={(priority) => onChange({ priority })}
          />
        </FormField>
      </div>
      <FormField path="description" label="Description" optional problems={problems}>
        <Textarea
          rows={1}
          value={task.description}
          onValueChange={(description) => onChange({ description })}
        />
      </FormField>
    </>
  );
}

/** Whether the key is the one the name would give, perhaps with a number behind. */
function isMadeFrom(key: string, name: string): boolean {
  const base = keyFromName(name);
  return key === base || key.replace(/-\d+$/, "") === base;
}
