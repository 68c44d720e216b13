import { route } from "@/lib/auth/route";
import { scheduleTaskBatchSchema } from "@/lib/domain/inputs";
import { MAX_IMPORT_BYTES } from "@/lib/domain/limits";
import { scheduleTaskBatch } from "@/lib/engine/schedule-task-batch";

export const POST = route(
  { permission: "runs.start", maxBytes: MAX_IMPORT_BYTES },
  scheduleTaskBatchSchema,
  ({ db, input, actor }) => scheduleTaskBatch(db, { ...input, actor }),
);
