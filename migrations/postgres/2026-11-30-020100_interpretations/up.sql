-- Interpretations: what a party takes a clause, a caveat or a term of it to mean.

CREATE TABLE interpretations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    -- A clause or caveat.
    trackable_id TEXT COLLATE "C" NOT NULL REFERENCES trackables (id),
    -- The disputed words. Null for the whole clause or caveat.
    term TEXT CHECK (length(term) BETWEEN 1 AND 300),
    meaning TEXT NOT NULL CHECK (length(meaning) BETWEEN 1 AND 20000),
    held_by_id TEXT COLLATE "C" NOT NULL REFERENCES parties (id),
    stated_on DATE NOT NULL,
    source_id TEXT COLLATE "C" REFERENCES sources (id),
    source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    archived_at TIMESTAMP
);
CREATE UNIQUE INDEX interpretations_once
    ON interpretations (trackable_id, held_by_id, stated_on, coalesce(term, ''));
CREATE INDEX interpretations_by_day ON interpretations (stated_on, id);

-- The log has them, too.
ALTER TABLE changes DROP CONSTRAINT changes_subject_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_subject_kind_check
    CHECK (subject_kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'precondition', 'interpretation'));
