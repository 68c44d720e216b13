import { route } from "@/lib/auth/route";
import { getConfig } from "@/lib/config";
import { engineSchema } from "@/lib/domain/inputs";
import { tripCircuitBreaker } from "@/lib/engine/turn-breaker";

export const POST = route({ permission: "breakers.turn" }, engineSchema, ({ db, input, actor }) =>
  tripCircuitBreaker(db, { ...input, actor, policy: getConfig().breaker }),
);
