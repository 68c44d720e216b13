"use client";

import { useState } from "react";
import { ActionFailure } from "@/lib/client/call-action";
import { descriptionSchema, nameSchema } from "@/lib/domain/text";

export type FormFields = { name: string; description: string };
type Errors = Partial<Record<keyof FormFields, string>>;

/** Name and description with the server's own rules; what was typed stays whatever happens. */
export function useNamedForm({
  initial,
  onSave,
  onSaved,
}: {
  initial: FormFields;
  onSave: (fields: FormFields) => Promise<void>;
  onSaved: () => void;
}) {
  const [fields, setFields] = useState(initial);
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  function change(part: Partial<FormFields>) {
    setFields({ ...fields, ...part });
    setErrors({});
    setFailure(null);
  }

  async function submit() {
    const found = findErrors(fields);
    setErrors(found);
    if (Object.keys(found).length > 0 || isSaving) return;
    setSaving(true);
    setFailure(null);
    try {
      await onSave(fields);
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

function findErrors({ name, description }: FormFields): Errors {
  const errors: Errors = {};
  const nameIssue = nameSchema.safeParse(name).error?.issues[0];
  const descriptionIssue = descriptionSchema.safeParse(description).error?.issues[0];
  if (nameIssue) errors.name = nameIssue.message;
  if (descriptionIssue) errors.description = descriptionIssue.message;
  return errors;
}
