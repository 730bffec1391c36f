-- What a record is called in references, run together: of `Minsk II, 9` the agreement has `minskii` and the clause `9`.
-- Null for what has no reference. The index is made anew at the start of the server.
ALTER TABLE search_documents ADD COLUMN name TEXT COLLATE "C";

UPDATE search_index SET version = 0;
