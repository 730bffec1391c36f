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

INSERT INTO change_values (position, is_after, place, path, kind, refers_to, value)
SELECT position, FALSE, entry.key + 1, entry.value ->> 0, entry.value ->> 1, entry.value ->> 2, entry.value ->> 3
FROM changes, json_each(changes.fields, '$.before') AS entry
UNION ALL
SELECT position, TRUE, entry.key + 1, entry.value ->> 0, entry.value ->> 1, entry.value ->> 2, entry.value ->> 3
FROM changes, json_each(changes.fields, '$.after') AS entry;

ALTER TABLE changes DROP COLUMN fields;
