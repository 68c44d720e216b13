DROP INDEX "executions_project_id_idx";--> statement-breakpoint
DROP INDEX "executions_status_idx";--> statement-breakpoint
DROP INDEX "runs_project_id_idx";--> statement-breakpoint
DROP INDEX "runs_graph_id_idx";--> statement-breakpoint
DROP INDEX "runs_status_idx";--> statement-breakpoint
DROP INDEX "runs_schedule_id_idx";--> statement-breakpoint
CREATE INDEX "executions_retried_idx" ON "executions" USING btree ("project_id","attempt","status") WHERE "executions"."attempt" > 1 or ("executions"."attempt" = 1 and "executions"."status" in ('PENDING', 'SCHEDULED'));--> statement-breakpoint
CREATE INDEX "runs_finished_at_idx" ON "runs" USING btree ("finished_at") WHERE "runs"."finished_at" is not null;--> statement-breakpoint
CREATE INDEX "executions_status_idx" ON "executions" USING btree ("status","id","project_id","run_id","task_id","priority","attempt") WHERE "executions"."status" in ('FAILED', 'TIMEOUT', 'CANCELLED', 'PAUSED', 'RETRYING');--> statement-breakpoint
CREATE INDEX "runs_project_id_idx" ON "runs" USING btree ("project_id","id","status","total_count");--> statement-breakpoint
CREATE INDEX "runs_graph_id_idx" ON "runs" USING btree ("graph_id","id","status","total_count");--> statement-breakpoint
CREATE INDEX "runs_status_idx" ON "runs" USING btree ("status","id","total_count");--> statement-breakpoint
CREATE INDEX "runs_schedule_id_idx" ON "runs" USING btree ("schedule_id","id","status") WHERE "runs"."schedule_id" is not null;