import { route } from "@/lib/auth/route";
import { countExecutions } from "@/lib/db/queries/executions";
import { countExecutionsSchema } from "@/lib/domain/query-inputs";

export const GET = route(
  { permission: "executions.read" },
  countExecutionsSchema,
  ({ db, input }) => countExecutions(db, input),
);
