"use client";

import { Ban, OctagonX, Pause, Play, RotateCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { isRunFinal } from "@/lib/domain/status";
import type { RunSummary } from "@/lib/domain/views";
import { CancelRunDialog } from "./cancel-run-dialog";
import { RunAgainButton } from "./run-again-button";
import { useRunActions } from "./use-run-actions";

/** What can be done with the whole run now. `keys` are off while they mean the selected execution instead. */
export function RunActions({ run, keys }: { run: RunSummary; keys: boolean }) {
  const [cancelling, setCancelling] = useState(false);
  const actions = useRunActions();
  const final = isRunFinal(run.status);
  const retryable = run.counts.failed + run.counts.cancelled > 0;
  const retry = () => void actions.retry(run);
  const hotkeys = [
    {
      keys: "r",
      label: "Retry what failed",
      group: "Run",
      disabled: !retryable || actions.retrying,
      run: retry,
    },
    {
      keys: "c",
      label: "Cancel the run",
      group: "Run",
      disabled: final,
      run: () => setCancelling(true),
    },
  ];
  useHotkeys(keys ? hotkeys : []);

  return (
    <>
      {retryable && (
        <Button
          icon={<RotateCw aria-hidden />}
          variant={final ? "primary" : "secondary"}
          pending={actions.retrying}
          onClick={retry}
        >
          Retry failed
        </Button>
      )}
      {final && <RunAgainButton run={run} />}
      {!final && <PauseButton run={run} actions={actions} />}
      {!final && (
        <Button
          icon={run.cancelRequestedAt ? <OctagonX aria-hidden /> : <Ban aria-hidden />}
          onClick={() => setCancelling(true)}
        >
          {run.cancelRequestedAt ? "Force stop" : "Cancel run"}
        </Button>
      )}
      <CancelRunDialog run={cancelling ? run : null} onClose={() => setCancelling(false)} />
    </>
  );
}

function PauseButton({
  run,
  actions,
}: {
  run: RunSummary;
  actions: ReturnType<typeof useRunActions>;
}) {
  if (run.pausedAt !== null)
    return (
      <Button
        icon={<Play aria-hidden />}
        pending={actions.pausing}
        onClick={() => void actions.resume(run)}
      >
        Resume
      </Button>
    );
  return (
    <Button
      icon={<Pause aria-hidden />}
      pending={actions.pausing}
      onClick={() => void actions.pause(run)}
    >
      Pause
    </Button>
  );
}
