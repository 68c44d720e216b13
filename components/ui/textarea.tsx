"use client";

import { Field } from "@base-ui/react/field";
import clsx from "clsx";
import type { ComponentProps } from "react";
import { CONTROL_STYLE } from "./control-style";

export type TextareaProps = Omit<ComponentProps<"textarea">, "onChange"> & {
  onValueChange?: (value: string) => void;
  mono?: boolean;
};

/** Several lines; grows with what is typed. */
export function Textarea({
  onValueChange,
  mono = false,
  rows = 3,
  className,
  ...props
}: TextareaProps) {
  const { value, defaultValue, name, disabled, ...native } = props;
  return (
    <Field.Control
      value={value}
      defaultValue={defaultValue}
      name={name}
      disabled={disabled}
      onValueChange={(next) => onValueChange?.(next)}
      render={<textarea {...native} rows={rows} spellCheck={mono ? false : undefined} />}
      className={clsx(
        CONTROL_STYLE,
        "block field-sizing-content max-h-80 px-2 py-1.5 leading-5",
        rows === 1 ? "min-h-8 resize-none" : "resize-y",
        mono && "font-mono",
        className,
      )}
    />
  );
}
