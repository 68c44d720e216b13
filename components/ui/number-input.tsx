"use client";

import clsx from "clsx";
import { type KeyboardEvent, useState } from "react";
import type { ControlSize } from "./control-style";
import { Input } from "./input";
import { numberFromText, stepNumber } from "./number-text";

export type NumberInputProps = {
  /** A number; or the text as typed while it is none (also ""), for the schema to refuse in words. */
  value: number | string;
  onValueChange: (value: number | string) => void;
  /** How far the arrow keys go; Shift goes ten times as far. */
  step?: number;
  min?: number;
  max?: number;
  /** Such as "s"; say it in the label or the description as well. */
  unit?: string;
  size?: ControlSize;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
};

/** A number as text: what is typed stays as it is typed, and the wheel never changes it. */
export function NumberInput({
  value,
  onValueChange,
  step = 1,
  min,
  max,
  unit,
  className,
  ...props
}: NumberInputProps) {
  const [typed, setTyped] = useState(String(value));
  // "1.50" and 1.5 are the same value: then what was typed is shown, not the value written out.
  const text = numberFromText(typed) === value ? typed : String(value);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const by = step * (event.shiftKey ? 10 : 1) * (event.key === "ArrowUp" ? 1 : -1);
    onValueChange(stepNumber(value, { by, min, max }));
  }

  return (
    <span className={clsx("relative block min-w-0", className)}>
      <Input
        {...props}
        inputMode="decimal"
        value={text}
        onValueChange={(next) => {
          setTyped(next);
          onValueChange(numberFromText(next));
        }}
        onKeyDown={onKeyDown}
        className={clsx(unit && "pr-9")}
      />
      {unit && (
        <span
          aria-hidden
          className="text-faint pointer-events-none absolute inset-y-0 right-2 flex items-center text-xs"
        >
          {unit}
        </span>
      )}
    </span>
  );
}
