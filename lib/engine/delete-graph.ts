import { eq } from "drizzle-orm";
import type { Db } from "@/lib/db/database";
import { graphs } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import { notFound } from "./not-found";
import { notifyChange } from "./notify-change";
import { transact } from "./transaction";

/** Deletes a graph with its versions. Its tasks stay in the project and its runs stay as they are. */
export async function deleteGraph(
  db: Db,
  { graphId }: { graphId: string; actor: Actor },
): Promise<Record<string, never>> {
  return transact(db, async (tx) => {
    const deleted = await tx
      .delete(graphs)
      .where(eq(graphs.id, graphId))
      .returning({ id: graphs.id });
    if (deleted.length === 0) throw notFound("graph", graphId);
    await notifyChange(tx, "graphs");
    return {};
  });
}
