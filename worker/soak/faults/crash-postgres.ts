import { setTimeout as sleep } from "node:timers/promises";
import type { PlannedFault } from "@/worker/soak/plan";
import { untilAnswered } from "@/worker/soak/until-answered";
import { untilWorkGoesOn } from "@/worker/soak/until-work-goes-on";
import type { World } from "@/worker/soak/world";

const CANCELLED_STATEMENTS = 100;
const BETWEEN_CANCELS_MS = 10;

/**
 * Takes PostgreSQL down in one of the ways there are, and up again; the milder ways disturb it only. Then lets work go on.
 */
export async function crashPostgres(world: World, { variant }: PlannedFault): Promise<void> {
  const { journal } = world;
  const at = new Date();
  const upAt = await crash(world, variant);
  if (!upAt) await disturb(world, variant);
  const isBusy = await untilWorkGoesOn(world, upAt ?? new Date());
  if (upAt) journal.crashes.push({ variant, at, upAt, isBusy });
}

/** Returns when the server answered again; null when this is no way to crash it. */
async function crash(world: World, variant: string): Promise<Date | null> {
  const { server } = world;
  if (variant === "server killed") return server.endAndRestart("SIGKILL");
  if (variant === "immediate stop") return server.endAndRestart("SIGQUIT");
  if (variant === "backend killed") return server.killBackend(() => findBackend(world));
  return null;
}

async function disturb(world: World, variant: string): Promise<void> {
  const { server, journal } = world;
  switch (variant) {
    case "restart":
      await server.endAndRestart("SIGINT");
      break;
    case "connections cut":
      await untilAnswered(
        () => world.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'dagline worker%'`,
      );
      break;
    default:
      await cancelStatements(world);
  }
  journal.count("disturbances");
}

/** A server process at work for a worker, or one that waits for it. */
async function findBackend({ sql }: World): Promise<number> {
  const rows = await untilAnswered(
    () => sql<{ pid: number }[]>`
      select pid from pg_stat_activity where application_name like 'dagline worker%'
      order by state = 'idle', random() limit 1`,
  );
  const [row] = rows;
  if (!row) throw new Error("No worker is connected to the database.");
  return row.pid;
}

async function cancelStatements({ sql }: World): Promise<void> {
  for (let i = 0; i < CANCELLED_STATEMENTS; i++) {
    await untilAnswered(
      () => sql`
        select pg_cancel_backend(pid) from pg_stat_activity
        where application_name = 'dagline worker' and state <> 'idle'`,
    );
    await sleep(BETWEEN_CANCELS_MS);
  }
}
