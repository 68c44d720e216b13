"use client";

import { type ReactElement, useRef, useState } from "react";
import * as z from "zod";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { descriptionSchema, nameSchema } from "@/lib/domain/text";
import { useCheckedForm } from "./use-checked-form";

type FormFields = { name: string; description: string };

const schema = z.strictObject({ name: nameSchema, description: descriptionSchema });

/** Name and description in a dialog: for new projects and graphs, and for renaming. */
export function NamedForm({
  title,
  submitLabel,
  initial = { name: "", description: "" },
  trigger,
  onSave,
}: {
  title: string;
  submitLabel: string;
  initial?: FormFields;
  trigger: ReactElement;
  /** Saves it; throws an ActionFailure that says in words what was refused. */
  onSave: (fields: FormFields) => Promise<void>;
}) {
  const [open, setOpen] = useState(false);
  const nameInput = useRef<HTMLInputElement>(null);
  const form = useCheckedForm({ initial, schema, onSave, onSaved: () => setOpen(false) });

  function onOpenChange(next: boolean) {
    if (next) form.reset();
    setOpen(next);
  }

  return (
    <Dialog
      title={title}
      initialFocus={nameInput}
      open={open}
      onOpenChange={onOpenChange}
      trigger={trigger}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <DialogBody className="flex flex-col gap-3">
          <Field label="Name" error={form.errors.name}>
            <Input
              ref={nameInput}
              value={form.fields.name}
              onValueChange={(name) => form.change({ name })}
            />
          </Field>
          <Field label="Description" optional error={form.errors.description}>
            <Textarea
              value={form.fields.description}
              onValueChange={(description) => form.change({ description })}
            />
          </Field>
          {form.failure && <Callout tone="danger">{form.failure}</Callout>}
        </DialogBody>
        <DialogFooter>
          <DialogClose render={<Button>Cancel</Button>} />
          <Button variant="primary" type="submit" pending={form.isSaving}>
            {submitLabel}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
