import { route } from "@/lib/auth/route";
import { cancelExecutionSchema } from "@/lib/domain/inputs";
import { cancelExecution } from "@/lib/engine/cancel-execution";

export const POST = route(
  { permission: "runs.cancel" },
  cancelExecutionSchema,
  ({ db, input, actor }) => cancelExecution(db, { ...input, actor }),
);
