import { updatePool } from "@/lib/engine/update-pool";
import { person as actor } from "@/lib/testing/engine-factories";
import type { PlannedFault } from "@/worker/soak/plan";
import { resizedSlots } from "@/worker/soak/soak-pools";
import { untilAnswered } from "@/worker/soak/until-answered";
import type { World } from "@/worker/soak/world";

/** Gives a pool more or fewer slots, whatever runs in it. */
export async function resizePool(
  { db, sql, journal }: World,
  { share }: PlannedFault,
): Promise<void> {
  const [pool] = await untilAnswered(
    () => sql<{ id: string; project_id: string }[]>`
      select id, project_id from pools where name = 'resized'`,
  );
  if (!pool) throw new Error("The pool to be resized is gone.");
  const { id: poolId, project_id: projectId } = pool;
  const slots = resizedSlots(share);
  await untilAnswered(() => updatePool(db, { poolId, projectId, slots, actor }));
  journal.count("pools resized");
}
