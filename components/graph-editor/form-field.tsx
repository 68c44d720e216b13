"use client";

import type { ReactNode } from "react";
import { Field, type FieldProps } from "@/components/ui/field";
import type { TaskDraft } from "./task-draft";
import { type FieldProblem, problemAt } from "./task-problems";

/** What every part of a task's form is given. */
export type TaskFormPart = {
  task: TaskDraft;
  problems: readonly FieldProblem[];
  onChange: (change: Partial<TaskDraft>) => void;
};

/** A field that knows its path in the schema: it shows what is wrong there, and can be jumped to. */
export function FormField({
  path,
  problems,
  ...field
}: Omit<FieldProps, "error" | "name"> & { path: string; problems: readonly FieldProblem[] }) {
  return (
    <FieldAnchor path={path} className={field.className}>
      <Field {...field} className={undefined} error={problemAt(problems, path)} />
    </FieldAnchor>
  );
}

/** Marks the place of a field for jumping to it. */
export function FieldAnchor({
  path,
  className,
  children,
}: {
  path: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div data-field={path} className={className}>
      {children}
    </div>
  );
}
