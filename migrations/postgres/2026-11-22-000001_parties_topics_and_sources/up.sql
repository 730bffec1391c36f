-- Who, about what, and on whose word: the records that everything else refers to.

CREATE TABLE parties (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    slug TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    short_name TEXT NOT NULL CHECK (length(short_name) BETWEEN 1 AND 300),
    kind TEXT NOT NULL CHECK (kind IN ('state', 'international_organisation', 'de_facto_authority', 'armed_group', 'mediating_body', 'person')),
    represents_id TEXT COLLATE "C" REFERENCES parties (id),
    archived_at TIMESTAMP,
    CHECK (represents_id IS NULL OR kind = 'person')
);
CREATE INDEX parties_by_name ON parties (name, id);

CREATE TABLE topics (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    slug TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 300),
    description TEXT CHECK (length(description) BETWEEN 1 AND 20000),
    parent_id TEXT COLLATE "C" REFERENCES topics (id) CHECK (parent_id <> id),
    archived_at TIMESTAMP
);

-- A source that came with an assessment as evidence has no slug.
CREATE TABLE sources (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    slug TEXT COLLATE "C" UNIQUE CHECK (length(slug) BETWEEN 1 AND 80),
    title TEXT COLLATE "C" NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    kind TEXT NOT NULL CHECK (kind IN ('official_text', 'monitor_report', 'party_statement', 'press', 'academic', 'leak')),
    publisher TEXT CHECK (length(publisher) BETWEEN 1 AND 300),
    url TEXT CHECK (length(url) BETWEEN 1 AND 2000),
    archived_url TEXT CHECK (length(archived_url) BETWEEN 1 AND 2000),
    published_on DATE,
    archived_at TIMESTAMP
);
