import { route } from "@/lib/auth/route";
import { scheduleIdSchema } from "@/lib/domain/schedule-inputs";
import { deleteSchedule } from "@/lib/engine/delete-schedule";

export const POST = route(
  { permission: "schedules.write" },
  scheduleIdSchema,
  ({ db, input, actor }) => deleteSchedule(db, { ...input, actor }),
);
