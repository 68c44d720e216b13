import { defaultBreakerPolicy } from "@/lib/domain/circuit-breaker";
import { tripCircuitBreaker } from "@/lib/engine/turn-breaker";
import { person as actor } from "@/lib/testing/engine-factories";
import { untilAnswered } from "@/worker/soak/until-answered";
import type { World } from "@/worker/soak/world";

/** Short, since all workers of the soak have one engine. */
const policy = { ...defaultBreakerPolicy, cooldownSeconds: 1 };

/** Opens the circuit breaker of the workers' engine; it closes by itself when a probe has ended well. */
export async function tripBreaker({ db, sql, journal }: World): Promise<void> {
  const [worker] = await untilAnswered(
    () => sql<{ engine: string }[]>`
      select engine from workers where engine is not null order by id desc limit 1`,
  );
  if (!worker) return journal.count("nobody to hit");
  await untilAnswered(() => tripCircuitBreaker(db, { engine: worker.engine, policy, actor }));
  journal.count("breakers tripped");
}
