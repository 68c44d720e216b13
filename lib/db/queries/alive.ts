import { and, gt, isNull, type SQL, sql } from "drizzle-orm";
import { getConfig } from "@/lib/config";
import { workers } from "@/lib/db/schema/executions";

/** As long as a lease: a worker that was silent for so long holds nothing any more. */
export function defaultAliveWithin(): number {
  return getConfig().leaseDurationSeconds;
}

/** Workers that live and claim; by workers_heartbeat_at_idx. */
export function isClaiming(aliveWithinSeconds: number): SQL | undefined {
  return and(
    heardWithin(aliveWithinSeconds),
    isNull(workers.stoppedAt),
    isNull(workers.drainingAt),
  );
}

/** Workers whose latest heartbeat is no older; by workers_heartbeat_at_idx. */
export function heardWithin(seconds: number): SQL {
  return gt(workers.heartbeatAt, sql`now() - make_interval(secs => ${seconds})`);
}
