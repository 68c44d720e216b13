import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { graphs, graphVersions } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import type { createGraphSchema } from "@/lib/domain/inputs";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { requireProject } from "./require-project";
import { transact } from "./transaction";

type Input = z.output<typeof createGraphSchema> & { actor: Actor };

/** Adds an empty graph to a project; its version is 1. */
export async function createGraph(
  db: Db,
  { projectId, name, description }: Input,
): Promise<{ graphId: string }> {
  const taken = `The project already has a graph named "${name}"; choose another name.`;
  return refuseTaken({ graphs_project_id_name_key: taken }, () =>
    transact(db, async (tx) => {
      await requireProject(tx, projectId);
      const graphId = uuidv7();
      await tx.insert(graphs).values({ id: graphId, projectId, name, description });
      const snapshot = { name, description, nodes: [], dependencies: [] };
      await tx.insert(graphVersions).values({ graphId, version: 1, snapshot });
      await notifyChange(tx, "graphs");
      return { graphId };
    }),
  );
}
