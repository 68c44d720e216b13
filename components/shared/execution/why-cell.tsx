"use client";

import clsx from "clsx";
import { isClaimable } from "@/lib/domain/status";
import type { ExecutionState } from "@/lib/domain/views";
import { Countdown } from "./countdown";
import { describeState, type StateWords } from "./state-words";
import { useServerNow } from "./use-server-now";
import { useSlots } from "./use-slots";

type WhyCellProps = {
  execution: ExecutionState & { pool: string | null };
  causeName?: string | undefined;
};

/** A few words on why an execution stands where it stands; a countdown where it waits for a time. */
export function WhyCell(props: WhyCellProps) {
  const { execution, causeName } = props;
  // Only what waits in the queue depends on the time and on the workers: of a thousand rows few have to ask for them.
  if (isClaimable(execution.status)) return <WaitingCell {...props} />;
  const words = describeState(execution, { system: undefined, now: 0, causeName });
  return <Words words={words} final={execution.finishedAt !== null} />;
}

function WaitingCell({ execution, causeName }: WhyCellProps) {
  const system = useSlots();
  const now = useServerNow();
  const context = { system, now, causeName, pool: execution.pool };
  return <Words words={describeState(execution, context)} final={false} />;
}

function Words({ words, final }: { words: StateWords; final: boolean }) {
  const { why, countdownTo, isError } = words;
  if (why === null && countdownTo === null) return null;
  return (
    <span
      title={why ?? undefined}
      className={clsx("block truncate", isError && final ? "text-danger-fg" : "text-muted")}
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
