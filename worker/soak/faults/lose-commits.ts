import { elementAt } from "@/lib/testing/random";
import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";
import { hasRecorded } from "@/worker/testing/tcp-proxy";

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** By then its link's worker has completed something, if it ever does. */
const WAIT_MS = 20_000;

/** Cuts a worker's connection in the moment in which it would hear that a completion of its is committed. */
export async function loseCommit(
  { links, fleet, journal, ending }: World,
  { share }: PlannedFault,
): Promise<void> {
  const link = elementAt(links, share);
  if (!link) return;
  let callOff = () => {};
  const lost = new Promise<void>((resolve) => {
    callOff = link.proxy.loseNextCommit(hasRecorded, ({ sent }) => {
      const worker = fleet.all().find(({ slot }) => slot === link.slot);
      const ids = [...new Set(sent.match(ID))];
      if (worker) journal.lostCommits.push({ workerId: worker.workerId, at: new Date(), ids });
      resolve();
    });
  });
  await Promise.race([lost, ending.sleep(WAIT_MS)]);
  // Or it would strike after the faults, when everything is to come to rest.
  callOff();
}
