"use client";

import { useQuery } from "@tanstack/react-query";
import { RelativeTime } from "@/components/shared/relative-time";
import { StatusBadge } from "@/components/shared/status-badge";
import { StatusBar } from "@/components/shared/status-bar";
import { useToasted } from "@/components/shared/use-toasted";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { Tooltip } from "@/components/ui/tooltip";
import { backfillListQuery, useCancelBackfill } from "@/lib/client/schedules";
import type { BackfillView, ScheduleView } from "@/lib/domain/schedule-views";
import { FireTime } from "./fire-time";

/** The back-fills of a schedule, how far each is, and a way to end the one that goes on. */
export function BackfillList({ schedule }: { schedule: ScheduleView }) {
  const { data: backfills, error } = useQuery(backfillListQuery(schedule.scheduleId));
  if (error && !backfills) return <p className="text-danger-fg text-xs">{error.message}</p>;
  if (!backfills || backfills.length === 0) return null;
  return (
    <Section title="Back-fills so far">
      <ul className="border-line divide-line divide-y rounded-md border">
        {backfills.map((backfill) => (
          <Row key={backfill.backfillId} backfill={backfill} timeZone={schedule.timeZone} />
        ))}
      </ul>
    </Section>
  );
}

function Row({ backfill, timeZone }: { backfill: BackfillView; timeZone: string }) {
  const { status, total, started, runs, error } = backfill;
  const ended = runs.completed + runs.failed + runs.cancelled;
  const waiting = status === "RUNNING" ? total - started : 0;
  return (
    <li className="flex flex-col gap-1.5 px-3 py-2 text-xs">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <StatusBadge status={status} />
        <span className="order-last min-w-0 grow basis-full tabular-nums sm:order-none sm:basis-0">
          <FireTime at={backfill.from} timeZone={timeZone} /> –{" "}
          <FireTime at={backfill.to} timeZone={timeZone} />
        </span>
        <RelativeTime at={backfill.createdAt} className="text-muted ml-auto" />
        {status === "RUNNING" && <CancelButton backfill={backfill} />}
      </div>
      <StatusBar
        label="Runs"
        counts={{
          COMPLETED: runs.completed,
          FAILED: runs.failed,
          CANCELLED: runs.cancelled,
          RUNNING: runs.active,
          PENDING: waiting,
        }}
      />
      <p className="text-muted tabular-nums">
        {started} of {total} started, {ended} ended
        {runs.failed > 0 && <span className="text-danger-fg">, {runs.failed} failed</span>}
      </p>
      {error && <p className="text-danger-fg break-words">{error}</p>}
    </li>
  );
}

function CancelButton({ backfill }: { backfill: BackfillView }) {
  const { backfillId } = backfill;
  const cancel = useCancelBackfill();
  const { run } = useToasted();
  return (
    <Tooltip content="No further run is started; those that were go on.">
      <Button
        size="sm"
        pending={cancel.isPending}
        onClick={() =>
          void run("The back-fill was not cancelled", () => cancel.mutateAsync({ backfillId }))
        }
      >
        Cancel
      </Button>
    </Tooltip>
  );
}
