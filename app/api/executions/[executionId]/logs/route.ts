import { route } from "@/lib/auth/route";
import { readLog } from "@/lib/db/queries/logs";
import { readLogSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "logs.read" }, readLogSchema, ({ db, input }) => {
  const { executionId, attempt, from } = input;
  return readLog(db, { executionId, attempt, fromLine: from });
});
