-- What was agreed, by whom in which role (and according to whom), and how the instruments relate.

CREATE TABLE agreements (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    slug TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    title TEXT COLLATE "C" NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    short_title TEXT NOT NULL CHECK (length(short_title) BETWEEN 1 AND 300),
    kind TEXT NOT NULL CHECK (kind IN ('protocol', 'memorandum', 'package_of_measures', 'declaration', 'resolution', 'addendum', 'treaty', 'law', 'other')),
    adoption TEXT NOT NULL CHECK (length(adoption) BETWEEN 1 AND 20000),
    agreed_on DATE NOT NULL,
    place TEXT CHECK (length(place) BETWEEN 1 AND 300),
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    source_id TEXT COLLATE "C" REFERENCES sources (id),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT CHECK (length(note) BETWEEN 1 AND 20000),
    archived_at TIMESTAMP
);
CREATE INDEX agreements_by_date ON agreements (agreed_on, id);

CREATE TABLE external_ids (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agreement_id TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    scheme TEXT NOT NULL CHECK (length(scheme) BETWEEN 1 AND 300),
    value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 300),
    UNIQUE (agreement_id, scheme, value)
);

CREATE TABLE agreement_parties (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agreement_id TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    party_id TEXT COLLATE "C" NOT NULL REFERENCES parties (id),
    role TEXT NOT NULL CHECK (role IN ('signatory', 'party', 'guarantor', 'mediator', 'monitor', 'endorser')),
    capacity TEXT CHECK (length(capacity) BETWEEN 1 AND 20000),
    held_by_id TEXT COLLATE "C" REFERENCES parties (id)
);
CREATE UNIQUE INDEX agreement_parties_once ON agreement_parties (agreement_id, party_id, role, coalesce(held_by_id, ''));
CREATE INDEX agreement_parties_by_party ON agreement_parties (party_id);

CREATE TABLE agreement_relations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    agreement_id TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('implements', 'amends', 'extends', 'supersedes', 'endorses')),
    related_id TEXT COLLATE "C" NOT NULL REFERENCES agreements (id) CHECK (related_id <> agreement_id),
    UNIQUE (agreement_id, kind, related_id)
);
