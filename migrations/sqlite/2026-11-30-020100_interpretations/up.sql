-- Interpretations: what a party takes a clause, a caveat or a term of it to mean.

CREATE TABLE interpretations (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    -- A clause or caveat.
    trackable_id TEXT NOT NULL REFERENCES trackables (id),
    -- The disputed words. Null for the whole clause or caveat.
    term TEXT CHECK (length(term) BETWEEN 1 AND 300),
    meaning TEXT NOT NULL CHECK (length(meaning) BETWEEN 1 AND 20000),
    held_by_id TEXT NOT NULL REFERENCES parties (id),
    stated_on DATE NOT NULL,
    source_id TEXT REFERENCES sources (id),
    source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    archived_at TIMESTAMP
);
CREATE UNIQUE INDEX interpretations_once
    ON interpretations (trackable_id, held_by_id, stated_on, coalesce(term, ''));
CREATE INDEX interpretations_by_day ON interpretations (stated_on, id);

-- The log has them, too.
CREATE TABLE new_changes (
    position BIGINT NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 300),
    action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'archived', 'restored', 'assessed', 'retracted')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'precondition', 'interpretation')),
    subject_id TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{"before":[],"after":[]}'
        CHECK (fields LIKE '{"before":[%],"after":[%]}')
);
INSERT INTO new_changes SELECT position, recorded_at, actor, action, subject_kind, subject_id, fields FROM changes;
DROP TABLE changes;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX changes_by_subject ON changes (subject_id, position);
