import { sql } from "drizzle-orm";
import { check, doublePrecision, integer, pgTable, text } from "drizzle-orm/pg-core";
import type { Actor } from "@/lib/domain/actor";
import { at, updatedAt } from "./columns";

/**
 * The circuit breaker of each engine that has failed or was tripped; an engine without a row has never. Whether one is open
 * or half-open follows from `half_open_at` and the time.
 */
export const circuitBreakers = pgTable(
  "circuit_breakers",
  {
    engine: text("engine").primaryKey(),
    /** Times of the failures that may still open it: fewer than it takes, none once it is open. */
    failures: at("failures").array().notNull().default([]),
    /** Since when it is not closed; null while it is closed. */
    openedAt: at("opened_at"),
    /** From when on probes are let through. */
    halfOpenAt: at("half_open_at"),
    /** When it was closed the last time. */
    closedAt: at("closed_at"),
    /** As configured where it opened. */
    cooldownSeconds: doublePrecision("cooldown_seconds").notNull(),
    probeLimit: integer("probe_limit").notNull(),
    /** The engine's latest failure, in words. */
    lastError: text("last_error"),
    lastErrorAt: at("last_error_at"),
    /** Who opened or closed it the last time: the worker that reported it, or a person by hand. */
    actorType: text("actor_type").$type<Actor["type"]>(),
    actorId: text("actor_id"),
    updatedAt: updatedAt(),
  },
  (t) => [
    check(
      "circuit_breakers_open",
      sql`(${t.openedAt} is null) = (${t.halfOpenAt} is null) and ${t.openedAt} <= ${t.halfOpenAt}
      and (${t.openedAt} is null or cardinality(${t.failures}) = 0)`,
    ),
    check("circuit_breakers_policy", sql`${t.cooldownSeconds} > 0 and ${t.probeLimit} > 0`),
  ],
);
