import { route } from "@/lib/auth/route";
import { createScheduleSchema } from "@/lib/domain/schedule-inputs";
import { createSchedule } from "@/lib/engine/create-schedule";

export const POST = route(
  { permission: "schedules.write" },
  createScheduleSchema,
  ({ db, input, actor }) => createSchedule(db, { ...input, actor }),
);
