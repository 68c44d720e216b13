import { route } from "@/lib/auth/route";
import { getRunState } from "@/lib/db/queries/runs";
import { runIdSchema } from "@/lib/domain/inputs";

export const GET = route({ permission: "runs.read" }, runIdSchema, ({ db, input }) =>
  getRunState(db, input),
);
