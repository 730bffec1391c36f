-- When and how an agreement ended, in the neutral record or in the view of a party.
CREATE TABLE agreement_endings (
    id TEXT NOT NULL PRIMARY KEY,
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    ended_on DATE NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('terminated', 'expired', 'fulfilled', 'superseded', 'collapsed')),
    held_by_id TEXT REFERENCES parties (id),
    source_id TEXT REFERENCES sources (id),
    source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000)
);
CREATE UNIQUE INDEX agreement_endings_once ON agreement_endings (agreement_id, coalesce(held_by_id, ''));
