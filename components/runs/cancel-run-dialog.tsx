"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { RunSummary } from "@/lib/domain/views";
import { useRunActions } from "./use-run-actions";

/** Asks before a whole run is cancelled: says what stops and what is kept. */
export function CancelRunDialog({
  run,
  onClose,
}: {
  /** `null` while closed. */
  run: RunSummary | null;
  onClose: () => void;
}) {
  const actions = useRunActions();
  if (!run) return null;
  const force = run.cancelRequestedAt !== null;
  const { total, completed, failed, cancelled } = run.counts;
  const left = total - completed - failed - cancelled;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={force ? `Force ${run.name} to stop?` : `Cancel ${run.name}?`}
      confirmLabel={force ? "Force stop" : "Cancel run"}
      danger
      onConfirm={() => actions.cancel(run, { force })}
    >
      {left === 1 ? "1 execution has" : `${left} executions have`} not ended.{" "}
      {force
        ? "What still runs is killed now, without time to clean up."
        : "What runs is asked to stop, and killed after ten seconds; what waits will not run."}{" "}
      The {completed} completed are kept. The run can be retried later.
    </ConfirmDialog>
  );
}
