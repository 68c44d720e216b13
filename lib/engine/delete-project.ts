import { and, count, eq, notInArray } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { runs } from "@/lib/db/schema/executions";
import { projects } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { EngineError } from "@/lib/domain/errors";
import { isRunFinal, runStatuses } from "@/lib/domain/status";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { transact } from "./transaction";

/** Deletes a project with its tasks, graphs and runs. Refused while one of its runs is not final. */
export async function deleteProject(
  db: Db,
  input: { projectId: string; actor: Actor },
): Promise<Record<string, never>> {
  const { projectId } = input;
  return transact(db, async (tx) => {
    // The lock also makes a run that is being created wait, so the count below cannot miss it.
    const [project] = await tx
      .select({ name: projects.name })
      .from(projects)
      .where(eq(projects.id, projectId))
      .for("update");
    if (!project) throw notFound("project", projectId);
    await requireNoActiveRun(tx, { projectId, name: project.name });
    await tx.delete(projects).where(eq(projects.id, projectId));
    await notifyChange(tx, "projects");
    return {};
  });
}

async function requireNoActiveRun(tx: Db, project: { projectId: string; name: string }) {
  const [row] = await tx
    .select({ active: count() })
    .from(runs)
    .where(
      and(
        eq(runs.projectId, project.projectId),
        notInArray(runs.status, runStatuses.filter(isRunFinal)),
      ),
    );
  const active = row?.active ?? 0;
  if (active === 0) return;
  const what = active === 1 ? "A run of it is" : `${active} runs of it are`;
  throw new EngineError(
    "conflict",
    `The project "${project.name}" cannot be deleted yet: ${what} not finished. Cancel what runs, or wait for its end.`,
  );
}
