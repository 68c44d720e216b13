CREATE TABLE "circuit_breakers" (
	"engine" text PRIMARY KEY NOT NULL,
	"failures" timestamp with time zone[] DEFAULT '{}' NOT NULL,
	"opened_at" timestamp with time zone,
	"half_open_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"cooldown_seconds" double precision NOT NULL,
	"probe_limit" integer NOT NULL,
	"last_error" text,
	"last_error_at" timestamp with time zone,
	"actor_type" text,
	"actor_id" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "circuit_breakers_open" CHECK (("circuit_breakers"."opened_at" is null) = ("circuit_breakers"."half_open_at" is null) and "circuit_breakers"."opened_at" <= "circuit_breakers"."half_open_at"
      and ("circuit_breakers"."opened_at" is null or cardinality("circuit_breakers"."failures") = 0)),
	CONSTRAINT "circuit_breakers_policy" CHECK ("circuit_breakers"."cooldown_seconds" > 0 and "circuit_breakers"."probe_limit" > 0)
);
--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "engine" text;