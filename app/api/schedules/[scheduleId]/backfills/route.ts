import { route } from "@/lib/auth/route";
import { listBackfills } from "@/lib/db/queries/backfills";
import { scheduleIdSchema, startBackfillSchema } from "@/lib/domain/schedule-inputs";
import { startBackfill } from "@/lib/engine/start-backfill";

export const GET = route({ permission: "schedules.read" }, scheduleIdSchema, ({ db, input }) =>
  listBackfills(db, input),
);

export const POST = route(
  { permission: "schedules.operate" },
  startBackfillSchema,
  ({ db, input, actor }) => startBackfill(db, { ...input, actor }),
);
