import type postgres from "postgres";
import type { Db } from "@/lib/db/database";
import type { TcpProxy } from "@/worker/testing/tcp-proxy";
import type { Ending } from "./ending";
import type { SmallDisk } from "./faults/fill-disk";
import type { Clock } from "./faults/skew-clocks";
import type { Fleet, Slot } from "./fleet";
import type { Journal } from "./journal";
import type { Lanes } from "./lanes";
import type { Ledger } from "./ledger";
import type { SoakOptions } from "./soak-options";
import type { SoakServer } from "./soak-server";

/** Everything there is during a soak. */
export type World = {
  options: SoakOptions;
  /** Tells when the soak is to end before its time. */
  ending: Ending;
  server: SoakServer;
  /** The soak's own way to the database, which no fault but those of the server itself touches. */
  db: Db;
  sql: postgres.Sql;
  fleet: Fleet;
  links: { slot: Slot; proxy: TcpProxy }[];
  lanes: Lanes;
  journal: Journal;
  ledger: Ledger;
  /** In the environment of every process of every command. */
  mark: string;
  /** Null where this machine does not let itself be used so. */
  disk: SmallDisk | null;
  clock: Clock | null;
};
