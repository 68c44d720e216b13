import { route } from "@/lib/auth/route";
import { listProjects } from "@/lib/db/queries/projects";
import { nothingSchema } from "@/lib/domain/query-inputs";

export const GET = route({ permission: "projects.read" }, nothingSchema, ({ db }) =>
  listProjects(db),
);
