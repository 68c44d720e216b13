import { route } from "@/lib/auth/route";
import { backfillIdSchema } from "@/lib/domain/schedule-inputs";
import { cancelBackfill } from "@/lib/engine/cancel-backfill";

export const POST = route(
  { permission: "schedules.operate" },
  backfillIdSchema,
  ({ db, input, actor }) => cancelBackfill(db, { ...input, actor }),
);
