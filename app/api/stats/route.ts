import { route } from "@/lib/auth/route";
import { getExecutionStats } from "@/lib/db/queries/stats";
import { readStatsSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "system.read" }, readStatsSchema, ({ db, input }) =>
  getExecutionStats(db, input),
);
