import { setTimeout as sleep } from "node:timers/promises";
import { findViolations } from "@/lib/testing/invariants";
import { describeExecution } from "./describe-execution";
import { untilAnswered } from "./until-answered";
import type { World } from "./world";

/** Checks every invariant that holds at any moment; once everything has come to rest, those that hold then as well. */
export async function checkInvariants(
  { sql, journal }: Pick<World, "sql" | "journal">,
  options: { resting: boolean },
): Promise<void> {
  const violations = await untilAnswered(() => findViolations(sql, options));
  for (const { inv, n, sample } of violations) {
    const [first = ""] = sample;
    const evidence = await untilAnswered(() => describeExecution(sql, journal, first));
    journal.addFound({ rule: inv, count: n, sample, evidence });
  }
}

/** Checks them every minute, and calls back after each check. */
export async function checkEachMinute(
  world: World,
  signal: AbortSignal,
  onChecked: () => void,
): Promise<void> {
  for (;;) {
    await sleep(60_000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    // On a busy machine it takes longer than the server lives.
    await world.journal.mustSucceed("a check", () =>
      world.lanes.run("server", () => checkInvariants(world, { resting: false })),
    );
    onChecked();
  }
}
