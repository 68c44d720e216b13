import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDbClient } from "@/lib/db/client";
import { buildWorker } from "@/worker/testing/build-worker";
import { startTcpProxy } from "@/worker/testing/tcp-proxy";
import type { Ending } from "./ending";
import { mountSmallDisk } from "./faults/fill-disk";
import { createClock } from "./faults/skew-clocks";
import { Fleet, type Slot } from "./fleet";
import { Journal } from "./journal";
import { Lanes } from "./lanes";
import { Ledger } from "./ledger";
import type { SoakOptions } from "./soak-options";
import { PATIENT, SoakServer } from "./soak-server";
import type { World } from "./world";

const DATABASE = "soak";
const TABLESPACE = "soak_disk";
/** One of so many workers has a link of its own. */
const LINK_SHARE = 3;
const WORKER_ENV = {
  MAX_CONCURRENT_EXECUTIONS: "4",
  STARVATION_BOUND: "10",
  // Workers end by themselves when the soak is gone, as they do when the launcher is.
  DAGLINE_BOOT_ID: "soak",
};

/** What undoes what has been set up so far. */
export type Undo = (() => unknown)[];

/** Undoes what has been set up, last first. */
export async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** Sets up a database server, links, a clock, a disk and workers. How to undo each step is noted before the next begins. */
export async function openWorld(
  options: SoakOptions,
  { ending, undo }: { ending: Ending; undo: Undo },
): Promise<World> {
  const journal = new Journal();
  const dir = mkdtempSync(join(tmpdir(), "dagline-soak-"));
  undo.push(() => rmSync(dir, { recursive: true, force: true }));
  // PostgreSQL may run as another user and must pass through.
  chmodSync(dir, 0o711);

  const program = await buildWorker(dir);
  const disk = orSkip(journal, options.faults.has("disk") ? mountSmallDisk(dir) : null);
  undo.push(() => disk?.remove());
  const clock = orSkip(journal, options.faults.has("clock") ? createClock(dir) : null);
  const server = await SoakServer.start(join(dir, "data"));
  undo.push(() => server.stop());
  if (disk) await server.createTablespace(TABLESPACE, disk.folder);
  await server.createDatabase(DATABASE, disk && TABLESPACE);

  const databaseUrl = server.urlOf(DATABASE);
  const client = createDbClient(databaseUrl, { max: 12, name: "soak", settings: PATIENT });
  undo.push(() => client.close());

  const links: World["links"] = [];
  const slots: Slot[] = [];
  for (let number = 0; number < options.workers; number++) {
    const isLinked = number >= options.workers - Math.round(options.workers / LINK_SHARE);
    // The workers of the first place have the wrong clock.
    const isSkewed = clock !== null && number === 0;
    const env = { ...WORKER_ENV, ...(isSkewed && clock.env) };
    const slot: Slot = { number: number + 1, isLinked, isSkewed, databaseUrl, env };
    if (isLinked) {
      const proxy = await startTcpProxy(databaseUrl);
      undo.push(() => proxy.close());
      slot.databaseUrl = proxy.through(databaseUrl);
      links.push({ slot, proxy });
    }
    slots.push(slot);
  }
  const whenDatabaseIsUp = () => server.whenUp();
  const dataDir = join(dir, "workers");
  const fleet = new Fleet({ slots, program, dataDir, journal, ending, whenDatabaseIsUp });
  undo.push(() => fleet.kill());
  await fleet.open();
  const ledger = new Ledger(dir);
  const mark = randomBytes(8).toString("hex");
  const { db, sql } = client;
  const lanes = new Lanes();
  return {
    options,
    ending,
    lanes,
    server,
    db,
    sql,
    fleet,
    links,
    journal,
    ledger,
    mark,
    disk,
    clock,
  };
}

/** What can be had here; the sentence about what cannot goes into the report. */
function orSkip<T extends object>(journal: Journal, given: T | string | null): T | null {
  if (typeof given !== "string") return given;
  journal.skipped.push(given);
  return null;
}
