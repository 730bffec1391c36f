-- What a change did away with and what it brought, value by value: a list has a row an item, and a reference says what
-- it refers to.

CREATE TABLE change_values (
    position BIGINT NOT NULL REFERENCES changes (position),
    -- Whether it is what was stated after the change, or before it.
    is_after BOOLEAN NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 1),
    -- Where it stands in the record: summary, obligations.0.held_by.
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'integer', 'boolean', 'date', 'choice', 'reference')),
    refers_to TEXT CHECK (refers_to IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'clause_assessment', 'proposal_assessment', 'caveat_assessment')),
    value TEXT NOT NULL,
    PRIMARY KEY (position, is_after, place),
    CHECK ((kind = 'reference') = (refers_to IS NOT NULL))
);

-- Entries made before today hold bare ids, and lists as lines of text: as text they stay.
INSERT INTO change_values (position, is_after, place, path, kind, value)
SELECT position, is_after, row_number() OVER (PARTITION BY position, is_after ORDER BY name), name,
    CASE WHEN kind IN ('reference', 'list', 'instant') THEN 'text' ELSE kind END, value
FROM (
    SELECT position, FALSE AS is_after, name, kind, before_value AS value FROM change_fields
    UNION ALL SELECT position, TRUE, name, kind, after_value FROM change_fields
) AS sides
WHERE value IS NOT NULL;

DROP TABLE change_fields;
