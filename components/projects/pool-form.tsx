"use client";

import { type ReactElement, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NumberInput } from "@/components/ui/number-input";
import { Textarea } from "@/components/ui/textarea";
import { poolFieldsSchema } from "@/lib/domain/inputs";
import { MAX_POOL_SLOTS } from "@/lib/domain/limits";
import { useCheckedForm } from "./use-checked-form";

type PoolFields = { name: string; slots: number; description: string };

const NEW: PoolFields = { name: "", slots: 1, description: "" };

/** Name, slots and description of a pool in a dialog. */
export function PoolForm({
  title,
  submitLabel,
  initial = NEW,
  trigger,
  onSave,
}: {
  title: string;
  submitLabel: string;
  initial?: PoolFields;
  trigger: ReactElement;
  /** Saves it; throws an ActionFailure that says in words what was refused. */
  onSave: (fields: PoolFields) => Promise<void>;
}) {
  const [open, setOpen] = useState(false);
  const nameInput = useRef<HTMLInputElement>(null);
  const form = useCheckedForm({
    initial: initial as Omit<PoolFields, "slots"> & { slots: number | string },
    schema: poolFieldsSchema,
    onSave,
    onSaved: () => setOpen(false),
  });
  const { fields, errors, change } = form;

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
          <Field label="Name" error={errors.name}>
            <Input ref={nameInput} value={fields.name} onValueChange={(name) => change({ name })} />
          </Field>
          <Field
            label="Slots"
            error={errors.slots}
            description="How many of its executions run at one time, over all workers; where tasks give keys, of each key. Fewer slots stop nothing that runs."
          >
            <NumberInput
              min={1}
              max={MAX_POOL_SLOTS}
              value={fields.slots}
              onValueChange={(slots) => change({ slots })}
            />
          </Field>
          <Field label="Description" optional error={errors.description}>
            <Textarea
              value={fields.description}
              onValueChange={(description) => change({ description })}
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
