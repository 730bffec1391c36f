-- The clauses of an agreement have the positions 1, 2, 3 and so on, and so have the caveats of a proposal. Where several had
-- the same position, or there was a gap, they keep the order in which lists have shown them.

UPDATE clauses SET position = numbered.place
FROM (SELECT id, row_number() OVER (PARTITION BY agreement_id ORDER BY position, id) AS place FROM clauses) AS numbered
WHERE numbered.id = clauses.id AND numbered.place <> clauses.position;

UPDATE caveats SET position = numbered.place
FROM (SELECT id, row_number() OVER (PARTITION BY proposal_id ORDER BY position, id) AS place FROM caveats) AS numbered
WHERE numbered.id = caveats.id AND numbered.place <> caveats.position;
