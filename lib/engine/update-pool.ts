import { sql } from "drizzle-orm";
import type * as z from "zod";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";
import type { Actor } from "@/lib/domain/actor";
import type { updatePoolSchema } from "@/lib/domain/inputs";
import { notFound } from "./not-found";
import { refuseTaken } from "./refuse-taken";

type Input = z.output<typeof updatePoolSchema> & { actor: Actor };

/**
 * Changes a pool; what is not given stays. More slots are taken at once; with fewer, what runs goes on, and the next one
 * starts when enough has ended. One statement, so that claims never wait for a lock while this process is busy elsewhere.
 */
export async function updatePool(db: Db, input: Input): Promise<{ poolId: string }> {
  const { poolId, projectId, name = null, slots = null, description = null } = input;
  const taken = `The project already has a pool named "${name}"; choose another name.`;
  // The time is taken under the lock: every claim before it has an earlier one, and every later claim has seen these slots.
  const rows = await refuseTaken({ pools_project_id_name_key: taken }, () =>
    db.execute(sql`
      with before as materialized (
        select id, slots from pools where id = ${poolId} and project_id = ${projectId} for update
      ),
      changed as (
        update pools p set name = coalesce(${name}, p.name), slots = coalesce(${slots}, p.slots),
          description = coalesce(${description}, p.description), updated_at = clock_timestamp()
        from before where p.id = before.id
        returning p.slots > before.slots as has_more
      )
      select pg_notify(${channels.changes}, 'projects'), case when has_more then pg_notify(${channels.queue}, '') end
      from changed`),
  );
  if (rows.length === 0) throw notFound("pool", poolId);
  return { poolId };
}
