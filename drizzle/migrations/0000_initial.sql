CREATE TYPE "public"."execution_status" AS ENUM('PENDING', 'SCHEDULED', 'PREPARING', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED', 'RETRYING', 'TIMEOUT');--> statement-breakpoint
CREATE TYPE "public"."retry_strategy" AS ENUM('NONE', 'IMMEDIATE', 'FIXED_DELAY', 'EXPONENTIAL_BACKOFF', 'FIBONACCI_BACKOFF');--> statement-breakpoint
CREATE TYPE "public"."run_status" AS ENUM('SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED');--> statement-breakpoint
CREATE TYPE "public"."workflow_type" AS ENUM('containerized_workflow', 'dagger_pipeline');--> statement-breakpoint
CREATE TABLE "attempts" (
	"execution_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"lease_token" uuid NOT NULL,
	"worker_id" uuid NOT NULL,
	"runner" text NOT NULL,
	"claimed_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"error" jsonb,
	"result" jsonb,
	"next_attempt_at" timestamp with time zone,
	CONSTRAINT "attempts_execution_id_attempt_pk" PRIMARY KEY("execution_id","attempt"),
	CONSTRAINT "attempts_ended" CHECK (("attempts"."ended_at" is null) = ("attempts"."outcome" is null)),
	CONSTRAINT "attempts_outcome" CHECK ("attempts"."outcome" in ('COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED', 'LOST', 'RELEASED')),
	CONSTRAINT "attempts_number" CHECK ("attempts"."attempt" >= 1)
);
--> statement-breakpoint
CREATE TABLE "dependencies" (
	"graph_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"depends_on_task_id" uuid NOT NULL,
	CONSTRAINT "dependencies_graph_id_task_id_depends_on_task_id_pk" PRIMARY KEY("graph_id","task_id","depends_on_task_id"),
	CONSTRAINT "dependencies_self" CHECK ("dependencies"."task_id" <> "dependencies"."depends_on_task_id")
);
--> statement-breakpoint
CREATE TABLE "execution_dependencies" (
	"execution_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	CONSTRAINT "execution_dependencies_execution_id_depends_on_id_pk" PRIMARY KEY("execution_id","depends_on_id"),
	CONSTRAINT "execution_dependencies_self" CHECK ("execution_dependencies"."execution_id" <> "execution_dependencies"."depends_on_id")
);
--> statement-breakpoint
CREATE TABLE "execution_events" (
	"event_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "execution_events_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"execution_id" uuid NOT NULL,
	"from_status" "execution_status",
	"to_status" "execution_status" NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"attempt" integer NOT NULL,
	"reason" text,
	"actor_type" text NOT NULL,
	"actor_id" text NOT NULL,
	"cause_execution_id" uuid
);
--> statement-breakpoint
CREATE TABLE "execution_logs" (
	"execution_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"first_line" bigint NOT NULL,
	"line_count" integer NOT NULL,
	"is_preview" boolean DEFAULT false NOT NULL,
	"content" text NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "execution_logs_execution_id_attempt_first_line_pk" PRIMARY KEY("execution_id","attempt","first_line")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"task_id" uuid,
	"task_key" text NOT NULL,
	"task_name" text NOT NULL,
	"priority" smallint NOT NULL,
	"workflow_type" "workflow_type" NOT NULL,
	"workflow_params" jsonb NOT NULL,
	"retry_strategy" "retry_strategy" NOT NULL,
	"max_retries" integer NOT NULL,
	"retry_delay_seconds" integer NOT NULL,
	"max_retry_delay_seconds" integer NOT NULL,
	"retry_jitter" boolean NOT NULL,
	"retry_on_exit_codes" integer[],
	"retry_permanent_errors" boolean NOT NULL,
	"timeout_seconds" integer NOT NULL,
	"metadata" jsonb NOT NULL,
	"x" double precision,
	"y" double precision,
	"status" "execution_status" NOT NULL,
	"reason" text,
	"cause_execution_id" uuid,
	"scheduled_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"unfinished_dependencies" integer NOT NULL,
	"paused_from" "execution_status",
	"attempt" integer DEFAULT 0 NOT NULL,
	"retries_used" integer DEFAULT 0 NOT NULL,
	"lost_in_row" integer DEFAULT 0 NOT NULL,
	"worker_id" uuid,
	"lease_token" uuid,
	"lease_expires_at" timestamp with time zone,
	"deadline_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"cancel_force" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"result" jsonb,
	"result_attempt" integer,
	"error" jsonb,
	CONSTRAINT "executions_run_id_task_key_key" UNIQUE("run_id","task_key"),
	CONSTRAINT "executions_priority" CHECK ("executions"."priority" between 0 and 3),
	CONSTRAINT "executions_dependencies" CHECK ("executions"."unfinished_dependencies" >= 0),
	CONSTRAINT "executions_pending" CHECK (("executions"."status" <> 'PENDING' or "executions"."unfinished_dependencies" > 0)
      and ("executions"."unfinished_dependencies" = 0 or "executions"."status" in ('PENDING', 'PAUSED', 'CANCELLED'))),
	CONSTRAINT "executions_lease" CHECK (("executions"."status" in ('PREPARING', 'RUNNING')) = ("executions"."lease_token" is not null)
      and ("executions"."lease_token" is not null) = ("executions"."lease_expires_at" is not null)
      and ("executions"."lease_token" is not null) = ("executions"."worker_id" is not null)
      and ("executions"."lease_token" is not null) = ("executions"."deadline_at" is not null)),
	CONSTRAINT "executions_finished" CHECK (("executions"."status" in ('COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT')) = ("executions"."finished_at" is not null)),
	CONSTRAINT "executions_paused" CHECK (("executions"."status" = 'PAUSED') = ("executions"."paused_from" is not null)),
	CONSTRAINT "executions_result" CHECK (("executions"."status" = 'COMPLETED') = ("executions"."result_attempt" is not null)
      and ("executions"."result_attempt" is null or "executions"."result_attempt" = "executions"."attempt")),
	CONSTRAINT "executions_cancel" CHECK ("executions"."cancel_requested_at" is null or "executions"."status" in ('PREPARING', 'RUNNING', 'CANCELLED')),
	CONSTRAINT "executions_retries" CHECK ("executions"."retries_used" between 0 and "executions"."max_retries" and "executions"."attempt" >= "executions"."retries_used")
);
--> statement-breakpoint
CREATE TABLE "graph_nodes" (
	"project_id" uuid NOT NULL,
	"graph_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"x" double precision NOT NULL,
	"y" double precision NOT NULL,
	CONSTRAINT "graph_nodes_graph_id_task_id_pk" PRIMARY KEY("graph_id","task_id")
);
--> statement-breakpoint
CREATE TABLE "graph_versions" (
	"graph_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"snapshot" jsonb NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "graph_versions_graph_id_version_pk" PRIMARY KEY("graph_id","version")
);
--> statement-breakpoint
CREATE TABLE "graphs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "graphs_project_id_name_key" UNIQUE("project_id","name"),
	CONSTRAINT "graphs_project_id_id_key" UNIQUE("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_example" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_name_key" UNIQUE("name"),
	CONSTRAINT "projects_name" CHECK ("projects"."name" <> '')
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"graph_id" uuid,
	"graph_version" integer,
	"source" text NOT NULL,
	"name" text NOT NULL,
	"status" "run_status" NOT NULL,
	"total_count" integer NOT NULL,
	"completed_count" integer DEFAULT 0 NOT NULL,
	"failed_count" integer DEFAULT 0 NOT NULL,
	"cancelled_count" integer DEFAULT 0 NOT NULL,
	"idempotency_key" text,
	"request_hash" text,
	"created_by" text NOT NULL,
	"paused_at" timestamp with time zone,
	"cancel_requested_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "runs_counts" CHECK ("runs"."completed_count" >= 0 and "runs"."failed_count" >= 0 and "runs"."cancelled_count" >= 0
      and "runs"."completed_count" + "runs"."failed_count" + "runs"."cancelled_count" <= "runs"."total_count"),
	CONSTRAINT "runs_final" CHECK (("runs"."status" in ('COMPLETED', 'FAILED', 'CANCELLED')) = ("runs"."finished_at" is not null)
      and ("runs"."finished_at" is not null) = ("runs"."completed_count" + "runs"."failed_count" + "runs"."cancelled_count" = "runs"."total_count"))
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"project_id" uuid NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"priority" smallint NOT NULL,
	"workflow_type" "workflow_type" NOT NULL,
	"workflow_params" jsonb NOT NULL,
	"retry_strategy" "retry_strategy" NOT NULL,
	"max_retries" integer NOT NULL,
	"retry_delay_seconds" integer NOT NULL,
	"max_retry_delay_seconds" integer NOT NULL,
	"retry_jitter" boolean NOT NULL,
	"retry_on_exit_codes" integer[],
	"retry_permanent_errors" boolean NOT NULL,
	"timeout_seconds" integer NOT NULL,
	"metadata" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tasks_project_id_key_key" UNIQUE("project_id","key"),
	CONSTRAINT "tasks_project_id_id_key" UNIQUE("project_id","id"),
	CONSTRAINT "tasks_priority" CHECK ("tasks"."priority" between 0 and 3),
	CONSTRAINT "tasks_retries" CHECK ("tasks"."max_retries" >= 0 and "tasks"."retry_delay_seconds" >= 0),
	CONSTRAINT "tasks_timeout" CHECK ("tasks"."timeout_seconds" > 0)
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"runner" text NOT NULL,
	"runner_description" text NOT NULL,
	"max_concurrent_executions" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"draining_at" timestamp with time zone,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dependencies" ADD CONSTRAINT "dependencies_graph_id_task_id_graph_nodes_graph_id_task_id_fk" FOREIGN KEY ("graph_id","task_id") REFERENCES "public"."graph_nodes"("graph_id","task_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dependencies" ADD CONSTRAINT "dependencies_graph_id_depends_on_task_id_graph_nodes_graph_id_task_id_fk" FOREIGN KEY ("graph_id","depends_on_task_id") REFERENCES "public"."graph_nodes"("graph_id","task_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_dependencies" ADD CONSTRAINT "execution_dependencies_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_dependencies" ADD CONSTRAINT "execution_dependencies_depends_on_id_executions_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_events" ADD CONSTRAINT "execution_events_execution_id_executions_id_fk" FOREIGN KEY ("execution_id") REFERENCES "public"."executions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "execution_logs" ADD CONSTRAINT "execution_logs_execution_id_attempt_attempts_execution_id_attempt_fk" FOREIGN KEY ("execution_id","attempt") REFERENCES "public"."attempts"("execution_id","attempt") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "graph_nodes" ADD CONSTRAINT "graph_nodes_project_id_graph_id_graphs_project_id_id_fk" FOREIGN KEY ("project_id","graph_id") REFERENCES "public"."graphs"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "graph_nodes" ADD CONSTRAINT "graph_nodes_project_id_task_id_tasks_project_id_id_fk" FOREIGN KEY ("project_id","task_id") REFERENCES "public"."tasks"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "graph_versions" ADD CONSTRAINT "graph_versions_graph_id_graphs_id_fk" FOREIGN KEY ("graph_id") REFERENCES "public"."graphs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "graphs" ADD CONSTRAINT "graphs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_graph_id_graphs_id_fk" FOREIGN KEY ("graph_id") REFERENCES "public"."graphs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_open_key" ON "attempts" USING btree ("execution_id") WHERE "attempts"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "dependencies_depends_on_idx" ON "dependencies" USING btree ("graph_id","depends_on_task_id");--> statement-breakpoint
CREATE INDEX "execution_dependencies_depends_on_idx" ON "execution_dependencies" USING btree ("depends_on_id","execution_id");--> statement-breakpoint
CREATE INDEX "execution_events_execution_id_idx" ON "execution_events" USING btree ("execution_id","event_id");--> statement-breakpoint
CREATE INDEX "executions_claim_idx" ON "executions" USING btree ("priority","due_at","id") WHERE "executions"."status" in ('SCHEDULED', 'RETRYING');--> statement-breakpoint
CREATE INDEX "executions_held_idx" ON "executions" USING btree ("worker_id") WHERE "executions"."lease_token" is not null;--> statement-breakpoint
CREATE INDEX "executions_status_idx" ON "executions" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "executions_task_id_idx" ON "executions" USING btree ("task_id","id");--> statement-breakpoint
CREATE INDEX "executions_project_id_idx" ON "executions" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "graph_nodes_task_id_idx" ON "graph_nodes" USING btree ("task_id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_idempotency_key" ON "runs" USING btree ("project_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "runs_project_id_idx" ON "runs" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "runs_graph_id_idx" ON "runs" USING btree ("graph_id","id");--> statement-breakpoint
CREATE INDEX "runs_status_idx" ON "runs" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "workers_heartbeat_at_idx" ON "workers" USING btree ("heartbeat_at");