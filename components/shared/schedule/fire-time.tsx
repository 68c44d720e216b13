"use client";

import { useServerNow } from "@/components/shared/execution/use-server-now";
import { formatRelative } from "@/components/shared/format-time";
import { formatFire, formatOffset } from "./format-fire";
import { useViewerZone } from "./use-viewer-zone";

/** A fire time as the clocks of its schedule show it; the person's own time is the tooltip. */
export function FireTime({
  at,
  timeZone,
  className,
}: {
  at: string;
  timeZone: string;
  className?: string;
}) {
  const viewerZone = useViewerZone();
  const date = new Date(at);
  const own = viewerZone && `Your time: ${formatFire(date, viewerZone)}`;
  return (
    <time
      dateTime={date.toISOString()}
      title={[`${timeZone} (${formatOffset(date, timeZone)})`, own].filter(Boolean).join("\n")}
      className={className}
    >
      {formatFire(date, timeZone)}
    </time>
  );
}

/** The person's own time beside that of a schedule; nothing where both are the same. */
export function OwnTime({
  at,
  timeZone,
  className,
}: {
  at: string;
  timeZone: string;
  className?: string;
}) {
  const viewerZone = useViewerZone();
  const date = new Date(at);
  if (viewerZone === null) return null;
  const own = formatFire(date, viewerZone);
  if (own === formatFire(date, timeZone)) return null;
  return (
    <span className={className}>
      {own} <span className="text-faint">your time</span>
    </span>
  );
}

/** How far away it is, as long as that says more than its date. */
export function FireDistance({ at, className }: { at: string; className?: string }) {
  const now = useServerNow();
  if (Math.abs(Date.parse(at) - now) > NEAR_MS) return null;
  return (
    <span className={className} suppressHydrationWarning>
      {formatRelative(Date.parse(at), now)}
    </span>
  );
}

const NEAR_MS = 28 * 86_400_000;
