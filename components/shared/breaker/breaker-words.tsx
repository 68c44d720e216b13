"use client";

import { formatCountdown } from "@/components/shared/execution/countdown";
import { useServerNow } from "@/components/shared/execution/use-server-now";
import { RelativeTime } from "@/components/shared/relative-time";
import type { BreakerView } from "@/lib/domain/views";

/** Since when the breaker stands so, by whom, and what comes next. */
export function BreakerWords({ breaker }: { breaker: BreakerView }) {
  const { state, since, turnedBy } = breaker;
  if (state === "closed" && since === null) return "Never opened";
  const by = turnedBy?.type === "worker" ? null : turnedBy?.id;
  return (
    <>
      {state === "closed" ? "Closed" : "Opened"} {since && <RelativeTime at={since} />}
      {by && ` by ${by}`}
      {state === "open" && <NextProbe breaker={breaker} />}
      {state === "half-open" && `, ${describeProbes(breaker)}`}
    </>
  );
}

function NextProbe({ breaker }: { breaker: BreakerView }) {
  const now = useServerNow();
  if (breaker.halfOpenAt === null) return null;
  return (
    <>
      ,{" "}
      <span className="whitespace-nowrap tabular-nums" suppressHydrationWarning>
        next probe {formatCountdown(Date.parse(breaker.halfOpenAt) - now)}
      </span>
    </>
  );
}

function describeProbes({ probesInFlight, probeLimit }: BreakerView): string {
  if (probesInFlight === 0) return "waits for an execution to probe with";
  return `${probesInFlight} of ${probeLimit} probes under way`;
}
