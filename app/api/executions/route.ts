import { route } from "@/lib/auth/route";
import { listExecutions } from "@/lib/db/queries/executions";
import { listExecutionsSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "executions.read" }, listExecutionsSchema, ({ db, input }) =>
  listExecutions(db, input),
);
