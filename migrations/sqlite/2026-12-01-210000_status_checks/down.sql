-- Positions in the log have no gaps, so the entries remain, without values.
UPDATE changes SET action = 'updated', fields = '{"before":[],"after":[]}' WHERE action IN ('checked', 'check_retracted');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''assessed'', ''checked'', ''check_retracted'', ', '''assessed'', ')
WHERE type = 'table' AND name = 'changes';
PRAGMA writable_schema = RESET;

DROP TRIGGER clauses_assessed_or_archived;
CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, archived_at ON trackables
WHEN NEW.kind = 'clause' BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
END;
DROP TRIGGER clauses_created;
CREATE TRIGGER clauses_created AFTER INSERT ON clauses BEGIN
    UPDATE clauses SET status = trackables.status, status_since = trackables.status_since,
        is_listed = trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM trackables, agreements
    WHERE clauses.id = NEW.id AND trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
END;
DROP INDEX clauses_by_checked_on;
ALTER TABLE clauses DROP COLUMN checked_on;
ALTER TABLE trackables DROP COLUMN checked_by;
ALTER TABLE trackables DROP COLUMN checked_on;
DROP TABLE status_checks;
