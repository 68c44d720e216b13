"use client";

import { formatDuration } from "./format-time";
import { useNow } from "./use-now";

/** From one moment to another; while `to` is `null` it counts on, in whole seconds. */
export function Duration({
  from,
  to,
  className,
}: {
  from: Date | string;
  to: Date | string | null;
  className?: string;
}) {
  const now = useNow({ ticking: to === null });
  const start = new Date(from).getTime();
  const ms = to === null ? wholeSeconds(now - start) : new Date(to).getTime() - start;
  return (
    <span className={className} suppressHydrationWarning>
      {formatDuration(ms)}
    </span>
  );
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
