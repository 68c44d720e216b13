import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { projects } from "@/lib/db/schema/projects";
import { notFound } from "./not-found";

/** Keeps a project from being deleted until the transaction ends; refuses an id that is none. */
export async function requireProject(tx: Db, projectId: string): Promise<void> {
  const found = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(eq(projects.id, projectId))
    .for("key share");
  if (found.length === 0) throw notFound("project", projectId);
}
