CREATE TABLE external_ids_of_records AS SELECT * FROM external_ids;
DROP TABLE external_ids;

CREATE TABLE external_ids (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agreement_id TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    scheme TEXT NOT NULL CHECK (length(scheme) BETWEEN 1 AND 300),
    value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 300),
    UNIQUE (agreement_id, scheme, value)
);

INSERT INTO external_ids (id, agreement_id, position, scheme, value)
SELECT id, record_id, position, scheme, value FROM external_ids_of_records WHERE kind = 'agreement';

DROP TABLE external_ids_of_records;
