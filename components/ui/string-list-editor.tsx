"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import { Button } from "./button";
import { ErrorText, FieldGroup, type FieldProps } from "./field";
import { IconButton } from "./icon-button";
import { moveItem } from "./list-text";
import { Textarea } from "./textarea";
import { useRowFocus } from "./use-row-focus";

export type StringListEditorProps = Pick<FieldProps, "label" | "description" | "error"> & {
  value: readonly string[];
  onValueChange: (value: readonly string[]) => void;
  /** What one of them is, such as "argument". */
  itemName: string;
  placeholder?: string;
  /** What is wrong with one item, by its place. */
  itemErrors?: Readonly<Record<number, string>>;
  disabled?: boolean;
};

/**
 * An ordered list of texts, such as a command and its arguments. Enter adds one, Shift+Enter breaks the line, Backspace
 * in an empty one removes it, Alt with an arrow moves it.
 */
export function StringListEditor({
  label,
  description,
  error,
  value,
  onValueChange,
  itemName,
  placeholder,
  itemErrors = {},
  disabled = false,
}: StringListEditorProps) {
  const id = useId();
  const [listRef, focusRow] = useRowFocus<HTMLOListElement>();

  function insert(index: number) {
    focusRow(index);
    onValueChange(value.toSpliced(index, 0, ""));
  }

  function remove(index: number) {
    focusRow(Math.max(0, index - 1));
    onValueChange(value.toSpliced(index, 1));
  }

  function move(index: number, by: -1 | 1) {
    focusRow(index + by);
    onValueChange(moveItem(value, index, by));
  }

  function onKeyDown(event: KeyboardEvent, index: number) {
    const isEmpty = value[index] === "";
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing)
      insert(index + 1);
    else if (event.key === "Backspace" && isEmpty) remove(index);
    else if (event.key === "ArrowUp" && event.altKey) move(index, -1);
    else if (event.key === "ArrowDown" && event.altKey) move(index, 1);
    else return;
    event.preventDefault();
  }

  return (
    <FieldGroup label={label} description={description} error={error}>
      <ol ref={listRef} className="flex flex-col gap-1">
        {value.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows hold no state, so their place is their identity.
          <li key={index}>
            <div className="flex items-start gap-1">
              <Textarea
                data-row-focus
                aria-label={`${itemName} ${index + 1}`}
                aria-invalid={itemErrors[index] !== undefined || undefined}
                aria-describedby={itemErrors[index] === undefined ? undefined : `${id}-${index}`}
                mono
                rows={1}
                value={item}
                placeholder={placeholder}
                disabled={disabled}
                onValueChange={(next) => onValueChange(value.with(index, next))}
                onKeyDown={(event) => onKeyDown(event, index)}
              />
              <RowButtons
                name={`${itemName} ${index + 1}`}
                first={index === 0}
                last={index === value.length - 1}
                disabled={disabled}
                onMove={(by) => move(index, by)}
                onRemove={() => remove(index)}
              />
            </div>
            {itemErrors[index] !== undefined && (
              <ErrorText id={`${id}-${index}`}>{itemErrors[index]}</ErrorText>
            )}
          </li>
        ))}
      </ol>
      <Button
        size="sm"
        variant="ghost"
        icon={<Plus aria-hidden />}
        disabled={disabled}
        onClick={() => insert(value.length)}
        className="-ml-2 w-fit"
      >
        Add {itemName}
      </Button>
    </FieldGroup>
  );
}

function RowButtons({
  name,
  first,
  last,
  disabled,
  onMove,
  onRemove,
}: {
  name: string;
  first: boolean;
  last: boolean;
  disabled: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  return (
    <div className="text-muted flex h-8 shrink-0 items-center">
      <IconButton
        size="sm"
        label={`Move ${name} up`}
        disabled={disabled || first}
        onClick={() => onMove(-1)}
      >
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={`Move ${name} down`}
        disabled={disabled || last}
        onClick={() => onMove(1)}
      >
        <ArrowDown aria-hidden />
      </IconButton>
      <IconButton size="sm" label={`Remove ${name}`} disabled={disabled} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
