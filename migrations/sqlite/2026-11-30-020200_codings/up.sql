-- Codings: the status that an account gave a clause for a day, without knowing those of other accounts. The log does not have
-- them, because everybody can read it.

CREATE TABLE codings (
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    day DATE NOT NULL,
    account TEXT NOT NULL CHECK (length(account) BETWEEN 1 AND 300),
    status TEXT NOT NULL,
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (clause_id, day, account)
);
