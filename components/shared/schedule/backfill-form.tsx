"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useDebounced } from "@/components/shared/use-debounced";
import { useToasted } from "@/components/shared/use-toasted";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NumberInput } from "@/components/ui/number-input";
import { Skeleton } from "@/components/ui/skeleton";
import { serverClockOffset } from "@/lib/client/clock";
import { backfillPreviewQuery, useStartBackfill } from "@/lib/client/schedules";
import type { ScheduleView } from "@/lib/domain/schedule-views";
import {
  type BackfillDraft,
  backfillInputOf,
  findBackfillProblems,
  newBackfill,
} from "./backfill-draft";
import { BackfillPreviewList } from "./backfill-preview";
import { PriorityField } from "./schedule-rules";

/** The range of a back-fill and how it goes, with what it would run before it starts. */
export function BackfillForm({ schedule }: { schedule: ScheduleView }) {
  const { timeZone } = schedule;
  const [draft, setDraft] = useState(() =>
    newBackfill(new Date(Date.now() + serverClockOffset()), timeZone),
  );
  const [failure, setFailure] = useState<string | null>(null);
  const start = useStartBackfill();
  const { words } = useToasted();
  const input = backfillInputOf(draft, schedule);
  const problems = findBackfillProblems(input);
  const { preview, error, isPending } = usePreview(schedule, input, problems);
  const count = preview?.fireTimes.length ?? 0;

  function change(part: Partial<BackfillDraft>): void {
    setDraft({ ...draft, ...part });
    setFailure(null);
  }

  /** That it has started is seen in the list below. */
  async function submit(): Promise<void> {
    setFailure(await words(() => start.mutateAsync(input)));
  }

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Field label="From" error={problems.from}>
          <Input
            type="datetime-local"
            value={draft.from}
            onValueChange={(from) => change({ from })}
          />
        </Field>
        <Field label="Up to, not included" error={problems.to}>
          <Input type="datetime-local" value={draft.to} onValueChange={(to) => change({ to })} />
        </Field>
        <div className="flex flex-col gap-1.5">
          <Field label="Runs active at once" error={problems.maxActiveRuns}>
            <NumberInput
              min={1}
              max={100}
              disabled={draft.isUnlimited}
              value={draft.maxActiveRuns}
              onValueChange={(maxActiveRuns) => change({ maxActiveRuns })}
            />
          </Field>
          <Checkbox
            label="No limit"
            checked={draft.isUnlimited}
            onCheckedChange={(isUnlimited) => change({ isUnlimited })}
          />
        </div>
        <PriorityField value={draft.priority} onChange={(priority) => change({ priority })} />
      </div>
      {error && <Callout tone="warning">{error.message}</Callout>}
      {isPending && <Skeleton className="h-20" />}
      {preview && !error && <BackfillPreviewList preview={preview} />}
      {failure && <Callout tone="danger">{failure}</Callout>}
      <Button
        variant="primary"
        type="submit"
        className="self-end"
        pending={start.isPending}
        disabledReason={reasonNotToStart({ schedule, count })}
      >
        {count > 0 ? `Back-fill ${runsInWords(count)}` : "Back-fill"}
      </Button>
    </form>
  );
}

/** What the range holds, asked for once the typing rests. */
function usePreview(
  { scheduleId }: ScheduleView,
  input: { from: string; to: string },
  problems: object,
) {
  const range = useDebounced(JSON.stringify([input.from, input.to]));
  const [from = "", to = ""]: string[] = JSON.parse(range); // what the line above has written
  const isReady =
    from === input.from && to === input.to && !("from" in problems || "to" in problems);
  const { data, error, isPending } = useQuery({
    ...backfillPreviewQuery(scheduleId, { from, to }),
    enabled: isReady,
  });
  if (!isReady) return { preview: undefined, error: null, isPending: false };
  return { preview: data, error, isPending };
}

function reasonNotToStart({ schedule, count }: { schedule: ScheduleView; count: number }) {
  if (schedule.isBackfilling) return "A back-fill of this schedule is under way.";
  return count === 0 ? "There is nothing to run in this range." : undefined;
}

function runsInWords(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}
