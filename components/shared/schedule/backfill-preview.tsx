"use client";

import type { BackfillPreview } from "@/lib/domain/schedule-views";
import { FireTime } from "./fire-time";

/** More than this many are shown as the first ones and the last. */
const SHOWN = 6;

/** How many fire times a back-fill would run, and which. */
export function BackfillPreviewList({ preview }: { preview: BackfillPreview }) {
  const { fireTimes, alreadyRun, timeZone } = preview;
  const last = fireTimes.at(-1);
  const isLong = fireTimes.length > SHOWN + 1;
  const first = isLong ? fireTimes.slice(0, SHOWN - 1) : fireTimes;
  return (
    <section
      aria-label="What will be run"
      className="bg-subtle rounded-md px-3 py-2 text-xs tabular-nums"
    >
      <p>
        <strong className="font-medium">
          {fireTimes.length === 1 ? "1 fire time" : `${fireTimes.length} fire times`}
        </strong>{" "}
        <span className="text-muted">
          to run, in {timeZone}
          {alreadyRun > 0 &&
            `; ${alreadyRun === 1 ? "1 has its run" : `${alreadyRun} have their runs`} already`}
        </span>
      </p>
      <ol className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-2">
        {first.map((at) => (
          <li key={at}>
            <FireTime at={at} timeZone={timeZone} />
          </li>
        ))}
        {isLong && last && (
          <li>
            <span className="text-muted">… </span>
            <FireTime at={last} timeZone={timeZone} />
          </li>
        )}
      </ol>
    </section>
  );
}
