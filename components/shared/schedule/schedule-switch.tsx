"use client";

import { useToasted } from "@/components/shared/use-toasted";
import { Switch } from "@/components/ui/switch";
import { useEnableSchedule } from "@/lib/client/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";

/** Switches a schedule on and off; shows at once what was asked for. */
export function ScheduleSwitch({ schedule }: { schedule: ScheduleView }) {
  const { scheduleId, name, enabled } = schedule;
  const enable = useEnableSchedule();
  const { run } = useToasted();
  return (
    <Switch
      label={`${name} is on`}
      className="z-1"
      checked={enable.isPending ? enable.variables.enabled : enabled}
      onCheckedChange={(next) =>
        void run(`${name} was not switched ${next ? "on" : "off"}`, () =>
          enable.mutateAsync({ scheduleId, enabled: next }),
        )
      }
    />
  );
}
