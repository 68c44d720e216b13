-- The history is appended to and never changed. Events go only with their whole execution (the foreign key's cascade,
-- which runs in a nested trigger).
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'execution_events is append-only' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER execution_events_append_only BEFORE UPDATE OR DELETE ON execution_events
  FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
--> statement-breakpoint
CREATE TRIGGER execution_events_no_truncate BEFORE TRUNCATE ON execution_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
--> statement-breakpoint
-- A queue table changes all the time: vacuum it early, so that the claim's index stays short.
ALTER TABLE executions SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05, fillfactor = 80);
--> statement-breakpoint
ALTER TABLE runs SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE workers SET (fillfactor = 50);
