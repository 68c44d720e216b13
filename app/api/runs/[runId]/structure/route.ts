import { route } from "@/lib/auth/route";
import { getRunStructure } from "@/lib/db/queries/runs";
import { runIdSchema } from "@/lib/domain/inputs";

export const GET = route({ permission: "runs.read" }, runIdSchema, ({ db, input }) =>
  getRunStructure(db, input),
);
