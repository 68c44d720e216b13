"use client";

import { Plus, X } from "lucide-react";
import { type ClipboardEvent, useId } from "react";
import { Button } from "./button";
import { ErrorText, FieldGroup, type FieldProps } from "./field";
import { IconButton } from "./icon-button";
import { Input } from "./input";
import { type Entry, entriesFromText } from "./list-text";
import { useRowFocus } from "./use-row-focus";

export type KeyValueEditorProps = Pick<FieldProps, "label" | "description" | "error"> & {
  /** In the order of the rows; doubled and empty keys are kept for the schema to refuse in words. */
  value: readonly Entry[];
  onValueChange: (value: readonly Entry[]) => void;
  /** What one of them is, such as "variable". */
  itemName: string;
  /** What is wrong with one row, by its place. */
  itemErrors?: Readonly<Record<number, string>>;
  disabled?: boolean;
};

/** Names with values, such as environment variables. The lines of an .env file can be pasted into a name. */
export function KeyValueEditor({
  label,
  description,
  error,
  value,
  onValueChange,
  itemName,
  itemErrors = {},
  disabled = false,
}: KeyValueEditorProps) {
  const id = useId();
  const [listRef, focusRow] = useRowFocus<HTMLUListElement>();

  function change(index: number, part: Partial<Entry>) {
    onValueChange(value.map((entry, place) => (place === index ? { ...entry, ...part } : entry)));
  }

  function add() {
    focusRow(value.length);
    onValueChange([...value, { key: "", value: "" }]);
  }

  function remove(index: number) {
    focusRow(Math.max(0, index - 1));
    onValueChange(value.toSpliced(index, 1));
  }

  function onPaste(event: ClipboardEvent, index: number) {
    const entries = entriesFromText(event.clipboardData.getData("text"));
    if (!entries) return;
    event.preventDefault();
    onValueChange(value.toSpliced(index, 1, ...entries));
  }

  return (
    <FieldGroup label={label} description={description} error={error}>
      <ul ref={listRef} className="flex flex-col gap-1">
        {value.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows hold no state, so their place is their identity.
          <li key={index}>
            <div className="flex items-center gap-1">
              <Input
                data-row-focus
                mono
                aria-label={`Name of ${itemName} ${index + 1}`}
                aria-invalid={itemErrors[index] !== undefined || undefined}
                aria-describedby={itemErrors[index] === undefined ? undefined : `${id}-${index}`}
                placeholder="NAME"
                value={entry.key}
                disabled={disabled}
                onValueChange={(key) => change(index, { key })}
                onPaste={(event) => onPaste(event, index)}
                className="basis-2/5"
              />
              <Input
                mono
                aria-label={`Value of ${itemName} ${index + 1}`}
                placeholder="value"
                value={entry.value}
                disabled={disabled}
                onValueChange={(next) => change(index, { value: next })}
                className="basis-3/5"
              />
              <IconButton
                size="sm"
                label={`Remove ${itemName} ${index + 1}`}
                disabled={disabled}
                onClick={() => remove(index)}
              >
                <X aria-hidden />
              </IconButton>
            </div>
            {itemErrors[index] !== undefined && (
              <ErrorText id={`${id}-${index}`}>{itemErrors[index]}</ErrorText>
            )}
          </li>
        ))}
      </ul>
      <Button
        size="sm"
        variant="ghost"
        icon={<Plus aria-hidden />}
        disabled={disabled}
        onClick={add}
        className="-ml-2 w-fit"
      >
        Add {itemName}
      </Button>
    </FieldGroup>
  );
}
