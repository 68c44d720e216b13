/** What screens and programs read of schedules and back-fills, as views.ts has it for everything else. */
import type { Priority } from "./priority";
import type {
  BackfillStatus,
  FireOutcome,
  MissedFirePolicy,
  OverlapPolicy,
  ScheduleKind,
} from "./schedule";
import type { RunStatus } from "./status";

export type ScheduleView = {
  scheduleId: string;
  graphId: string;
  graphName: string;
  projectId: string;
  projectName: string;
  version: number;
  name: string;
  kind: ScheduleKind;
  /** Of a cron schedule. */
  expression: string | null;
  timeZone: string;
  onceAt: string | null;
  startsAt: string | null;
  endsAt: string | null;
  enabled: boolean;
  missedFires: MissedFirePolicy;
  overlap: OverlapPolicy;
  priority: Priority | null;
  /** Null when none follows, or while it is off. */
  nextFireAt: string | null;
  lastFire: { at: string; outcome: FireOutcome } | null;
  /** Why the last fire failed, in words. */
  error: string | null;
  /** Its run with the latest fire time. */
  latestRun: { runId: string; status: RunStatus; fireAt: string | null } | null;
  isBackfilling: boolean;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
};

/** What a back-fill would run, in order. */
export type BackfillPreview = {
  timeZone: string;
  fireTimes: string[];
  /** Fire times of the range that have a run already. */
  alreadyRun: number;
};

export type BackfillView = {
  backfillId: string;
  scheduleId: string;
  from: string;
  to: string;
  maxActiveRuns: number | null;
  priority: Priority | null;
  status: BackfillStatus;
  /** Fire times in all, and how many of them have their run. */
  total: number;
  started: number;
  runs: { completed: number; failed: number; cancelled: number; active: number };
  error: string | null;
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;
};
