DELETE FROM changes WHERE subject_kind = 'interpretation';
CREATE TABLE new_changes (
    position BIGINT NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 300),
    action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'archived', 'restored', 'assessed', 'retracted')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'precondition')),
    subject_id TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{"before":[],"after":[]}'
        CHECK (fields LIKE '{"before":[%],"after":[%]}')
);
INSERT INTO new_changes SELECT position, recorded_at, actor, action, subject_kind, subject_id, fields FROM changes;
DROP TABLE changes;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX changes_by_subject ON changes (subject_id, position);
DROP TABLE interpretations;
