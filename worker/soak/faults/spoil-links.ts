import { elementAt } from "@/lib/testing/random";
import type { PlannedFault } from "@/worker/soak/plan";
import type { World } from "@/worker/soak/world";

const SLOW_MS = 200;
const RESET_EVERY_MS = 500;

type Link = World["links"][number];

/** Makes a worker's link to the database bad for a while: it swallows everything, is reset again and again, or is slow. */
export async function spoilLink(world: World, fault: PlannedFault): Promise<void> {
  const link = elementAt(world.links, fault.share);
  if (!link) return;
  const ms = fault.seconds * 1000;
  if (fault.variant === "black hole") await swallow(world, link, ms);
  else if (fault.variant === "resets") await resetAgainAndAgain(world, link, ms);
  else await slowDown(world, link, ms);
}

async function swallow({ journal, ending }: World, { proxy }: Link, ms: number) {
  proxy.blackHole();
  await ending.sleep(ms);
  proxy.heal();
  journal.count("black holes");
}

async function resetAgainAndAgain({ journal, ending }: World, { proxy }: Link, ms: number) {
  for (const end = Date.now() + ms; Date.now() < end && !ending.signal.aborted; ) {
    proxy.reset();
    journal.count("resets");
    await ending.sleep(RESET_EVERY_MS);
  }
}

async function slowDown({ journal, ending }: World, { proxy }: Link, ms: number) {
  proxy.delay(SLOW_MS);
  await ending.sleep(ms);
  proxy.delay(0);
  journal.count("slow links");
}
