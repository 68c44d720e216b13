"use client";

import { formatRelative } from "./format-time";
import { useNow } from "./use-now";

/** "3 min ago", kept up to date; the exact time is its tooltip. */
export function RelativeTime({ at, className }: { at: Date | string; className?: string }) {
  const now = useNow();
  const date = new Date(at);
  return (
    <time
      dateTime={date.toISOString()}
      title={`${date.toISOString().slice(0, 19).replace("T", " ")} UTC`}
      className={className}
      // A second passes between the server's rendering and the browser's.
      suppressHydrationWarning
    >
      {formatRelative(date.getTime(), now)}
    </time>
  );
}
