"use client";

import { Ban, ChevronDown, OctagonX, Pause, Play, RotateCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import { MenuItem } from "@/components/ui/menu-item";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { ExecutionDetail } from "@/lib/domain/views";
import { CancelExecutionDialog } from "./cancel-execution-dialog";
import { executionRules } from "./execution-rules";
import { useExecutionActions } from "./use-execution-actions";

/** The buttons of one execution: only those that are valid now. */
export function ExecutionActions({ execution }: { execution: ExecutionDetail }) {
  const [cancelling, setCancelling] = useState(false);
  const actions = useExecutionActions();
  const rules = executionRules(execution);
  const retry = (downstream: boolean) => void actions.retry(execution, { downstream });
  useHotkeys([
    {
      keys: "r",
      label: "Retry the execution",
      disabled: !rules.retry || actions.retrying,
      run: () => retry(false),
    },
    {
      keys: "c",
      label: "Cancel the execution",
      disabled: rules.cancel === null || rules.cancel === "stopping",
      run: () => setCancelling(true),
    },
  ]);

  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {rules.retry && (
        <div className="flex">
          <Button
            size="sm"
            icon={<RotateCw aria-hidden />}
            pending={actions.retrying}
            onClick={() => retry(false)}
            className={execution.dependents.length > 0 ? "rounded-r-none" : ""}
          >
            Retry
          </Button>
          {execution.dependents.length > 0 && (
            <Menu
              align="end"
              trigger={
                <IconButton
                  size="sm"
                  variant="secondary"
                  label="More ways to retry"
                  className="-ml-px rounded-l-none"
                >
                  <ChevronDown aria-hidden />
                </IconButton>
              }
            >
              <MenuItem icon={<RotateCw aria-hidden />} shortcut="r" onClick={() => retry(false)}>
                Retry this task
              </MenuItem>
              <MenuItem icon={<RotateCw aria-hidden />} onClick={() => retry(true)}>
                Retry this task and all after it
              </MenuItem>
            </Menu>
          )}
        </div>
      )}
      {rules.pause && (
        <Button
          size="sm"
          icon={<Pause aria-hidden />}
          pending={actions.pausing}
          onClick={() => void actions.pause(execution)}
        >
          Pause
        </Button>
      )}
      {rules.resume && (
        <Button
          size="sm"
          icon={<Play aria-hidden />}
          pending={actions.pausing}
          onClick={() => void actions.resume(execution)}
        >
          Resume
        </Button>
      )}
      {rules.cancel && (
        <Button
          size="sm"
          icon={rules.cancel === "soft" ? <Ban aria-hidden /> : <OctagonX aria-hidden />}
          disabledReason={
            rules.cancel === "stopping" ? "It is being killed; there is nothing harder." : undefined
          }
          onClick={() => setCancelling(true)}
        >
          {rules.cancel === "soft" ? "Cancel" : "Force stop"}
        </Button>
      )}
      <CancelExecutionDialog
        execution={cancelling ? execution : null}
        onClose={() => setCancelling(false)}
      />
    </div>
  );
}
