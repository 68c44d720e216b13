import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { hotSettings } from "@/lib/db/prepared";
import { sharedNow } from "@/worker/bench/figures";

/** What one step has taken: ids and tokens as Postgres wrote them, handed back unread. */
type Held = { ids: string | null; held: string | null; n: number };

/** One call: how many it took, and when it was made and answered. */
export type Step = { n: number; startedAt: number; endedAt: number };

/** How a database is drained by hand. */
export type Way = {
  batch: number;
  connections: number;
  /** Whether what a call releases is taken by the same call at once, before what has waited longer. */
  keepsReleased: boolean;
};

export type Drained = { seconds: number; steps: Step[] };

const LIMIT_MS = 10_000;
const NOTHING: Held = { ids: null, held: null, n: 0 };

/** Connections that drain a database by the hand-written step: one call ends a batch and takes the next. */
export class Hands {
  readonly #pools: postgres.Sql[];

  private constructor(pools: postgres.Sql[]) {
    this.#pools = pools;
  }

  /** Connects, and prepares the statement. */
  static async open(url: string, connections: number): Promise<Hands> {
    const pools = Array.from({ length: connections }, () =>
      postgres(url, { max: 1, fetch_types: false, connection: { jit: "off", ...hotSettings } }),
    );
    await Promise.all(
      pools.map((sql) => callStep(sql, NOTHING, { batch: 0, connections, keepsReleased: false })),
    );
    return new Hands(pools);
  }

  /** Until so many are completed; returns the seconds and the moments of every call. */
  async drain(total: number, way: Way): Promise<Drained> {
    const steps: Step[] = [];
    let completed = 0;
    let lastTakenAt = sharedNow();
    const loop = async (sql: postgres.Sql) => {
      for (let held = NOTHING; completed < total; ) {
        const startedAt = sharedNow();
        const taken = await callStep(sql, held, way);
        steps.push({ n: taken.n, startedAt, endedAt: sharedNow() });
        if (taken.n + held.n > 0) lastTakenAt = startedAt;
        else await waitForOther(startedAt - lastTakenAt);
        completed += held.n;
        held = taken;
      }
    };
    const startedAt = sharedNow();
    await Promise.all(this.#pools.slice(0, way.connections).map(loop));
    return { seconds: (sharedNow() - startedAt) / 1000, steps };
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map((sql) => sql.end()));
  }
}

/** The other connection holds what the rest waits for. */
async function waitForOther(idleMs: number): Promise<void> {
  if (idleMs > LIMIT_MS) throw new Error("There is less to drain by hand than there should be.");
  await sleep(1);
}

async function callStep(sql: postgres.Sql, { ids, held }: Held, way: Way): Promise<Held> {
  const { batch, connections, keepsReleased } = way;
  // Whoever claims first waits for nobody while it holds what others wait for; alone, it takes what it has just released.
  const claimsFirst = connections > 1;
  const keep = keepsReleased ? batch : 0;
  const [taken] = await sql<Held[]>`
    select * from bench_step(${ids}, ${held}, ${batch}, ${keep}, ${claimsFirst})`;
  return taken ?? NOTHING;
}
