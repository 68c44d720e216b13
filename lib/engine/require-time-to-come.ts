import type { Db } from "@/lib/db/database";
import { readClock } from "@/lib/db/queries/clock";
import { EngineError } from "@/lib/domain/errors";
import type { Timing } from "@/lib/domain/schedule";

/** The database's time; refuses a schedule for a single time that has passed already. */
export async function requireTimeToCome(tx: Db, timing: Timing): Promise<Date> {
  const now = new Date(await readClock(tx));
  if (timing.kind === "cron" || timing.onceAt > now) return now;
  const message = "This time has passed; choose a later one, or run the graph now.";
  throw new EngineError("invalid", message, [{ path: "schedule.onceAt", message }]);
}
