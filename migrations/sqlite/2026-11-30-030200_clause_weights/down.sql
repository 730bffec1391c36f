ALTER TABLE clauses DROP COLUMN weight;
