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

CREATE FUNCTION keep_created_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    SELECT trackables.status, trackables.status_since,
        trackables.archived_at IS NULL AND agreements.archived_at IS NULL
    INTO NEW.status, NEW.status_since, NEW.is_listed
    FROM trackables, agreements WHERE trackables.id = NEW.id AND agreements.id = NEW.agreement_id;
    -- Without them, it is for the foreign keys to say so.
    NEW.status := coalesce(NEW.status, 'unassessed');
    NEW.is_listed := coalesce(NEW.is_listed, TRUE);
    RETURN NEW;
END $$;
CREATE TRIGGER clauses_created BEFORE INSERT ON clauses
FOR EACH ROW EXECUTE FUNCTION keep_created_clause();

CREATE FUNCTION keep_assessed_or_archived_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE clauses SET status = NEW.status, status_since = NEW.status_since,
        is_listed = NEW.archived_at IS NULL AND agreements.archived_at IS NULL
    FROM agreements WHERE clauses.id = NEW.id AND agreements.id = clauses.agreement_id;
    RETURN NULL;
END $$;
CREATE TRIGGER clauses_assessed_or_archived AFTER UPDATE OF status, status_since, archived_at ON trackables
FOR EACH ROW WHEN (NEW.kind = 'clause') EXECUTE FUNCTION keep_assessed_or_archived_clause();

CREATE FUNCTION keep_clauses_of_archived_agreement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE clauses SET is_listed = trackables.archived_at IS NULL AND NEW.archived_at IS NULL
    FROM trackables WHERE clauses.agreement_id = NEW.id AND trackables.id = clauses.id;
    RETURN NULL;
END $$;
CREATE TRIGGER clauses_archived_with_agreement AFTER UPDATE OF archived_at ON agreements
FOR EACH ROW EXECUTE FUNCTION keep_clauses_of_archived_agreement();
