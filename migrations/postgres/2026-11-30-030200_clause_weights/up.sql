-- How much a clause counts in a score with weights.
ALTER TABLE clauses ADD COLUMN weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100);
