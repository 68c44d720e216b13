import { route } from "@/lib/auth/route";
import { previewBackfill } from "@/lib/db/queries/backfills";
import { previewBackfillSchema } from "@/lib/domain/schedule-inputs";

export const GET = route({ permission: "schedules.read" }, previewBackfillSchema, ({ db, input }) =>
  previewBackfill(db, input),
);
