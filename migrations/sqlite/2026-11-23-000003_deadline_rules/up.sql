-- Deadlines become rules: due_on is reckoned from them, and written anew whenever what they hang on changes;
-- `clausewatch check` can rebuild it.

ALTER TABLE deadlines RENAME TO old_deadlines;
DROP INDEX deadlines_by_clause;

CREATE TABLE deadlines (
    id TEXT NOT NULL PRIMARY KEY,
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    key TEXT CHECK (length(key) BETWEEN 1 AND 80),
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 20000),
    phase TEXT NOT NULL CHECK (phase IN ('start', 'finish')),
    -- What due_on is reckoned from; nothing where the rule is words alone.
    basis TEXT CHECK (basis IN ('day', 'end_of', 'event', 'completion', 'deadline')),
    -- The end of the period that a day lies in.
    period TEXT CHECK (period IN ('month', 'quarter', 'year')),
    containing DATE,
    -- So many days after an event, a clause's completion, or the deadline of a clause that has this key.
    days INTEGER CHECK (days BETWEEN 0 AND 36500),
    -- An import writes clauses before events, since events concern clauses.
    event_id TEXT REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
    anchor_clause_id TEXT REFERENCES clauses (id),
    anchor_key TEXT,
    due_on DATE,
    held_by_id TEXT REFERENCES parties (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    UNIQUE (clause_id, key),
    -- A clause's deadlines are written anew as a whole, and an import writes clauses one by one.
    FOREIGN KEY (anchor_clause_id, anchor_key) REFERENCES deadlines (clause_id, key) DEFERRABLE INITIALLY DEFERRED,
    CHECK (
        (period IS NOT NULL) = (coalesce(basis, '') = 'end_of')
        AND (containing IS NOT NULL) = (coalesce(basis, '') = 'end_of')
        AND (days IS NOT NULL) = (coalesce(basis, '') IN ('event', 'completion', 'deadline'))
        AND (event_id IS NOT NULL) = (coalesce(basis, '') = 'event')
        AND (anchor_clause_id IS NOT NULL) = (coalesce(basis, '') IN ('completion', 'deadline'))
        AND (anchor_key IS NOT NULL) = (coalesce(basis, '') = 'deadline')
        AND (due_on IS NULL OR basis IS NOT NULL)
        AND (due_on IS NOT NULL OR coalesce(basis, '') NOT IN ('day', 'end_of'))
    )
);
INSERT INTO deadlines (id, clause_id, position, rule, phase, basis, due_on, held_by_id, note)
SELECT id, clause_id, position, rule, 'finish', CASE WHEN due_on IS NOT NULL THEN 'day' END, due_on, held_by_id, note
FROM old_deadlines;
DROP TABLE old_deadlines;

CREATE INDEX deadlines_by_clause ON deadlines (clause_id, position);
CREATE INDEX deadlines_by_event ON deadlines (event_id);
CREATE INDEX deadlines_by_anchor ON deadlines (anchor_clause_id, anchor_key);
