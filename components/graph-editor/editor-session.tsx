"use client";

import { createContext, type ReactNode, useContext } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ConflictDialog } from "./conflict-dialog";
import { useProblems } from "./editor-context";
import type { RunScope } from "./run-scope";
import { useLeaveGuard } from "./use-leave-guard";
import { useRun } from "./use-run";
import { useSave } from "./use-save";

type Session = {
  save: () => Promise<boolean>;
  isSaving: boolean;
  run: (scope: RunScope) => Promise<void>;
  isStarting: boolean;
};

const SessionContext = createContext<Session | null>(null);

/** Saving, running and leaving, with the dialogs they may need. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const { save, saveOver, isSaving, conflict, closeConflict } = useSave();
  const { run, start, isStarting, asking, stopAsking } = useRun(save);
  const leaveDialog = useLeaveGuard(save);
  const warnings = useProblems().filter(({ severity }) => severity === "warning");
  return (
    <SessionContext value={{ save, isSaving, run, isStarting }}>
      {children}
      {leaveDialog}
      {conflict && <ConflictDialog theirs={conflict} saveOver={saveOver} onClose={closeConflict} />}
      <ConfirmDialog
        title="Run it although something looks wrong?"
        confirmLabel="Run anyway"
        open={asking !== null}
        onOpenChange={(open) => {
          if (!open) stopAsking();
        }}
        onConfirm={async () => (asking ? start(asking) : null)}
      >
        <ul className="list-disc space-y-1 pl-4">
          {warnings.slice(0, 5).map(({ taskId, message }) => (
            <li key={`${taskId} ${message}`}>{message}</li>
          ))}
          {warnings.length > 5 && <li>… and {warnings.length - 5} more</li>}
        </ul>
      </ConfirmDialog>
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider above it.");
  return session;
}
