"use server";

import { getConfig } from "@/lib/config";
import { engineSchema } from "@/lib/domain/inputs";
import { resetCircuitBreaker, tripCircuitBreaker } from "@/lib/engine/turn-breaker";
import { action } from "./action";

export const resetBreakerAction = action(
  { permission: "breakers.turn" },
  engineSchema,
  resetCircuitBreaker,
);

export const tripBreakerAction = action(
  { permission: "breakers.turn" },
  engineSchema,
  (db, input) => tripCircuitBreaker(db, { ...input, policy: getConfig().breaker }),
);
