import { sql } from "drizzle-orm";
import { channels } from "@/lib/db/channels";
import type { Db } from "@/lib/db/database";

/** Tells open screens, once the transaction commits, what to read again. */
export async function notifyChange(
  tx: Db,
  topic: "projects" | "graphs" | "workers",
): Promise<void> {
  await tx.execute(sql`select pg_notify(${channels.changes}, ${topic})`);
}
