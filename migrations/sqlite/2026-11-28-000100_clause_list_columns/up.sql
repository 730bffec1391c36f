-- What lists of clauses are filtered and sorted by, kept in the row that is listed, where an index can serve it: the neutral
-- status in force, since when it is so, and whether lists show the clause. Triggers keep the columns in step with the
-- records that they come from, whoever writes those; `clausewatch check` compares them.

ALTER TABLE clauses ADD COLUMN status TEXT NOT NULL DEFAULT 'unassessed';
ALTER TABLE clauses ADD COLUMN status_since DATE;
-- Neither the clause nor its agreement is archived.
ALTER TABLE clauses ADD COLUMN is_listed BOOLEAN NOT NULL DEFAULT TRUE;

UPDATE clauses SET status = trackables.status, status_since = trackables.status_since,
    is_listed = trackables.archived_at IS NULL AND agreements.archived_at IS NULL
FROM trackables, agreements WHERE trackables.id = clauses.id AND agreements.id = clauses.agreement_id;

DROP INDEX clauses_by_topic;
CREATE INDEX clauses_by_topic ON clauses (topic_id, status, coalesce(status_since, '0001-01-01'), id) WHERE is_listed;
CREATE INDEX clauses_by_status_since ON clauses (coalesce(status_since, '0001-01-01'), id) WHERE is_listed;

CREATE TRIGGER clauses_created AFTER INSERT ON clauses BEGIN
    UPDATE clauses SET status = trackables.status, status_since = trackables.status_since,
        is_listed = trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM trackables, agreements
    WHERE clauses.id = NEW.id AND trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
END;

CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, archived_at ON trackables
WHEN NEW.kind = 'clause' BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
END;

CREATE TRIGGER clauses_archived_with_agreement AFTER UPDATE OF archived_at ON agreements BEGIN
    UPDATE clauses SET is_listed = trackables.archived_at IS NULL AND NEW.archived_at IS NULL
    FROM trackables WHERE clauses.agreement_id = NEW.id AND trackables.id = clauses.id;
END;
