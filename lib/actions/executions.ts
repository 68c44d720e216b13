"use server";

import {
  cancelExecutionSchema,
  executionIdSchema,
  retryExecutionSchema,
} from "@/lib/domain/inputs";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { pauseExecution } from "@/lib/engine/pause-execution";
import { resumeExecution } from "@/lib/engine/resume-execution";
import { retryExecution } from "@/lib/engine/retry-execution";
import { action } from "./action";

export const cancelExecutionAction = action(
  { permission: "runs.cancel" },
  cancelExecutionSchema,
  cancelExecution,
);

export const retryExecutionAction = action(
  { permission: "runs.retry" },
  retryExecutionSchema,
  retryExecution,
);

export const pauseExecutionAction = action(
  { permission: "runs.pause" },
  executionIdSchema,
  pauseExecution,
);

export const resumeExecutionAction = action(
  { permission: "runs.pause" },
  executionIdSchema,
  resumeExecution,
);
