CREATE TABLE change_values (
    position BIGINT NOT NULL REFERENCES changes (position),
    -- Whether it is what was stated after the change, or before it.
    is_after BOOLEAN NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 1),
    -- Where it stands in the record: summary, obligations.0.held_by.
    path TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'integer', 'boolean', 'date', 'choice', 'reference')),
    refers_to TEXT CHECK (refers_to IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'clause_assessment', 'proposal_assessment', 'caveat_assessment')),
    value TEXT NOT NULL,
    PRIMARY KEY (position, is_after, place),
    CHECK ((kind = 'reference') = (refers_to IS NOT NULL))
);

INSERT INTO change_values (position, is_after, place, path, kind, refers_to, value)
SELECT position, is_after, place, value ->> 0, value ->> 1, value ->> 2, value ->> 3
FROM changes
CROSS JOIN (VALUES (FALSE, 'before'), (TRUE, 'after')) AS sides (is_after, side)
CROSS JOIN LATERAL json_array_elements(changes.fields::json -> sides.side) WITH ORDINALITY AS entry (value, place);

ALTER TABLE changes DROP COLUMN fields;
