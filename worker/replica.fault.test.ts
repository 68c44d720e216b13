import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeError, statusOf } from "@/lib/auth/describe-error";
import { ConfigError } from "@/lib/config";
import { createDbClient } from "@/lib/db/client";
import { migrateDatabase } from "@/lib/db/migrate";
import { startRun } from "@/lib/testing/engine-factories";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres";
import { prepareDatabase } from "./launcher/prepare-database";
import { startBuiltWorker } from "./testing/start-built-worker";

const REFUSAL = "DATABASE_URL names a read replica";

let dataDir: string;
let standby: EmbeddedPostgres;

/** A server that was stopped in order and goes on as a standby: it answers, and waits for a primary. */
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "dagline-replica-"));
  const settings = { fsync: "off" };
  const primary = await startEmbeddedPostgres({ dataDir, settings });
  await migrateDatabase(primary.url);
  await primary.stop();
  await primary.exited;
  writeFileSync(join(dataDir, "postgres/cluster/standby.signal"), "");
  standby = await startEmbeddedPostgres({ dataDir, settings });
});
afterAll(async () => {
  await standby.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it("is refused by `npm start` and by a worker, in words, however well it answers", async () => {
  const sql = postgres(standby.url, { max: 1 });
  const [row] = await sql`select pg_is_in_recovery() as replica, count(*)::int as n from projects`;
  await sql.end();
  expect(row).toEqual({ replica: true, n: 0 });

  const prepared = prepareDatabase(standby.url, { exampleProject: true });
  await expect(prepared).rejects.toThrow(ConfigError);
  await expect(prepared).rejects.toThrow(REFUSAL);
  const worker = startBuiltWorker({ databaseUrl: standby.url, dataDir });
  await expect(worker).rejects.toThrow(REFUSAL);
});

it("takes no submission when the primary has become one, and the answer says why", async () => {
  const client = createDbClient(standby.url, { max: 1, name: "test" });
  const error = await startRun(client.db, { a: [] }).catch((refused: unknown) => refused);
  await client.close();

  const told = describeError(error, "test");
  expect(statusOf(told.code)).toBe(503);
  expect(told.message).toContain("accepts no changes");
});
