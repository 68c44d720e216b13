"use client";

import { useServerNow } from "@/components/shared/execution/use-server-now";
import { FireDistance, FireTime, OwnTime } from "./fire-time";
import { formatFire, formatOffset } from "./format-fire";
import { nextFires, type ScheduleDraft } from "./schedule-draft";

const SHOWN = 5;

/** When it would fire, as one types: what an expression means is seen instead of worked out. */
export function FirePreview({ draft }: { draft: ScheduleDraft }) {
  const now = useServerNow();
  const fires = nextFires(draft, new Date(now), SHOWN);
  if (!fires) return null;
  const { timeZone } = draft;
  return (
    <section aria-label="Next fire times" className="bg-subtle rounded-md px-3 py-2 text-xs">
      <h3 className="text-muted font-medium">
        {fires.length === 1 ? "Fires once, in" : "Next fire times in"} {timeZone}
      </h3>
      {fires.length === 0 && (
        <p className="text-warning-fg mt-1">
          {draft.kind === "once"
            ? "This time has passed; choose a later one."
            : "No fire time follows: the end has passed."}
        </p>
      )}
      <ol className="mt-1 flex flex-col gap-1 tabular-nums">
        {fires.map((at) => (
          <li key={at.getTime()} className="flex flex-wrap items-baseline gap-x-2">
            <span className="min-w-44">
              <FireTime at={at.toISOString()} timeZone={timeZone} />{" "}
              <span className="text-faint">{formatOffset(at, timeZone)}</span>
            </span>
            <FireDistance at={at.toISOString()} className="text-muted min-w-16" />
            {draft.kind === "once" && timeZone !== "UTC" && (
              <span className="text-muted">{formatFire(at, "UTC")} UTC</span>
            )}
            <OwnTime at={at.toISOString()} timeZone={timeZone} className="text-muted" />
          </li>
        ))}
      </ol>
    </section>
  );
}
