import { recordAttempts } from "@/lib/engine/record-attempts";
import { elementAt } from "@/lib/testing/random";
import type { PlannedFault } from "@/worker/soak/plan";
import { untilAnswered } from "@/worker/soak/until-answered";
import type { World } from "@/worker/soak/world";

type Stale = {
  executionId: string;
  runId: string;
  attempt: number;
  leaseToken: string;
  workerId: string;
};

/**
 * Reports the completion of an attempt that was lost, while the next one is held: what a worker would do that notices nothing
 * itself. Only the lease token stands in its way.
 */
export async function reportStale(
  { db, sql, journal }: World,
  { share }: PlannedFault,
): Promise<void> {
  const found = await untilAnswered(
    () => sql<Stale[]>`
      select e.id as "executionId", e.run_id as "runId", a.attempt, a.lease_token as "leaseToken", a.worker_id as "workerId"
      from executions e join attempts a on a.execution_id = e.id and a.attempt < e.attempt
      where e.status = 'RUNNING' and a.outcome = 'LOST' order by e.id limit 20`,
  );
  const stale = elementAt(found, share);
  if (!stale) return journal.count("nobody to hit");
  const { workerId, ...ref } = stale;
  const result = {
    exitCode: 0,
    durationMs: 1,
    runner: "process" as const,
    imageDigest: null,
    outputs: { by: "stale" },
  };
  const end = { kind: "completed", result } as const;
  const reports = [{ ...ref, isProbe: false, startedMsAgo: null, end }];
  const actor = { type: "worker", id: workerId } as const;
  const [answer] = await untilAnswered(() => recordAttempts(db, { reports, actor }));
  journal.count("stale reports");
  if (answer?.answer !== "lost")
    journal.violate("a stale report was recorded", ref.executionId, `attempt ${ref.attempt}`);
}
