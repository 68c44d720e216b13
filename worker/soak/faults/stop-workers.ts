import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";

/** How long a worker that was woken is left alone, so that it can do whatever it would do. */
const LEFT_ALONE_MS = 1000;

/** Stops a worker that is running something until its leases have expired, while its commands go on; then wakes it. */
export async function stopWorker(world: World, { share, seconds }: PlannedFault): Promise<void> {
  const { fleet, journal, ending } = world;
  const held = await countHeld(world);
  const worker = await fleet.take("stopped", share, ({ workerId }) => held.get(workerId) ?? 0);
  if (!worker) return;
  const { workerId } = worker;
  const window = { workerId, from: new Date(), to: new Date(Date.now() + seconds * 1000) };
  worker.process.signal("SIGSTOP");
  journal.stops.push(window);
  await ending.sleep(seconds * 1000);
  window.to = new Date();
  worker.process.signal("SIGCONT");
  await ending.sleep(LEFT_ALONE_MS);
  worker.mischief = null;
}

/** How many attempts each worker holds; nothing while the database is away. */
async function countHeld({ sql }: World): Promise<Map<string, number>> {
  const rows = await sql<{ worker_id: string; n: number }[]>`
    select worker_id, count(*)::int as n from attempts where ended_at is null group by worker_id
  `.catch(() => []);
  return new Map(rows.map(({ worker_id, n }) => [worker_id, n]));
}
