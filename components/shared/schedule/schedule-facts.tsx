"use client";

import { CircleAlert } from "lucide-react";
import { StatusBadge } from "@/components/shared/status-badge";
import { Badge } from "@/components/ui/badge";
import { Code } from "@/components/ui/code";
import { TextLink } from "@/components/ui/text-link";
import { Tooltip } from "@/components/ui/tooltip";
import type { FireOutcome } from "@/lib/domain/schedule";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import { describeExpression } from "./describe-expression";
import { FireDistance, FireTime, OwnTime } from "./fire-time";

type Props = { schedule: ScheduleView };

/** When it fires, in words where that is easy, and on whose clocks. */
export function ScheduleWhen({ schedule }: Props) {
  const { expression, onceAt, timeZone } = schedule;
  if (expression === null)
    return (
      <span className="flex min-w-0 flex-col">
        <span className="truncate">once</span>
        <span className="text-muted truncate text-xs">
          {onceAt && <FireTime at={onceAt} timeZone={timeZone} />} · {timeZone}
        </span>
      </span>
    );
  const words = describeExpression(expression);
  return (
    <span className="flex min-w-0 flex-col">
      <span className="whitespace-normal">{words ?? <Code>{expression}</Code>}</span>
      <span className="text-muted truncate text-xs">
        {words && <span className="font-mono">{expression} · </span>}
        {timeZone}
      </span>
    </span>
  );
}

/** Its next fire time, on its own clocks and on the person's. */
export function NextFire({ schedule }: Props) {
  const { nextFireAt, timeZone, enabled } = schedule;
  if (nextFireAt === null)
    return <span className="text-muted">{enabled ? "none follows" : "switched off"}</span>;
  return (
    <span className="flex flex-col tabular-nums">
      <span>
        <FireTime at={nextFireAt} timeZone={timeZone} />
        <FireDistance at={nextFireAt} className="text-muted ml-1.5" />
      </span>
      <OwnTime at={nextFireAt} timeZone={timeZone} className="text-muted text-xs" />
    </span>
  );
}

const LEFT_OUT = {
  started: null,
  missed: "The last fire time was missed and left out.",
  overlapped: "The last fire time was left out: the run before it was not final.",
  failed: null,
} as const satisfies Record<FireOutcome, string | null>;

/** Its run with the latest fire time, and whether the last fire time started none. */
export function LatestRun({ schedule }: Props) {
  const { latestRun, lastFire, timeZone } = schedule;
  const leftOut = lastFire && LEFT_OUT[lastFire.outcome];
  return (
    <span className="relative z-1 flex flex-wrap items-center gap-x-2 gap-y-1">
      {latestRun ? (
        <>
          <StatusBadge status={latestRun.status} />
          <TextLink href={`/runs/${latestRun.runId}`}>
            {latestRun.fireAt && <FireTime at={latestRun.fireAt} timeZone={timeZone} />}
          </TextLink>
        </>
      ) : (
        <span className="text-muted">never ran</span>
      )}
      {leftOut && (
        <Tooltip content={leftOut}>
          <button type="button" className="cursor-help rounded-sm">
            <Badge tone="warning">left out</Badge>
          </button>
        </Tooltip>
      )}
      {schedule.isBackfilling && <Badge tone="info">back-fill</Badge>}
    </span>
  );
}

/** Why its last fire started no run, in words; nothing when all is well. */
export function ScheduleError({ schedule }: Props) {
  if (schedule.error === null) return null;
  return (
    <span className="text-danger-fg flex items-start gap-1 text-xs whitespace-normal">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{schedule.error}</span>
    </span>
  );
}
