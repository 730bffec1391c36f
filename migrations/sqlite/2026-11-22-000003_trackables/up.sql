-- Clauses, caveats and proposals share one supertype, so that assessments, preconditions and events point at one
-- table with a real foreign key. The status here is the neutral one in force; `clausewatch check` can rebuild it.

CREATE TABLE trackables (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('clause', 'caveat', 'proposal')),
    version INTEGER NOT NULL CHECK (version >= 1),
    status TEXT NOT NULL,
    status_since DATE,
    -- The assessment that says so; its foreign key would be circular, and `check` watches over it instead.
    assessment_id TEXT,
    archived_at TIMESTAMP,
    UNIQUE (id, kind),
    CHECK ((status_since IS NULL) = (assessment_id IS NULL)),
    CHECK (
        (kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void'))
        OR (kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
        OR (kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
    )
);
CREATE INDEX trackables_by_status ON trackables (kind, status, status_since);

CREATE TABLE clauses (
    id TEXT NOT NULL PRIMARY KEY REFERENCES trackables (id),
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 32),
    position INTEGER NOT NULL CHECK (position >= 1),
    parent_id TEXT CHECK (parent_id <> id),
    heading TEXT NOT NULL CHECK (length(heading) BETWEEN 1 AND 300),
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    text TEXT CHECK (length(text) BETWEEN 1 AND 20000),
    nature TEXT NOT NULL CHECK (nature IN ('one_off', 'continuing')),
    topic_id TEXT NOT NULL REFERENCES topics (id),
    source_id TEXT REFERENCES sources (id),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    -- Heading, summary and text without case and accents, for text filters.
    folded TEXT NOT NULL,
    UNIQUE (agreement_id, number),
    UNIQUE (id, agreement_id),
    FOREIGN KEY (parent_id, agreement_id) REFERENCES clauses (id, agreement_id)
);
CREATE INDEX clauses_in_order ON clauses (agreement_id, position, id);
CREATE INDEX clauses_by_parent ON clauses (parent_id, position);
CREATE INDEX clauses_by_topic ON clauses (topic_id);

CREATE TABLE obligations (
    id TEXT NOT NULL PRIMARY KEY,
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    party_id TEXT NOT NULL REFERENCES parties (id),
    role TEXT NOT NULL CHECK (role IN ('obliged', 'monitor', 'facilitator', 'beneficiary')),
    held_by_id TEXT REFERENCES parties (id)
);
CREATE UNIQUE INDEX obligations_once ON obligations (clause_id, party_id, role, coalesce(held_by_id, ''));
CREATE INDEX obligations_by_party ON obligations (party_id, role);

CREATE TABLE deadlines (
    id TEXT NOT NULL PRIMARY KEY,
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 20000),
    due_on DATE,
    held_by_id TEXT REFERENCES parties (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000)
);
CREATE INDEX deadlines_by_clause ON deadlines (clause_id, position);

CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY REFERENCES trackables (id),
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    standing TEXT NOT NULL CHECK (standing IN ('official', 'unofficial')),
    is_package BOOLEAN NOT NULL,
    made_on DATE NOT NULL,
    responds_to_id TEXT REFERENCES proposals (id) CHECK (responds_to_id <> id),
    source_id TEXT REFERENCES sources (id),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    folded TEXT NOT NULL
);
CREATE INDEX proposals_by_date ON proposals (made_on, id);
CREATE INDEX proposals_by_answered ON proposals (responds_to_id);

CREATE TABLE proposal_parties (
    proposal_id TEXT NOT NULL REFERENCES proposals (id),
    role TEXT NOT NULL CHECK (role IN ('proposer', 'addressee')),
    party_id TEXT NOT NULL REFERENCES parties (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (proposal_id, role, party_id)
);
CREATE INDEX proposal_parties_by_party ON proposal_parties (party_id);

CREATE TABLE proposal_agreements (
    proposal_id TEXT NOT NULL REFERENCES proposals (id),
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (proposal_id, agreement_id)
);
CREATE INDEX proposal_agreements_by_agreement ON proposal_agreements (agreement_id);

CREATE TABLE caveats (
    id TEXT NOT NULL PRIMARY KEY REFERENCES trackables (id),
    proposal_id TEXT NOT NULL REFERENCES proposals (id),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 32),
    position INTEGER NOT NULL CHECK (position >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('offer', 'demand', 'consequence', 'clarification')),
    heading TEXT NOT NULL CHECK (length(heading) BETWEEN 1 AND 300),
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    text TEXT CHECK (length(text) BETWEEN 1 AND 20000),
    topic_id TEXT NOT NULL REFERENCES topics (id),
    source_id TEXT REFERENCES sources (id),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    folded TEXT NOT NULL,
    UNIQUE (proposal_id, number)
);
CREATE INDEX caveats_in_order ON caveats (proposal_id, position, id);
CREATE INDEX caveats_by_topic ON caveats (topic_id);

CREATE TABLE caveat_parties (
    caveat_id TEXT NOT NULL REFERENCES caveats (id),
    role TEXT NOT NULL CHECK (role IN ('owed_by', 'owed_to')),
    party_id TEXT NOT NULL REFERENCES parties (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (caveat_id, role, party_id)
);
CREATE INDEX caveat_parties_by_party ON caveat_parties (party_id);

-- Symmetrical: one row a pair, the smaller id first.
CREATE TABLE caveat_exchanges (
    caveat_id TEXT NOT NULL REFERENCES caveats (id),
    other_id TEXT NOT NULL REFERENCES caveats (id),
    PRIMARY KEY (caveat_id, other_id),
    CHECK (caveat_id < other_id)
);
CREATE INDEX caveat_exchanges_by_other ON caveat_exchanges (other_id);

CREATE TABLE caveat_answers (
    caveat_id TEXT NOT NULL REFERENCES caveats (id),
    answered_id TEXT NOT NULL REFERENCES caveats (id) CHECK (answered_id <> caveat_id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (caveat_id, answered_id)
);
CREATE INDEX caveat_answers_by_answered ON caveat_answers (answered_id);

CREATE TABLE caveat_clause_links (
    id TEXT NOT NULL PRIMARY KEY,
    caveat_id TEXT NOT NULL REFERENCES caveats (id),
    clause_id TEXT NOT NULL REFERENCES clauses (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('implements', 'overlaps', 'conflicts')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    UNIQUE (caveat_id, clause_id, kind)
);
CREATE INDEX caveat_clause_links_by_clause ON caveat_clause_links (clause_id);

CREATE TABLE preconditions (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('before_start', 'before_finish', 'before_effect')),
    step_id TEXT NOT NULL REFERENCES trackables (id),
    requires_id TEXT NOT NULL REFERENCES trackables (id) CHECK (requires_id <> step_id),
    held_by_id TEXT REFERENCES parties (id),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    source_id TEXT REFERENCES sources (id),
    archived_at TIMESTAMP
);
CREATE UNIQUE INDEX preconditions_once ON preconditions (kind, step_id, requires_id, coalesce(held_by_id, ''));
CREATE INDEX preconditions_by_step ON preconditions (step_id);
CREATE INDEX preconditions_by_requires ON preconditions (requires_id);
