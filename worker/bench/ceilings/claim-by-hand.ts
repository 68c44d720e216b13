import postgres from "postgres";
import { sharedNow } from "@/worker/bench/figures";
import type { Moment } from "@/worker/bench/no-op-runner";

/** The channel on which the ceilings notify. */
export const BENCH_CHANNEL = "bench";

/**
 * Runs a hand-written claim of one row as soon as a notification comes, and notes when its answer was there. Whatever
 * listens and claims is as little as possible: one connection for each.
 */
export async function claimByHand(options: { databaseUrl: string; claim: string }) {
  const listener = postgres(options.databaseUrl, { max: 1, fetch_types: false });
  const sql = postgres(options.databaseUrl, { max: 1, fetch_types: false });
  const claim = () => sql.unsafe<{ id: string | null }[]>(options.claim, [], { prepare: true });
  let moments: Moment[] = [];
  await claim();
  await listener.listen(BENCH_CHANNEL, () => {
    void claim().then(([row]) => {
      const now = sharedNow();
      if (row?.id) moments.push({ executionId: row.id, startedAt: now, endedAt: now });
    });
  });
  return {
    takeMoments: () => {
      const taken = moments;
      moments = [];
      return taken;
    },
    stop: async () => {
      await Promise.all([listener.end(), sql.end()]);
    },
  };
}
