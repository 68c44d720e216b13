import type postgres from "postgres";
import type { ExecutionStatus } from "@/lib/domain/status";
import type { Examples } from "./reads";

/** Ids to read by, from a database with a dashboard's rows. */
export async function findExamples(sql: postgres.Sql): Promise<Omit<Examples, "projects">> {
  const rows = await sql<{ status: ExecutionStatus; id: string; runId: string }[]>`
    select distinct on (status) status, id, run_id as "runId" from executions order by status, id desc`;
  const [old, middle] = await sql<{ id: string }[]>`
    (select id from executions order by id offset 100 limit 1)
    union all (select id from executions order by id offset (select count(*) / 2 from executions) limit 1)`;
  const ofRun = rows.find(({ status }) => status === "RUNNING");
  return {
    runId: ofRun?.runId ?? "",
    middleId: middle?.id ?? "",
    oldId: old?.id ?? "",
    executions: new Map(rows.map(({ status, id }) => [status, id])),
  };
}
