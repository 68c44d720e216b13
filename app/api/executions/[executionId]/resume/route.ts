import { route } from "@/lib/auth/route";
import { executionIdSchema } from "@/lib/domain/inputs";
import { resumeExecution } from "@/lib/engine/resume-execution";

export const POST = route({ permission: "runs.pause" }, executionIdSchema, ({ db, input, actor }) =>
  resumeExecution(db, { ...input, actor }),
);
