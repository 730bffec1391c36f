-- Status checks: on a day, an editor checked the status of a clause, caveat or proposal and found it unchanged.

CREATE TABLE status_checks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    trackable_id TEXT COLLATE "C" NOT NULL REFERENCES trackables (id),
    checked_on DATE NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL CHECK (length(recorded_by) BETWEEN 1 AND 300),
    retracted_at TIMESTAMP,
    retracted_by TEXT CHECK (length(retracted_by) BETWEEN 1 AND 300),
    retraction_reason TEXT CHECK (length(retraction_reason) BETWEEN 1 AND 20000),
    CHECK ((retracted_at IS NULL) = (retracted_by IS NULL) AND (retracted_at IS NULL) = (retraction_reason IS NULL))
);
CREATE INDEX status_checks_in_order ON status_checks (trackable_id, checked_on, recorded_at, id);

-- When the record was last checked or assessed, and by whom. Null if never.
ALTER TABLE trackables ADD COLUMN checked_on DATE;
ALTER TABLE trackables ADD COLUMN checked_by TEXT;
UPDATE trackables SET checked_on = latest.day, checked_by = latest.recorded_by
FROM (
    SELECT trackable_id, CAST(recorded_at AS DATE) AS day, recorded_by,
        row_number() OVER (PARTITION BY trackable_id ORDER BY recorded_at DESC, id DESC) AS place
    FROM assessments WHERE retracted_at IS NULL
) AS latest
WHERE latest.trackable_id = trackables.id AND latest.place = 1;

-- Lists of clauses read only the listed row.
ALTER TABLE clauses ADD COLUMN checked_on DATE;
UPDATE clauses SET checked_on = trackables.checked_on FROM trackables WHERE trackables.id = clauses.id;
CREATE INDEX clauses_by_checked_on ON clauses (coalesce(checked_on, '0001-01-01'), id) WHERE is_listed;

CREATE OR REPLACE FUNCTION keep_created_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT trackables.status, trackables.status_since, trackables.checked_on,
        trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    INTO NEW.status, NEW.status_since, NEW.checked_on, NEW.is_listed
    FROM trackables, agreements WHERE trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
    -- Without them, it is for the foreign keys to say so.
    NEW.status := coalesce(NEW.status, 'unassessed');
    NEW.is_listed := coalesce(NEW.is_listed, TRUE);
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION keep_assessed_or_archived_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since, checked_on = NEW.checked_on,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
    RETURN NULL;
END $$;
DROP TRIGGER clauses_assessed_or_archived ON trackables;
CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, checked_on, archived_at ON trackables
FOR EACH ROW WHEN (NEW.kind = 'clause') EXECUTE FUNCTION keep_assessed_or_archived_clause();

-- The log has them, too.
ALTER TABLE changes DROP CONSTRAINT changes_action_check;
ALTER TABLE changes ADD CONSTRAINT changes_action_check
    CHECK (action IN ('created', 'updated', 'archived', 'restored', 'assessed', 'checked', 'check_retracted', 'retracted'));
