import { route } from "@/lib/auth/route";
import { listSchedules } from "@/lib/db/queries/schedules";
import { listSchedulesSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "schedules.read" }, listSchedulesSchema, ({ db, input }) =>
  listSchedules(db, input),
);
