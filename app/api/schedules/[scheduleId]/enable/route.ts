import { route } from "@/lib/auth/route";
import { enableScheduleSchema } from "@/lib/domain/schedule-inputs";
import { enableSchedule } from "@/lib/engine/enable-schedule";

export const POST = route(
  { permission: "schedules.operate" },
  enableScheduleSchema,
  ({ db, input, actor }) => enableSchedule(db, { ...input, actor }),
);
