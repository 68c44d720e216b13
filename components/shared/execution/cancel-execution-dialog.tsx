"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { type ExecutionStatus, isHeld } from "@/lib/domain/status";
import { executionRules } from "./execution-rules";
import { useExecutionActions } from "./use-execution-actions";

export type CancelTarget = {
  executionId: string;
  taskName: string;
  status: ExecutionStatus;
  cancelRequestedAt: string | null;
};

/** Asks before an execution is cancelled, or killed when it was asked to stop before. */
export function CancelExecutionDialog({
  execution,
  onClose,
}: {
  /** `null` while closed. */
  execution: CancelTarget | null;
  onClose: () => void;
}) {
  const actions = useExecutionActions();
  if (!execution) return null;
  const force = executionRules(execution).cancel === "force";
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${force ? "Force" : "Cancel"} ${execution.taskName}${force ? " to stop" : ""}?`}
      confirmLabel={force ? "Force stop" : "Cancel execution"}
      danger
      onConfirm={() => actions.cancel(execution, { force })}
    >
      {consequence(execution.status, force)} Tasks that wait for it are cancelled too. It can be
      retried later.
    </ConfirmDialog>
  );
}

function consequence(status: ExecutionStatus, force: boolean): string {
  if (force) return "It was asked to stop and is killed now, without time to clean up.";
  if (isHeld(status)) return "It is asked to stop, and killed after ten seconds.";
  return "It has not started and will not run.";
}
