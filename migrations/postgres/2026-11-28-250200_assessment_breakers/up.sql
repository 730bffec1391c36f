-- The parties that breached a clause or caveat, in the view of an assessment with the status BREACHED.

CREATE TABLE assessment_breakers (
    assessment_id TEXT COLLATE "C" NOT NULL REFERENCES assessments (id),
    party_id TEXT COLLATE "C" NOT NULL REFERENCES parties (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (assessment_id, party_id)
);
CREATE INDEX assessment_breakers_by_party ON assessment_breakers (party_id);
