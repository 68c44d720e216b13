import { route } from "@/lib/auth/route";
import { scheduleTaskSchema } from "@/lib/domain/inputs";
import { scheduleTask } from "@/lib/engine/schedule-task";

export const POST = route(
  { permission: "runs.start" },
  scheduleTaskSchema,
  ({ db, input, actor }) => scheduleTask(db, { ...input, actor }),
);
