"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { Fieldset } from "@base-ui/react/fieldset";
import clsx from "clsx";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type FieldProps = {
  label: ReactNode;
  description?: ReactNode;
  /** What is wrong, in words; shown under the control and read out with it. */
  error?: string | undefined;
  /** The control's name when the form is submitted. */
  name?: string;
  optional?: boolean;
  disabled?: boolean;
  /** Only for screen readers, where the place says what it is. */
  hideLabel?: boolean;
  className?: string;
  /** One control of this folder: input, textarea, number-input, select, combobox, switch, checkbox. */
  children: ReactNode;
};

/** A label, a control, its description and its error, tied together. */
export function Field({
  label,
  description,
  error,
  name,
  optional = false,
  disabled,
  hideLabel = false,
  className,
  children,
}: FieldProps) {
  return (
    <BaseField.Root
      name={name}
      disabled={disabled}
      invalid={error !== undefined}
      className={clsx("flex min-w-0 flex-col gap-1", className)}
    >
      <BaseField.Label className={clsx("w-fit text-sm font-medium", hideLabel && "sr-only")}>
        {label}
        {optional && <span className="text-faint font-normal"> (optional)</span>}
      </BaseField.Label>
      {children}
      {description && (
        <BaseField.Description className="text-muted text-xs text-pretty">
          {description}
        </BaseField.Description>
      )}
      {error !== undefined && (
        <BaseField.Error match className="text-danger-fg">
          <ErrorText>{error}</ErrorText>
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}

/** Several controls under one heading, such as a list editor. */
export function FieldGroup({
  label,
  description,
  error,
  className,
  children,
}: Pick<FieldProps, "label" | "description" | "error" | "className" | "children">) {
  return (
    <Fieldset.Root className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <Fieldset.Legend className="text-sm font-medium">{label}</Fieldset.Legend>
      {description && <p className="text-muted text-xs text-pretty">{description}</p>}
      {children}
      {error !== undefined && (
        <div role="alert" className="text-danger-fg">
          <ErrorText>{error}</ErrorText>
        </div>
      )}
    </Fieldset.Root>
  );
}

/** What is wrong, for a control that is in no `Field`; give it the id that the control is described by. */
export function ErrorText({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <span id={id} className="text-danger-fg flex items-start gap-1 text-xs">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
