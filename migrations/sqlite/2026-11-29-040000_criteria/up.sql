-- What must be seen before a clause has a status.

CREATE TABLE criteria (
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    status TEXT NOT NULL CHECK (status IN ('minimal', 'partial', 'complete', 'breached')),
    position INTEGER NOT NULL CHECK (position >= 1),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    PRIMARY KEY (clause_id, status)
);
