import { route } from "@/lib/auth/route";
import { getExecution } from "@/lib/db/queries/executions";
import { executionIdSchema } from "@/lib/domain/inputs";

export const GET = route({ permission: "executions.read" }, executionIdSchema, ({ db, input }) =>
  getExecution(db, input),
);
