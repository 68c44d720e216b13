"use client";

import clsx from "clsx";
import type { ExecutionState } from "@/lib/domain/views";
import { Countdown } from "./countdown";
import { describeState } from "./state-words";
import { useServerNow } from "./use-server-now";
import { useSlots } from "./use-slots";

/** A few words on why an execution stands where it stands; a countdown where it waits for a time. */
export function WhyCell({
  execution,
  causeName,
  runPaused,
}: {
  execution: ExecutionState;
  causeName?: string | undefined;
  runPaused?: boolean;
}) {
  const system = useSlots();
  const waits = execution.status === "SCHEDULED" || execution.status === "RETRYING";
  const now = useServerNow({ ticking: waits });
  const { why, countdownTo, isError } = describeState(execution, {
    system,
    now,
    causeName,
    ...(runPaused !== undefined && { runPaused }),
  });
  if (why === null && countdownTo === null) return null;
  const isFinalError = isError && execution.finishedAt !== null;
  return (
    <span
      title={why ?? undefined}
      className={clsx("block truncate", isFinalError ? "text-danger-fg" : "text-muted")}
      suppressHydrationWarning
    >
      {countdownTo !== null && (
        <>
          <Countdown to={countdownTo} className="text-fg tabular-nums" />
          {why !== null && " · "}
        </>
      )}
      {why}
    </span>
  );
}
