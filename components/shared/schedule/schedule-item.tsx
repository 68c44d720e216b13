"use client";

import type { ScheduleView } from "@/lib/domain/schedule-views";
import { LatestRun, NextFire, ScheduleError, ScheduleWhen } from "./schedule-facts";
import { ScheduleMenu } from "./schedule-menu";
import { ScheduleSwitch } from "./schedule-switch";

/** A schedule in a narrow list: everything about it below its name. */
export function ScheduleItem({ schedule }: { schedule: ScheduleView }) {
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex min-w-0 items-center gap-3">
        <ScheduleSwitch schedule={schedule} />
        <h3 className="min-w-0 flex-1 truncate font-medium" title={schedule.name}>
          {schedule.name}
        </h3>
        <ScheduleMenu schedule={schedule} />
      </div>
      <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <dt className="text-muted">When</dt>
        <dd>
          <ScheduleWhen schedule={schedule} />
        </dd>
        <dt className="text-muted">Next</dt>
        <dd>
          <NextFire schedule={schedule} />
        </dd>
        <dt className="text-muted">Latest run</dt>
        <dd>
          <LatestRun schedule={schedule} />
        </dd>
      </dl>
      <ScheduleError schedule={schedule} />
    </li>
  );
}
