"use client";

import { FileText } from "lucide-react";
import { Duration } from "@/components/shared/duration";
import { RelativeTime } from "@/components/shared/relative-time";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { AttemptOutcome } from "@/lib/domain/ending";
import type { AttemptView } from "@/lib/domain/views";

const TONE = {
  COMPLETED: "success",
  FAILED: "danger",
  TIMEOUT: "danger",
  CANCELLED: "neutral",
  LOST: "warning",
  RELEASED: "neutral",
} as const satisfies Record<AttemptOutcome, Tone>;

/** Each try with its own error, newest first; only the newest failure is red, the others are history. */
export function AttemptList({
  attempts,
  onShowLog,
}: {
  attempts: readonly AttemptView[];
  onShowLog: (attempt: number) => void;
}) {
  if (attempts.length === 0)
    return <p className="text-muted">No worker has taken it yet, so there is no attempt.</p>;
  const newest = attempts.reduce((last, { attempt }) => Math.max(last, attempt), 0);
  return (
    <ol className="flex flex-col">
      {attempts.toReversed().map((attempt) => (
        <li key={attempt.attempt} className="border-line border-b py-2 first:pt-0 last:border-b-0">
          <AttemptItem
            attempt={attempt}
            isNewest={attempt.attempt === newest}
            onShowLog={() => onShowLog(attempt.attempt)}
          />
        </li>
      ))}
    </ol>
  );
}

function AttemptItem({
  attempt,
  isNewest,
  onShowLog,
}: {
  attempt: AttemptView;
  isNewest: boolean;
  onShowLog: () => void;
}) {
  const tone = attempt.outcome === null ? "info" : TONE[attempt.outcome];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">Attempt {attempt.attempt}</span>
        <Badge tone={tone === "danger" && !isNewest ? "neutral" : tone}>
          {attempt.outcome ?? (attempt.startedAt === null ? "PREPARING" : "RUNNING")}
        </Badge>
        <Duration
          from={attempt.claimedAt}
          to={attempt.endedAt}
          className="text-muted tabular-nums"
        />
        <Button
          size="sm"
          variant="ghost"
          icon={<FileText aria-hidden />}
          onClick={onShowLog}
          className="ml-auto"
        >
          Log
        </Button>
      </div>
      {attempt.error && (
        <p className={isNewest ? "text-danger-fg mt-1 break-words" : "text-muted mt-1 break-words"}>
          {attempt.error.message}
        </p>
      )}
      <p className="text-muted mt-1 flex flex-wrap gap-x-3 text-xs">
        <RelativeTime at={attempt.claimedAt} />
        <span className="min-w-0 break-all">
          {attempt.workerName ?? "a worker that is gone"} · {attempt.runner}
        </span>
        {attempt.error?.exitCode != null && <span>exit code {attempt.error.exitCode}</span>}
        {attempt.error?.signal != null && <span>{attempt.error.signal}</span>}
      </p>
    </>
  );
}
