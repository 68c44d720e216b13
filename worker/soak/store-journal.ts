import type postgres from "postgres";
import type { Journal } from "./journal";
import type { LedgerLine } from "./ledger";

/**
 * Writes what the soak and the commands noted into tables of its own beside the product's, so that the checks and the
 * figures can compare the two in SQL.
 */
export async function storeJournal(
  sql: postgres.Sql,
  journal: Pick<
    Journal,
    | "accepted"
    | "cancelled"
    | "kills"
    | "stops"
    | "stalls"
    | "survivors"
    | "crashes"
    | "fullDisks"
    | "lostCommits"
    | "logs"
  >,
  ledger: readonly LedgerLine[],
): Promise<void> {
  await sql.unsafe("drop schema if exists soak cascade; create schema soak");
  const store = (name: string, columns: string, rows: readonly object[]) =>
    sql.unsafe(
      `create table soak.${name} as select * from jsonb_to_recordset($1::text::jsonb) as r (${columns})`,
      [JSON.stringify(rows)],
    );
  await store(
    "accepted",
    `"executionId" uuid, "runId" uuid`,
    journal.accepted.flatMap(({ runId, executionIds }) =>
      executionIds.map((executionId) => ({ executionId, runId })),
    ),
  );
  await store("cancelled", `"executionId" uuid, at timestamptz`, journal.cancelled);
  await store("kills", `"workerId" uuid, at timestamptz`, journal.kills);
  await store("stops", `"workerId" uuid, "from" timestamptz, "to" timestamptz`, journal.stops);
  await store("stalls", `"workerId" uuid, "from" timestamptz, "to" timestamptz`, journal.stalls);
  await store(
    "survivors",
    `"executionId" uuid, attempt int, "workerId" uuid, at timestamptz, what text`,
    journal.survivors,
  );
  await store(
    "crashes",
    `variant text, at timestamptz, "upAt" timestamptz, "isBusy" boolean`,
    journal.crashes,
  );
  await store("full_disks", `at timestamptz, "upAt" timestamptz`, journal.fullDisks);
  await store(
    "lost_commits",
    `id uuid, "workerId" uuid, at timestamptz`,
    journal.lostCommits.flatMap(({ ids, workerId, at }) => ids.map((id) => ({ id, workerId, at }))),
  );
  await store(
    "refused",
    `"workerId" uuid, "executionId" uuid, attempt int`,
    // A worker that was fenced at any time may itself have given up a report, without asking.
    [...journal.logs]
      .filter(([, { fences }]) => fences === 0)
      .flatMap(([workerId, log]) => log.refusedReports.map((report) => ({ ...report, workerId }))),
  );
  await store(
    "ledger",
    `place int, kind text, "executionId" uuid, attempt int, at timestamptz, "exitCode" int`,
    ledger.map((line) => ({ ...line, at: new Date(line.at) })),
  );
  await sql.unsafe(
    `create index on soak.ledger ("executionId", attempt, kind); analyze soak.ledger`,
  );
}
