"use client";

import { formatDuration } from "@/components/shared/format-time";
import { useServerNow } from "./use-server-now";

/** "in 12 s", each second less; "now" once it is due. */
export function Countdown({ to, className }: { to: string; className?: string }) {
  const now = useServerNow();
  return (
    <span className={className} suppressHydrationWarning>
      {formatCountdown(Date.parse(to) - now)}
    </span>
  );
}

export function formatCountdown(ms: number): string {
  if (ms <= 0) return "now";
  return `in ${formatDuration(Math.ceil(ms / 1000) * 1000)}`;
}
