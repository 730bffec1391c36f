-- When the last change was recorded, in microseconds since 1970. The next one is recorded later, even if the clock went back.
ALTER TABLE log_head ADD COLUMN recorded_microseconds BIGINT NOT NULL DEFAULT 0;
UPDATE log_head SET recorded_microseconds = coalesce((
    SELECT CAST(extract(epoch FROM max(recorded_at)) * 1000000 AS BIGINT) FROM changes
), 0);

-- Announces both, once, as they are at the end of the transaction.
DROP TRIGGER log_head_moved ON log_head;
CREATE OR REPLACE FUNCTION announce_log_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('clausewatch_log', position || ' ' || recorded_microseconds) FROM log_head;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER log_head_moved
    AFTER UPDATE ON log_head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.position <> NEW.position)
    EXECUTE FUNCTION announce_log_head();

-- A dump that is loaded brings a row of its own.
CREATE CONSTRAINT TRIGGER log_head_replaced
    AFTER INSERT ON log_head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION announce_log_head();
