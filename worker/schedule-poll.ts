import type { Logger } from "pino";
import { advanceBackfill } from "@/lib/engine/advance-backfill";
import { fireSchedule } from "@/lib/engine/fire-schedule";
import { nextScheduleWork } from "@/lib/engine/next-schedule-work";
import type { WorkerDatabase } from "./worker-database";

/** Another worker is dealing with what is due. */
const BUSY_WAIT_MS = 100;
/** The end of a back-fill's runs wakes nobody. */
const BACKFILL_INTERVAL_MS = 1000;
/** Steps of one poll; then the loop asks anew what there is to do. */
const MAX_STEPS = 50;
/** Whoever changes a schedule tells of it; only a notification that was not heard is made up for by this. */
const IDLE_INTERVAL_MS = 60_000;
/** A run of a large graph takes its time to be written. */
const DEADLINE_MS = 60_000;

type Options = { database: WorkerDatabase; log: Logger };

/**
 * The poll of the loop that fires schedules and takes back-fills further. Every worker has one; the database keeps them
 * from doing anything twice. It sleeps until the next fire time, at most for a minute, and is woken by notifications.
 */
export function createSchedulePoll({ database, log }: Options): () => Promise<number> {
  async function fire(): Promise<number> {
    return repeat(async () => {
      const fired = await database.run((db) => fireSchedule(db), DEADLINE_MS);
      if (!fired) return false;
      const { fault, ...facts } = fired;
      if (fault) log.error({ ...facts, error: fault }, "schedule failed");
      else log.info(facts, "schedule fired");
      return true;
    });
  }

  async function backfill(): Promise<number> {
    return repeat(async () => {
      const step = await database.run((db) => advanceBackfill(db), DEADLINE_MS);
      if (!step) return false;
      const { fault, ...facts } = step;
      if (fault) log.error({ ...facts, error: fault }, "back-fill failed");
      else log.info(facts, "back-fill went on");
      return true;
    });
  }

  return async () => {
    const work = await database.run((db) => nextScheduleWork(db));
    const fired = work.fireInMs === 0 ? await fire() : 0;
    const advanced = work.hasBackfill ? await backfill() : 0;
    if (fired + advanced > 0) return 0;
    const untilFire = work.fireInMs === 0 ? BUSY_WAIT_MS : (work.fireInMs ?? IDLE_INTERVAL_MS);
    return Math.min(untilFire, work.hasBackfill ? BACKFILL_INTERVAL_MS : IDLE_INTERVAL_MS);
  };
}

/** How often it could be done. */
async function repeat(step: () => Promise<boolean>): Promise<number> {
  for (let done = 0; done < MAX_STEPS; done++) if (!(await step())) return done;
  return MAX_STEPS;
}
