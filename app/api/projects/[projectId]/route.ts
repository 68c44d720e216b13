import { route } from "@/lib/auth/route";
import { getProject } from "@/lib/db/queries/projects";
import { projectIdSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "projects.read" }, projectIdSchema, ({ db, input }) =>
  getProject(db, input),
);
