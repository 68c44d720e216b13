"use client";

import { useState } from "react";
import type * as z from "zod";
import { ActionFailure } from "@/lib/client/call-action";

type Errors<F> = Partial<Record<keyof F, string>>;

/** Fields with the server's own rules, one message for each; what was typed stays whatever happens. */
export function useCheckedForm<F extends object, S extends z.ZodType>({
  initial,
  schema,
  onSave,
  onSaved,
}: {
  initial: F;
  schema: S;
  onSave: (fields: z.output<S>) => Promise<void>;
  onSaved: () => void;
}) {
  const [fields, setFields] = useState(initial);
  const [errors, setErrors] = useState<Errors<F>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  function change(part: Partial<F>) {
    setFields({ ...fields, ...part });
    setErrors({});
    setFailure(null);
  }

  async function submit() {
    const parsed = schema.safeParse(fields);
    setErrors(parsed.success ? {} : errorsOf(parsed.error));
    if (!parsed.success || isSaving) return;
    setSaving(true);
    setFailure(null);
    try {
      await onSave(parsed.data);
      onSaved();
    } catch (error) {
      setFailure(
        error instanceof ActionFailure ? error.message : "Something went wrong. Try again.",
      );
    } finally {
      setSaving(false);
    }
  }

  function reset() {
    setFields(initial);
    setErrors({});
    setFailure(null);
  }

  return { fields, errors, failure, isSaving, change, submit, reset };
}

/** The first message of each field. */
function errorsOf<F>({ issues }: z.ZodError): Errors<F> {
  const entries = issues.map(({ path, message }) => [path[0], message] as const).reverse();
  return Object.fromEntries(entries) as Errors<F>; // the schema's fields are those of the form
}
