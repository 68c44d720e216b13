import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { projects } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import type { saveProjectSchema } from "@/lib/domain/inputs";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { transact } from "./transaction";

type Input = z.output<typeof saveProjectSchema> & { actor: Actor };

/** Creates a project, or changes the name and description of the one whose id is given. */
export async function saveProject(db: Db, input: Input): Promise<{ projectId: string }> {
  const taken = `There already is a project named "${input.name}"; choose another name.`;
  return refuseTaken({ projects_name_key: taken }, () =>
    transact(db, async (tx) => {
      const projectId = input.projectId
        ? await updateProject(tx, { ...input, projectId: input.projectId })
        : await insertProject(tx, input);
      await notifyChange(tx, "projects");
      return { projectId };
    }),
  );
}

async function insertProject(tx: Db, { name, description }: Input): Promise<string> {
  const projectId = uuidv7();
  await tx.insert(projects).values({ id: projectId, name, description });
  return projectId;
}

async function updateProject(tx: Db, input: Input & { projectId: string }): Promise<string> {
  const { projectId, name, description } = input;
  const updated = await tx
    .update(projects)
    .set({ name, description, updatedAt: sql`now()` })
    .where(eq(projects.id, projectId))
    .returning({ id: projects.id });
  if (updated.length === 0) throw notFound("project", projectId);
  return projectId;
}
