import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";

/** Far more than drain, grace and farewell together take. */
const ENDS_WITHIN_MS = 25_000;

/** Asks a worker to stop; the fleet sees whether it ends in order. */
export async function drainWorker(
  { fleet, journal }: World,
  { share }: PlannedFault,
): Promise<void> {
  const worker = await fleet.take("drained", share);
  if (!worker) return;
  worker.process.signal("SIGTERM");
  journal.count("drains");
  const tooLate = setTimeout(() => {
    const log = worker.process.log().slice(-3000);
    journal.violate("a worker did not end when it was asked to", worker.workerId, log);
    worker.mischief = "killed";
    worker.process.signal("SIGKILL");
  }, ENDS_WITHIN_MS);
  await worker.process.ended;
  clearTimeout(tooLate);
}
