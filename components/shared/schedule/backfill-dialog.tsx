"use client";

import { Dialog, DialogBody } from "@/components/ui/dialog";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { BackfillForm } from "./backfill-form";
import { BackfillList } from "./backfill-list";

/** Runs fire times of the past that have no run, and shows how far earlier back-fills are. */
export function BackfillDialog({
  schedule,
  open,
  onClose,
}: {
  schedule: ScheduleView;
  open: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog
      title={`Back-fill “${schedule.name}”`}
      description="Runs the fire times of a range that have passed without a run, in order. The graph is run as it is saved when each run starts."
      size="md"
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      {open && (
        <DialogBody className="flex flex-col gap-4">
          <BackfillForm schedule={schedule} />
          <BackfillList schedule={schedule} />
        </DialogBody>
      )}
    </Dialog>
  );
}
