CREATE TABLE "backfills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" uuid NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone NOT NULL,
	"fire_times" timestamp with time zone[] NOT NULL,
	"started_count" integer DEFAULT 0 NOT NULL,
	"max_active_runs" integer,
	"priority" smallint,
	"status" text DEFAULT 'RUNNING' NOT NULL,
	"error" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "backfills_status" CHECK ("backfills"."status" in ('RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
	CONSTRAINT "backfills_finished" CHECK (("backfills"."status" = 'RUNNING') = ("backfills"."finished_at" is null)),
	CONSTRAINT "backfills_count" CHECK ("backfills"."started_count" between 0 and cardinality("backfills"."fire_times")),
	CONSTRAINT "backfills_max_active_runs" CHECK ("backfills"."max_active_runs" > 0),
	CONSTRAINT "backfills_priority" CHECK ("backfills"."priority" between 0 and 3)
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"graph_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"expression" text,
	"time_zone" text NOT NULL,
	"once_at" timestamp with time zone,
	"starts_at" timestamp with time zone,
	"ends_at" timestamp with time zone,
	"enabled" boolean NOT NULL,
	"missed_fires" text NOT NULL,
	"overlap" text NOT NULL,
	"priority" smallint,
	"next_fire_at" timestamp with time zone,
	"last_fire_at" timestamp with time zone,
	"last_outcome" text,
	"error" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedules_graph_id_name_key" UNIQUE("graph_id","name"),
	CONSTRAINT "schedules_kind" CHECK (("schedules"."kind" = 'cron' and "schedules"."expression" is not null and "schedules"."once_at" is null)
      or ("schedules"."kind" = 'once' and "schedules"."expression" is null and "schedules"."once_at" is not null)),
	CONSTRAINT "schedules_enabled" CHECK ("schedules"."enabled" or "schedules"."next_fire_at" is null),
	CONSTRAINT "schedules_missed_fires" CHECK ("schedules"."missed_fires" in ('catch_up', 'skip')),
	CONSTRAINT "schedules_overlap" CHECK ("schedules"."overlap" in ('allow', 'skip')),
	CONSTRAINT "schedules_priority" CHECK ("schedules"."priority" between 0 and 3),
	CONSTRAINT "schedules_last_fire" CHECK (("schedules"."last_fire_at" is null) = ("schedules"."last_outcome" is null)
      and "schedules"."last_outcome" in ('started', 'missed', 'overlapped', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "scheduled_for" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "schedule_id" uuid;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "fire_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "backfill_id" uuid;--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_graph_id_graphs_id_fk" FOREIGN KEY ("graph_id") REFERENCES "public"."graphs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "backfills_schedule_id_idx" ON "backfills" USING btree ("schedule_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "backfills_running_key" ON "backfills" USING btree ("schedule_id") WHERE "backfills"."status" = 'RUNNING';--> statement-breakpoint
CREATE INDEX "schedules_next_fire_at_idx" ON "schedules" USING btree ("next_fire_at") WHERE "schedules"."next_fire_at" is not null;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_backfill_id_backfills_id_fk" FOREIGN KEY ("backfill_id") REFERENCES "public"."backfills"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "runs_schedule_id_fire_at_key" ON "runs" USING btree ("schedule_id","fire_at") WHERE "runs"."schedule_id" is not null;--> statement-breakpoint
CREATE INDEX "runs_schedule_id_idx" ON "runs" USING btree ("schedule_id","id") WHERE "runs"."schedule_id" is not null;--> statement-breakpoint
CREATE INDEX "runs_schedule_id_active_idx" ON "runs" USING btree ("schedule_id") WHERE "runs"."schedule_id" is not null and "runs"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "runs_backfill_id_idx" ON "runs" USING btree ("backfill_id") WHERE "runs"."backfill_id" is not null;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_fire" CHECK ("runs"."schedule_id" is null or "runs"."fire_at" is not null);