-- What happened, and what it did to a status.

CREATE TABLE events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    slug TEXT COLLATE "C" UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    happened_on DATE NOT NULL,
    ended_on DATE CHECK (ended_on >= happened_on),
    kind TEXT NOT NULL CHECK (kind IN ('statement', 'signing', 'vote', 'exchange', 'violation', 'deployment', 'withdrawal', 'negotiation', 'precedent', 'other')),
    title TEXT COLLATE "C" NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    summary TEXT NOT NULL CHECK (length(summary) BETWEEN 1 AND 20000),
    place TEXT CHECK (length(place) BETWEEN 1 AND 300),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    folded TEXT NOT NULL,
    archived_at TIMESTAMP
);
CREATE INDEX events_by_date ON events (happened_on, id);

CREATE TABLE event_actors (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
    party_id TEXT COLLATE "C" NOT NULL REFERENCES parties (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (event_id, party_id)
);
CREATE INDEX event_actors_by_party ON event_actors (party_id);

CREATE TABLE event_trackables (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
    trackable_id TEXT COLLATE "C" NOT NULL REFERENCES trackables (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (event_id, trackable_id)
);
CREATE INDEX event_trackables_by_trackable ON event_trackables (trackable_id);

CREATE TABLE event_sources (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
    source_id TEXT COLLATE "C" NOT NULL REFERENCES sources (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (event_id, source_id)
);

-- Append-only, with two times: effective_on is since when it is so, recorded_at since when the database knows.
-- A retraction marks the row; nothing deletes it.
CREATE TABLE assessments (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    trackable_id TEXT COLLATE "C" NOT NULL,
    trackable_kind TEXT NOT NULL,
    status TEXT NOT NULL,
    effective_on DATE NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    held_by_id TEXT COLLATE "C" REFERENCES parties (id),
    momentum TEXT NOT NULL CHECK (momentum IN ('advancing', 'steady', 'stalled', 'regressing')),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT NOT NULL CHECK (length(note) BETWEEN 1 AND 20000),
    event_id TEXT COLLATE "C" REFERENCES events (id),
    recorded_by TEXT NOT NULL CHECK (length(recorded_by) BETWEEN 1 AND 300),
    -- Whether it came with a dossier: an import may correct only what an import brought.
    imported BOOLEAN NOT NULL,
    retracted_at TIMESTAMP,
    retracted_by TEXT CHECK (length(retracted_by) BETWEEN 1 AND 300),
    retraction_reason TEXT CHECK (length(retraction_reason) BETWEEN 1 AND 20000),
    FOREIGN KEY (trackable_id, trackable_kind) REFERENCES trackables (id, kind),
    CHECK ((retracted_at IS NULL) = (retracted_by IS NULL) AND (retracted_at IS NULL) = (retraction_reason IS NULL)),
    CHECK (
        (trackable_kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void'))
        OR (trackable_kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
        OR (trackable_kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
    )
);
CREATE INDEX assessments_in_order ON assessments (trackable_id, effective_on, recorded_at, id);
CREATE INDEX assessments_by_event ON assessments (event_id);

CREATE TABLE assessment_evidence (
    assessment_id TEXT COLLATE "C" NOT NULL REFERENCES assessments (id),
    source_id TEXT COLLATE "C" NOT NULL REFERENCES sources (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    PRIMARY KEY (assessment_id, source_id)
);
