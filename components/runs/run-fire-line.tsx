import clsx from "clsx";
import { CalendarClock } from "lucide-react";
import Link from "next/link";
import { FireTime } from "@/components/shared/schedule/fire-time";
import type { RunFire } from "@/lib/domain/views";

/** For which fire time of which schedule a run is. */
export function RunFireLine({ fire, className }: { fire: RunFire; className?: string }) {
  const { schedule, at, timeZone, isBackfill } = fire;
  return (
    <span className={clsx("text-muted flex min-w-0 items-start gap-1", className)}>
      <CalendarClock aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 whitespace-normal tabular-nums sm:truncate sm:whitespace-nowrap">
        <span className="sr-only">for </span>
        <FireTime at={at} timeZone={timeZone} />
        {" · "}
        {schedule ? (
          <Link
            href={`/runs?schedule=${schedule.scheduleId}`}
            title={`All runs of the schedule ${schedule.name}`}
            className="hover:text-fg relative z-1 rounded-sm hover:underline"
          >
            {schedule.name}
          </Link>
        ) : (
          "a deleted schedule"
        )}
        {isBackfill && " (back-fill)"}
      </span>
    </span>
  );
}
