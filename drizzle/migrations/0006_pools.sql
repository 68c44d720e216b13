CREATE TABLE "pools" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"slots" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pools_project_id_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "pools_project_id_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "pools_slots" CHECK ("pools"."slots" between 1 and 10000)
);
--> statement-breakpoint
DROP INDEX "executions_claim_idx";--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "pool_id" uuid;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "pool_key" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "pool_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "pool_key" text;--> statement-breakpoint
ALTER TABLE "pools" ADD CONSTRAINT "pools_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_id_pool_id_pools_project_id_id_fk" FOREIGN KEY ("project_id","pool_id") REFERENCES "public"."pools"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "executions_pool_claim_idx" ON "executions" USING btree ("pool_id","pool_key","priority","due_at","id") WHERE "executions"."status" in ('SCHEDULED', 'RETRYING') and "executions"."pool_id" is not null;--> statement-breakpoint
CREATE INDEX "executions_pool_queue_idx" ON "executions" USING btree ("priority","due_at","id") WHERE "executions"."status" in ('SCHEDULED', 'RETRYING') and "executions"."pool_id" is not null and "executions"."lease_token" is null;--> statement-breakpoint
CREATE INDEX "executions_pool_held_idx" ON "executions" USING btree ("pool_id","pool_key") WHERE "executions"."lease_token" is not null and "executions"."pool_id" is not null;--> statement-breakpoint
CREATE INDEX "executions_claim_idx" ON "executions" USING btree ("priority","due_at","id") WHERE "executions"."status" in ('SCHEDULED', 'RETRYING') and "executions"."pool_id" is null;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_pool" CHECK (("executions"."pool_id" is null) = ("executions"."pool_key" is null));--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_pool_key" CHECK ("tasks"."pool_key" is null or "tasks"."pool_id" is not null);