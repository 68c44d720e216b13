"use server";

import {
  cancelRunSchema,
  runGraphSchema,
  runIdSchema,
  scheduleTaskSchema,
} from "@/lib/domain/inputs";
import { cancelRun } from "@/lib/engine/cancel-run";
import { pauseRun } from "@/lib/engine/pause-run";
import { resumeRun } from "@/lib/engine/resume-run";
import { retryRun } from "@/lib/engine/retry-run";
import { runGraph } from "@/lib/engine/run-graph";
import { scheduleTask } from "@/lib/engine/schedule-task";
import { action } from "./action";

export const runGraphAction = action({ permission: "runs.start" }, runGraphSchema, runGraph);

export const scheduleTaskAction = action(
  { permission: "runs.start" },
  scheduleTaskSchema,
  scheduleTask,
);

export const cancelRunAction = action({ permission: "runs.cancel" }, cancelRunSchema, cancelRun);

export const pauseRunAction = action({ permission: "runs.pause" }, runIdSchema, pauseRun);

export const resumeRunAction = action({ permission: "runs.pause" }, runIdSchema, resumeRun);

export const retryRunAction = action({ permission: "runs.retry" }, runIdSchema, retryRun);
