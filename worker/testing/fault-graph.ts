import type postgres from "postgres";
import type { Db } from "@/lib/db/database";
import type { ExecutionOverrides } from "@/lib/domain/task-fields";
import { startRun } from "@/lib/testing/engine-factories";
import { waitFor } from "./worker-process";

export const shellTask = (script: string): ExecutionOverrides => ({
  workflowParams: { image: "alpine:3.20", command: ["sh", "-c", script] },
});

/** Starts a run of layers of ten short shell tasks; each waits for two of the layer before. */
export function startLayers(db: Db, count: number, script = "sleep 0.1") {
  const shape = Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const first = Math.floor(i / 10) * 10 - 10;
      return [`t${i}`, first < 0 ? [] : [`t${i - 10}`, `t${first + ((i + 3) % 10)}`]];
    }),
  );
  const overrides = Object.fromEntries(Object.keys(shape).map((key) => [key, shellTask(script)]));
  return startRun(db, shape, { overrides });
}

/** Waits until a run has a status; a database that is away for the moment is no reason to give up. */
export function waitForRunStatus(
  sql: postgres.Sql,
  run: { runId: string },
  status: string,
  limitMs?: number,
): Promise<unknown> {
  const ask = async () => {
    const rows = await sql`select status from runs where id = ${run.runId}`.catch(() => []);
    return rows[0]?.status === status;
  };
  return waitFor(`the run to be ${status}`, ask, limitMs);
}

/** Number of attempts of each outcome in the database, `open` for those that go on. */
export async function countOutcomes(sql: postgres.Sql): Promise<Record<string, number>> {
  const rows = await sql<{ outcome: string; n: number }[]>`
    select coalesce(outcome, 'open') as outcome, count(*)::int as n from attempts group by 1`;
  return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
}
