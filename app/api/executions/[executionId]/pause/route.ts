import { route } from "@/lib/auth/route";
import { executionIdSchema } from "@/lib/domain/inputs";
import { pauseExecution } from "@/lib/engine/pause-execution";

export const POST = route({ permission: "runs.pause" }, executionIdSchema, ({ db, input, actor }) =>
  pauseExecution(db, { ...input, actor }),
);
