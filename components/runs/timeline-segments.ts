import type { AttemptOutcome } from "@/lib/domain/ending";
import type { RunTimeline } from "@/lib/domain/views";

export type SegmentKind =
  /** Waits for other tasks. */
  | "blocked"
  /** Could run: waits for its time, a worker or a slot. */
  | "queued"
  | "preparing"
  | "running"
  | "retry delay";

export type Segment = {
  kind: SegmentKind;
  from: number;
  to: number;
  /** 0 before the first attempt. */
  attempt: number;
  /** How the attempt ended; null while it goes on, and for what is no attempt. */
  outcome: AttemptOutcome | null;
};

type TimelineExecution = RunTimeline["executions"][number];
type TimelineAttempt = TimelineExecution["attempts"][number];

/** What an execution did when, in order and without overlaps; what goes on reaches to `now` (milliseconds). */
export function segmentsOf(execution: TimelineExecution, now: number): Segment[] {
  const segments: Segment[] = [];
  const end = time(execution.finishedAt) ?? now;
  const { attempts } = execution;
  const firstClaim = time(attempts[0]?.claimedAt) ?? end;
  const ready = Math.min(time(execution.readyAt) ?? firstClaim, firstClaim);
  addWait(segments, "blocked", { from: Date.parse(execution.createdAt), to: ready, attempt: 0 });
  addWait(segments, "queued", { from: ready, to: firstClaim, attempt: 0 });

  for (const [i, attempt] of attempts.entries()) {
    addAttempt(segments, attempt, now);
    const ended = time(attempt.endedAt);
    if (ended === null) continue;
    const next = time(attempts[i + 1]?.claimedAt) ?? Math.max(end, ended);
    addDelay(segments, { attempt, ended, next });
  }
  return segments.filter(({ from, to }) => to > from);
}

function addAttempt(segments: Segment[], attempt: TimelineAttempt, now: number): void {
  const claimed = Date.parse(attempt.claimedAt);
  const ended = time(attempt.endedAt) ?? now;
  const started = time(attempt.startedAt) ?? ended;
  const common = { attempt: attempt.attempt, outcome: attempt.outcome };
  segments.push({ ...common, kind: "preparing", from: claimed, to: started });
  segments.push({ ...common, kind: "running", from: started, to: ended });
}

/**
 * Between two attempts: the delay that the retry strategy asks for, then the queue. A final execution that a person retried
 * later rests in between, and a rest is no segment.
 */
function addDelay(
  segments: Segment[],
  gap: { attempt: TimelineAttempt; ended: number; next: number },
): void {
  const { attempt, ended, next } = gap;
  const due = time(attempt.nextAttemptAt);
  if (due === null && attempt.outcome !== "RELEASED") return;
  const until = Math.min(Math.max(due ?? ended, ended), next);
  addWait(segments, "retry delay", { from: ended, to: until, attempt: attempt.attempt });
  addWait(segments, "queued", { from: until, to: next, attempt: attempt.attempt });
}

function addWait(
  segments: Segment[],
  kind: SegmentKind,
  { from, to, attempt }: { from: number; to: number; attempt: number },
): void {
  segments.push({ kind, from, to, attempt, outcome: null });
}

/** From the first creation to the last end, or `now` while something goes on. */
export function extentOf(timeline: RunTimeline, now: number): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const { createdAt, finishedAt } of timeline.executions) {
    from = Math.min(from, Date.parse(createdAt));
    to = Math.max(to, time(finishedAt) ?? now);
  }
  return to > from ? { from, to } : { from: now - 1000, to: now };
}

const STEPS_SECONDS = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

/** Round marks on the axis, in milliseconds after its beginning, not more than `most`. */
export function ticksOf(lengthMs: number, most: number): number[] {
  const seconds = lengthMs / 1000;
  const step =
    STEPS_SECONDS.find((each) => seconds / each <= most) ??
    Math.ceil(seconds / most / 86_400) * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step * 1000);
}

function time(at: string | null | undefined): number | null {
  return at === null || at === undefined ? null : Date.parse(at);
}
