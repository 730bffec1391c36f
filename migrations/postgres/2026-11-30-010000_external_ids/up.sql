-- Records of all kinds have external identifiers, not only agreements. Identifiers with schemes that are not accepted any
-- more are kept. The column `record_id` cannot be a foreign key, because it refers to several tables.
CREATE TABLE external_ids_of_agreements AS SELECT * FROM external_ids;
DROP TABLE external_ids;

CREATE TABLE external_ids (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event')),
    record_id TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    scheme TEXT COLLATE "C" NOT NULL CHECK (length(scheme) BETWEEN 1 AND 300),
    value TEXT COLLATE "C" NOT NULL CHECK (length(value) BETWEEN 1 AND 300),
    UNIQUE (record_id, scheme, value)
);

INSERT INTO external_ids (id, kind, record_id, position, scheme, value)
SELECT id, 'agreement', agreement_id, position, scheme, value FROM external_ids_of_agreements;

DROP TABLE external_ids_of_agreements;

CREATE INDEX external_ids_by_value ON external_ids (scheme, lower(replace(value, ' ', '')));
