import { route } from "@/lib/auth/route";
import { getGraph } from "@/lib/db/queries/graphs";
import { graphIdSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "graphs.read" }, graphIdSchema, ({ db, input }) =>
  getGraph(db, input),
);
