import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";

/** Kills a worker, whatever it is doing. */
export async function killWorker(
  { fleet, journal }: World,
  { share }: PlannedFault,
): Promise<void> {
  const worker = await fleet.take("killed", share);
  if (!worker) return;
  worker.process.signal("SIGKILL");
  journal.kills.push({ workerId: worker.workerId, at: new Date() });
  await worker.process.ended;
}
