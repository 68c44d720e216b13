"use client";

import { formatDuration } from "@/components/shared/format-time";
import { type CalendarEntry, calendarOf } from "./calendar-of";
import type { TaskDraft } from "./task-draft";

const SHOWN = 6;

/** When the attempts come, as one types: what a strategy means is seen instead of worked out. */
export function RetryCalendar({ task }: { task: TaskDraft }) {
  const calendar = calendarOf(task);
  if (!calendar) return null;
  const { entries, worstCaseSeconds } = calendar;
  const last = entries.at(-1);
  return (
    <section aria-label="Retry calendar" className="bg-subtle rounded-md px-3 py-2">
      <table className="w-full text-xs tabular-nums">
        <thead className="text-muted">
          <tr>
            <th className="py-0.5 text-left font-medium">Attempt</th>
            <th className="py-0.5 text-right font-medium">Delay before</th>
            <th className="py-0.5 text-right font-medium">After the first failure</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td className="py-0.5">1</td>
            <td className="text-muted text-right">none</td>
            <td className="text-muted text-right">–</td>
          </tr>
          {entries.slice(0, SHOWN).map((entry) => (
            <Row key={entry.attempt} entry={entry} jitter={task.retryJitter} />
          ))}
          {entries.length > SHOWN + 1 && (
            <tr>
              <td className="text-muted py-0.5" colSpan={3}>
                … {entries.length - SHOWN - 1} more …
              </td>
            </tr>
          )}
          {last && entries.length > SHOWN && <Row entry={last} jitter={task.retryJitter} />}
        </tbody>
      </table>
      <p className="text-muted border-line mt-1.5 border-t pt-1.5 text-xs text-pretty">
        Worst case, every attempt at its timeout:{" "}
        <strong className="text-fg font-medium">{inWords(worstCaseSeconds)}</strong>
      </p>
    </section>
  );
}

function Row({
  entry: { attempt, delaySeconds, atSeconds },
  jitter,
}: {
  entry: CalendarEntry;
  jitter: boolean;
}) {
  return (
    <tr>
      <td className="py-0.5">{attempt}</td>
      <td className="text-right">{range(delaySeconds, jitter)}</td>
      <td className="text-right">+{range(atSeconds, jitter)}</td>
    </tr>
  );
}

function range(seconds: number, jitter: boolean): string {
  if (!jitter || seconds === 0) return inWords(seconds);
  return `${inWords(seconds / 2)} to ${inWords(seconds)}`;
}

function inWords(seconds: number): string {
  return formatDuration(seconds * 1000);
}
