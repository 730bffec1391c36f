-- Positions in the log have no gaps, so the entries remain, without values.
UPDATE changes SET action = 'updated', fields = '{"before":[],"after":[]}' WHERE action IN ('checked', 'check_retracted');
ALTER TABLE changes DROP CONSTRAINT changes_action_check;
ALTER TABLE changes ADD CONSTRAINT changes_action_check
    CHECK (action IN ('created', 'updated', 'archived', 'restored', 'assessed', 'retracted'));

DROP TRIGGER clauses_assessed_or_archived ON trackables;
CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, archived_at ON trackables
FOR EACH ROW WHEN (NEW.kind = 'clause') EXECUTE FUNCTION keep_assessed_or_archived_clause();
CREATE OR REPLACE FUNCTION keep_assessed_or_archived_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION keep_created_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT trackables.status, trackables.status_since,
        trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    INTO NEW.status, NEW.status_since, NEW.is_listed
    FROM trackables, agreements WHERE trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
    -- Without them, it is for the foreign keys to say so.
    NEW.status := coalesce(NEW.status, 'unassessed');
    NEW.is_listed := coalesce(NEW.is_listed, TRUE);
    RETURN NEW;
END $$;
DROP INDEX clauses_by_checked_on;
ALTER TABLE clauses DROP COLUMN checked_on;
ALTER TABLE trackables DROP COLUMN checked_by;
ALTER TABLE trackables DROP COLUMN checked_on;
DROP TABLE status_checks;
