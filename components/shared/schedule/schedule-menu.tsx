"use client";

import { CalendarRange, Ellipsis, Pencil, Play, Trash2, Workflow } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useToasted } from "@/components/shared/use-toasted";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { Menu } from "@/components/ui/menu";
import { MenuItem, MenuLinkItem, MenuSeparator } from "@/components/ui/menu-item";
import { useToast } from "@/components/ui/toast";
import { useDeleteSchedule, useRunSchedule } from "@/lib/client/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { BackfillDialog } from "./backfill-dialog";
import { ScheduleDialog } from "./schedule-dialog";

/** What can be done with a schedule. */
export function ScheduleMenu({ schedule }: { schedule: ScheduleView }) {
  const { scheduleId, name, kind } = schedule;
  const [dialog, setDialog] = useState<"change" | "backfill" | "delete" | null>(null);
  const router = useRouter();
  const toast = useToast();
  const { run, words } = useToasted();
  const runSchedule = useRunSchedule();
  const remove = useDeleteSchedule();
  const close = () => setDialog(null);

  async function runNow(): Promise<void> {
    const started = await run(`${name} was not run`, () => runSchedule.mutateAsync({ scheduleId }));
    if (!started) return;
    const onClick = () => router.push(`/runs/${started.runId}`);
    toast.success(`${name} was started`, { action: { label: "Show the run", onClick } });
  }

  return (
    <span className="relative z-1 flex">
      <Menu
        align="end"
        trigger={
          <IconButton size="sm" label={`Actions for ${name}`} pending={runSchedule.isPending}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil aria-hidden />} onClick={() => setDialog("change")}>
          Change…
        </MenuItem>
        <MenuItem icon={<Play aria-hidden />} onClick={() => void runNow()}>
          Run now
        </MenuItem>
        <MenuItem
          icon={<CalendarRange aria-hidden />}
          disabledReason={kind === "once" ? "It has a single fire time." : undefined}
          onClick={() => setDialog("backfill")}
        >
          Back-fill…
        </MenuItem>
        <MenuLinkItem icon={<Workflow aria-hidden />} href={`/runs?schedule=${scheduleId}`}>
          Show its runs
        </MenuLinkItem>
        <MenuSeparator />
        <MenuItem icon={<Trash2 aria-hidden />} danger onClick={() => setDialog("delete")}>
          Delete…
        </MenuItem>
      </Menu>
      <ScheduleDialog of={{ schedule }} open={dialog === "change"} onClose={close} />
      <BackfillDialog schedule={schedule} open={dialog === "backfill"} onClose={close} />
      <ConfirmDialog
        title={`Delete the schedule “${name}”?`}
        confirmLabel="Delete schedule"
        danger
        open={dialog === "delete"}
        onOpenChange={(open) => {
          if (!open) close();
        }}
        onConfirm={() => words(() => remove.mutateAsync({ scheduleId }))}
      >
        It fires no more, and a back-fill that is under way ends. Runs that it started stay as they
        are. To stop it for a while, switch it off instead.
      </ConfirmDialog>
    </span>
  );
}
