"use client";

import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { useCreateSchedule, useUpdateSchedule } from "@/lib/client/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { FirePreview } from "./fire-preview";
import { draftOf, newDraft } from "./schedule-draft";
import { ScheduleRules } from "./schedule-rules";
import { ScheduleTimes } from "./schedule-times";
import { useScheduleForm } from "./use-schedule-form";
import { useViewerZone } from "./use-viewer-zone";

export type ScheduleDialogProps = {
  /** The one to be changed, or the graph that gets a new one. */
  of: { schedule: ScheduleView } | { graphId: string };
  open: boolean;
  onClose: () => void;
};

/** Adds a schedule to a graph, or changes one. */
export function ScheduleDialog({ of, open, onClose }: ScheduleDialogProps) {
  const nameInput = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      title={"schedule" in of ? `Change “${of.schedule.name}”` : "New schedule"}
      size="md"
      initialFocus={nameInput}
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      {open && <Form of={of} nameInput={nameInput} onSaved={onClose} />}
    </Dialog>
  );
}

function Form({
  of,
  nameInput,
  onSaved,
}: {
  of: ScheduleDialogProps["of"];
  nameInput: React.RefObject<HTMLInputElement | null>;
  onSaved: () => void;
}) {
  const viewerZone = useViewerZone();
  const create = useCreateSchedule();
  const update = useUpdateSchedule();
  const form = useScheduleForm({
    initial: "schedule" in of ? draftOf(of.schedule) : newDraft(viewerZone ?? "UTC"),
    onSave: async (schedule) => {
      if ("schedule" in of) {
        const { scheduleId, version } = of.schedule;
        await update.mutateAsync({ scheduleId, version, schedule });
      } else await create.mutateAsync({ graphId: of.graphId, schedule });
      onSaved();
    },
  });
  const part = { draft: form.draft, problems: form.problems, onChange: form.change };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <DialogBody className="flex flex-col gap-4">
        <div className="flex flex-wrap items-start gap-3">
          <Field label="Name" error={form.problems.name} className="min-w-48 flex-1">
            <Input
              ref={nameInput}
              value={form.draft.name}
              onValueChange={(name) => form.change({ name })}
            />
          </Field>
          <div className="flex flex-col gap-1.5">
            <span aria-hidden className="text-sm font-medium">
              Fires
            </span>
            <SegmentedControl
              label="Fires"
              items={[
                { value: "cron", label: "Again and again" },
                { value: "once", label: "Once" },
              ]}
              value={form.draft.kind}
              onValueChange={(kind) => form.change({ kind })}
            />
          </div>
        </div>
        <ScheduleTimes {...part} />
        <FirePreview draft={form.draft} />
        <ScheduleRules {...part} />
        {form.failure && <Callout tone="danger">{form.failure}</Callout>}
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button>Cancel</Button>} />
        <Button variant="primary" type="submit" pending={form.isSaving}>
          {"schedule" in of ? "Save" : "Add schedule"}
        </Button>
      </DialogFooter>
    </form>
  );
}
