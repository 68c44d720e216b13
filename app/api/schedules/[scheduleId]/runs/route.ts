import { route } from "@/lib/auth/route";
import { runScheduleSchema } from "@/lib/domain/schedule-inputs";
import { runSchedule } from "@/lib/engine/run-schedule";

export const POST = route({ permission: "runs.start" }, runScheduleSchema, ({ db, input, actor }) =>
  runSchedule(db, { ...input, actor }),
);
