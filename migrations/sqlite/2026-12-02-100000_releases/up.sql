-- Releases: a position of the change log under a name, with the files of the package that was written from it. The files are
-- stored, because records can change later, and another version of the program may write other columns. Both tables only
-- grow: the triggers reject every change.
CREATE TABLE releases (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    title TEXT CHECK (length(title) BETWEEN 1 AND 300),
    notes TEXT CHECK (length(notes) BETWEEN 1 AND 20000),
    position INTEGER NOT NULL CHECK (position > 0),
    -- The time of the last change of the release in the log.
    known_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- RFC 9162, over the lines of log.ndjson. In hexadecimal.
    merkle_root TEXT NOT NULL CHECK (length(merkle_root) = 64)
);

CREATE TABLE release_files (
    release_id TEXT NOT NULL REFERENCES releases (id),
    -- Names of files without a folder: other names could lead out of the folder to which a package is written.
    name TEXT NOT NULL CHECK (
        length(name) BETWEEN 1 AND 100 AND name NOT GLOB '*[^A-Za-z0-9._-]*' AND name NOT GLOB '.*'
    ),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- Compressed (zlib), in Base64.
    content TEXT NOT NULL,
    PRIMARY KEY (release_id, name)
);

CREATE TRIGGER releases_are_not_updated BEFORE UPDATE ON releases
BEGIN SELECT RAISE(ABORT, 'releases are never changed'); END;
CREATE TRIGGER releases_are_not_deleted BEFORE DELETE ON releases
BEGIN SELECT RAISE(ABORT, 'releases are never deleted'); END;
CREATE TRIGGER release_files_are_not_updated BEFORE UPDATE ON release_files
BEGIN SELECT RAISE(ABORT, 'files of releases are never changed'); END;
CREATE TRIGGER release_files_are_not_deleted BEFORE DELETE ON release_files
BEGIN SELECT RAISE(ABORT, 'files of releases are never deleted'); END;
