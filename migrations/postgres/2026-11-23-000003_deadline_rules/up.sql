-- Deadlines become rules: due_on is reckoned from them, and written anew whenever what they hang on changes;
-- `clausewatch check` can rebuild it.

ALTER TABLE deadlines
    ADD COLUMN key TEXT COLLATE "C" CHECK (length(key) BETWEEN 1 AND 80),
    ADD COLUMN phase TEXT NOT NULL DEFAULT 'finish' CHECK (phase IN ('start', 'finish')),
    -- What due_on is reckoned from; nothing where the rule is words alone.
    ADD COLUMN basis TEXT CHECK (basis IN ('day', 'end_of', 'event', 'completion', 'deadline')),
    -- The end of the period that a day lies in.
    ADD COLUMN period TEXT CHECK (period IN ('month', 'quarter', 'year')),
    ADD COLUMN containing DATE,
    -- So many days after an event, a clause's completion, or the deadline of a clause that has this key.
    ADD COLUMN days INTEGER CHECK (days BETWEEN 0 AND 36500),
    -- An import writes clauses before events, since events concern clauses.
    ADD COLUMN event_id TEXT COLLATE "C" REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN anchor_clause_id TEXT COLLATE "C" REFERENCES clauses (id),
    ADD COLUMN anchor_key TEXT COLLATE "C",
    ADD UNIQUE (clause_id, key);
ALTER TABLE deadlines ALTER COLUMN phase DROP DEFAULT;

UPDATE deadlines SET basis = 'day' WHERE due_on IS NOT NULL;
ALTER TABLE deadlines
    ADD CHECK (
        (period IS NOT NULL) = (coalesce(basis, '') = 'end_of')
        AND (containing IS NOT NULL) = (coalesce(basis, '') = 'end_of')
        AND (days IS NOT NULL) = (coalesce(basis, '') IN ('event', 'completion', 'deadline'))
        AND (event_id IS NOT NULL) = (coalesce(basis, '') = 'event')
        AND (anchor_clause_id IS NOT NULL) = (coalesce(basis, '') IN ('completion', 'deadline'))
        AND (anchor_key IS NOT NULL) = (coalesce(basis, '') = 'deadline')
        AND (due_on IS NULL OR basis IS NOT NULL)
        AND (due_on IS NOT NULL OR coalesce(basis, '') NOT IN ('day', 'end_of'))
    ),
    -- A clause's deadlines are written anew as a whole, and an import writes clauses one by one.
    ADD FOREIGN KEY (anchor_clause_id, anchor_key) REFERENCES deadlines (clause_id, key) DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX deadlines_by_event ON deadlines (event_id);
CREATE INDEX deadlines_by_anchor ON deadlines (anchor_clause_id, anchor_key);
