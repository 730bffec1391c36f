-- The append-only log of every change. Positions are gapless and in the order of commits, because a writer takes
-- them from the one row of log_head, which it keeps locked until it commits.

CREATE TABLE log_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL CHECK (position >= 0)
);
INSERT INTO log_head (id, position) VALUES (1, 0);

CREATE TABLE changes (
    position BIGINT NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 300),
    action TEXT NOT NULL CHECK (action IN ('created', 'updated', 'archived', 'restored', 'assessed', 'retracted')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'precondition')),
    subject_id TEXT NOT NULL
);
CREATE INDEX changes_by_subject ON changes (subject_id, position);

CREATE TABLE change_fields (
    position BIGINT NOT NULL REFERENCES changes (position),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'integer', 'boolean', 'date', 'instant', 'choice', 'reference', 'list')),
    before_value TEXT,
    after_value TEXT,
    PRIMARY KEY (position, name)
);
