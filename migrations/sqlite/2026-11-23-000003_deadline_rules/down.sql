ALTER TABLE deadlines RENAME TO new_deadlines;
DROP INDEX deadlines_by_clause;
DROP INDEX deadlines_by_event;
DROP INDEX deadlines_by_anchor;

CREATE TABLE deadlines (
    id TEXT NOT NULL PRIMARY KEY,
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 20000),
    due_on DATE,
    held_by_id TEXT REFERENCES parties (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000)
);
INSERT INTO deadlines (id, clause_id, position, rule, due_on, held_by_id, note)
SELECT id, clause_id, position, rule, due_on, held_by_id, note FROM new_deadlines;
DROP TABLE new_deadlines;

CREATE INDEX deadlines_by_clause ON deadlines (clause_id, position);
