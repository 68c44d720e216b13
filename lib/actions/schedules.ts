"use server";

import {
  backfillIdSchema,
  createScheduleSchema,
  enableScheduleSchema,
  runScheduleSchema,
  scheduleIdSchema,
  startBackfillSchema,
  updateScheduleSchema,
} from "@/lib/domain/schedule-inputs";
import { cancelBackfill } from "@/lib/engine/cancel-backfill";
import { createSchedule } from "@/lib/engine/create-schedule";
import { deleteSchedule } from "@/lib/engine/delete-schedule";
import { enableSchedule } from "@/lib/engine/enable-schedule";
import { runSchedule } from "@/lib/engine/run-schedule";
import { startBackfill } from "@/lib/engine/start-backfill";
import { updateSchedule } from "@/lib/engine/update-schedule";
import { action } from "./action";

export const createScheduleAction = action(
  { permission: "schedules.write" },
  createScheduleSchema,
  createSchedule,
);

export const updateScheduleAction = action(
  { permission: "schedules.write" },
  updateScheduleSchema,
  updateSchedule,
);

export const deleteScheduleAction = action(
  { permission: "schedules.write" },
  scheduleIdSchema,
  deleteSchedule,
);

export const enableScheduleAction = action(
  { permission: "schedules.operate" },
  enableScheduleSchema,
  enableSchedule,
);

export const runScheduleAction = action(
  { permission: "runs.start" },
  runScheduleSchema,
  runSchedule,
);

export const startBackfillAction = action(
  { permission: "schedules.operate" },
  startBackfillSchema,
  startBackfill,
);

export const cancelBackfillAction = action(
  { permission: "schedules.operate" },
  backfillIdSchema,
  cancelBackfill,
);
