import { route } from "@/lib/auth/route";
import { engineSchema } from "@/lib/domain/inputs";
import { resetCircuitBreaker } from "@/lib/engine/turn-breaker";

export const POST = route({ permission: "breakers.turn" }, engineSchema, ({ db, input, actor }) =>
  resetCircuitBreaker(db, { ...input, actor }),
);
