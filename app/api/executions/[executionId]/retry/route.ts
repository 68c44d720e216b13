import { route } from "@/lib/auth/route";
import { retryExecutionSchema } from "@/lib/domain/inputs";
import { retryExecution } from "@/lib/engine/retry-execution";

export const POST = route(
  { permission: "runs.retry" },
  retryExecutionSchema,
  ({ db, input, actor }) => retryExecution(db, { ...input, actor }),
);
