import { route } from "@/lib/auth/route";
import { getSchedule } from "@/lib/db/queries/schedules";
import { scheduleIdSchema, updateScheduleSchema } from "@/lib/domain/schedule-inputs";
import { updateSchedule } from "@/lib/engine/update-schedule";

export const GET = route({ permission: "schedules.read" }, scheduleIdSchema, ({ db, input }) =>
  getSchedule(db, input),
);

export const POST = route(
  { permission: "schedules.write" },
  updateScheduleSchema,
  ({ db, input, actor }) => updateSchedule(db, { ...input, actor }),
);
