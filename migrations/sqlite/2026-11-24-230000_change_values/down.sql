CREATE TABLE change_fields (
    position BIGINT NOT NULL REFERENCES changes (position),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'integer', 'boolean', 'date', 'instant', 'choice', 'reference', 'list')),
    before_value TEXT,
    after_value TEXT,
    PRIMARY KEY (position, name)
);

INSERT INTO change_fields (position, name, kind, before_value, after_value)
SELECT position, path, min(kind), max(CASE WHEN NOT is_after THEN value END), max(CASE WHEN is_after THEN value END)
FROM change_values GROUP BY position, path;

DROP TABLE change_values;
