-- Status checks: on a day, an editor checked the status of a clause, caveat or proposal and found it unchanged.

CREATE TABLE status_checks (
    id TEXT NOT NULL PRIMARY KEY,
    trackable_id TEXT NOT NULL REFERENCES trackables (id),
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
    SELECT trackable_id, date(recorded_at) AS day, recorded_by,
        row_number() OVER (PARTITION BY trackable_id ORDER BY recorded_at DESC, id DESC) AS place
    FROM assessments WHERE retracted_at IS NULL
) AS latest
WHERE latest.trackable_id = trackables.id AND latest.place = 1;

-- Lists of clauses read only the listed row.
ALTER TABLE clauses ADD COLUMN checked_on DATE;
UPDATE clauses SET checked_on = trackables.checked_on FROM trackables WHERE trackables.id = clauses.id;
CREATE INDEX clauses_by_checked_on ON clauses (coalesce(checked_on, '0001-01-01'), id) WHERE is_listed;

DROP TRIGGER clauses_created;
CREATE TRIGGER clauses_created AFTER INSERT ON clauses BEGIN
    UPDATE clauses SET status = trackables.status, status_since = trackables.status_since, checked_on = trackables.checked_on,
        is_listed = trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM trackables, agreements
    WHERE clauses.id = NEW.id AND trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
END;
DROP TRIGGER clauses_assessed_or_archived;
CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, checked_on, archived_at ON trackables
WHEN NEW.kind = 'clause' BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since, checked_on = NEW.checked_on,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
END;

-- The log has them, too. Only a check changes, and no stored row. So the text of the table is changed in place.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''assessed'', ', '''assessed'', ''checked'', ''check_retracted'', ')
WHERE type = 'table' AND name = 'changes';
PRAGMA writable_schema = RESET;
