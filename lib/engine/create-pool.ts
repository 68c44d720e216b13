import { v7 as uuidv7 } from "uuid";
import type * as z from "zod";
import type { Db } from "@/lib/db/database";
import { pools } from "@/lib/db/schema/projects";
import type { Actor } from "@/lib/domain/actor";
import type { createPoolSchema } from "@/lib/domain/inputs";
import { notifyChange } from "./notify-change";
import { refuseTaken } from "./refuse-taken";
import { requireProject } from "./require-project";
import { transact } from "./transaction";

type Input = z.output<typeof createPoolSchema> & { actor: Actor };

/** Adds a pool to a project; it limits nothing until tasks name it. */
export async function createPool(db: Db, input: Input): Promise<{ poolId: string }> {
  const { actor: _, ...fields } = input;
  const taken = `The project already has a pool named "${input.name}"; choose another name.`;
  return refuseTaken({ pools_project_id_name_key: taken }, () =>
    transact(db, async (tx) => {
      await requireProject(tx, input.projectId);
      const poolId = uuidv7();
      await tx.insert(pools).values({ id: poolId, ...fields });
      await notifyChange(tx, "projects");
      return { poolId };
    }),
  );
}
