import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "@/lib/db/migrate";
import { startEmbeddedPostgres } from "@/worker/embedded-postgres";

declare module "vitest" {
  interface ProvidedContext {
    /** A server on which tests may create databases. */
    postgresUrl: string;
    /** The migrated database that tests copy. */
    templateName: string;
  }
}

// Nothing of it outlives the run, so it need not survive a power cut.
const FAST = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
};

let undo: (() => Promise<void>)[] = [];

/** Starts one PostgreSQL for the whole run, or takes TEST_DATABASE_URL, and prepares the template database. */
export async function setup(project: TestProject): Promise<void> {
  const postgresUrl = await findServer();
  const templateName = `dagline_template_${process.pid}`;
  project.provide("postgresUrl", postgresUrl);
  project.provide("templateName", templateName);

  await execute(postgresUrl, `create database ${templateName}`);
  undo.unshift(() => execute(postgresUrl, `drop database ${templateName} with (force)`));
  const template = new URL(postgresUrl);
  template.pathname = `/${templateName}`;
  await migrateDatabase(template.href);
}

/** Takes back, last first, what setup did. */
export async function teardown(): Promise<void> {
  for (const step of undo) await step();
  undo = [];
}

async function findServer(): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: a variable of the tests alone, which the product's configuration does not know
  const given = process.env.TEST_DATABASE_URL;
  if (given) return given;
  const dataDir = await mkdtemp(join(tmpdir(), "dagline-test-"));
  undo.unshift(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dataDir, settings: FAST });
  undo.unshift(server.stop);
  return server.url;
}

async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
