DROP TRIGGER log_head_replaced ON log_head;
DROP TRIGGER log_head_moved ON log_head;
CREATE OR REPLACE FUNCTION announce_log_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('clausewatch_log', NEW.position::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER log_head_moved
    AFTER UPDATE OF position ON log_head
    FOR EACH ROW WHEN (OLD.position <> NEW.position)
    EXECUTE FUNCTION announce_log_head();
ALTER TABLE log_head DROP COLUMN recorded_microseconds;
