import { route } from "@/lib/auth/route";
import { getRunTimeline } from "@/lib/db/queries/run-timeline";
import { runIdSchema } from "@/lib/domain/inputs";

export const GET = route({ permission: "runs.read" }, runIdSchema, ({ db, input }) =>
  getRunTimeline(db, input),
);
