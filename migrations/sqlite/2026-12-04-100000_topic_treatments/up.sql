-- How fully an agreement treats a topic, according to the codes of a dataset. A code is not a status of a clause.

CREATE TABLE topic_treatments (
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    scheme TEXT NOT NULL CHECK (length(scheme) BETWEEN 1 AND 40),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    position INTEGER NOT NULL CHECK (position >= 1),
    extent INTEGER NOT NULL CHECK (extent BETWEEN 1 AND 3),
    PRIMARY KEY (agreement_id, scheme, code)
);
-- For the filter of agreements by topic.
CREATE INDEX topic_treatments_by_code ON topic_treatments (scheme, code, extent);
