-- Releases: a position of the change log under a name, with the files of the package that was written from it. The files are
-- stored, because records can change later, and another version of the program may write other columns. Both tables only
-- grow: the triggers reject every change.
CREATE TABLE releases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
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
    release_id TEXT COLLATE "C" NOT NULL REFERENCES releases (id),
    -- Names of files without a folder: other names could lead out of the folder to which a package is written.
    name TEXT COLLATE "C" NOT NULL CHECK (length(name) <= 100 AND name ~ '^[A-Za-z0-9_-][A-Za-z0-9._-]*$'),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- Compressed (zlib), in Base64.
    content TEXT NOT NULL,
    PRIMARY KEY (release_id, name)
);

CREATE FUNCTION reject_change_of_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'releases and their files are never changed or deleted';
END
$$;

CREATE TRIGGER releases_are_permanent BEFORE UPDATE OR DELETE ON releases
FOR EACH ROW EXECUTE FUNCTION reject_change_of_release();
CREATE TRIGGER release_files_are_permanent BEFORE UPDATE OR DELETE ON release_files
FOR EACH ROW EXECUTE FUNCTION reject_change_of_release();
CREATE TRIGGER releases_are_not_truncated BEFORE TRUNCATE ON releases
FOR EACH STATEMENT EXECUTE FUNCTION reject_change_of_release();
CREATE TRIGGER release_files_are_not_truncated BEFORE TRUNCATE ON release_files
FOR EACH STATEMENT EXECUTE FUNCTION reject_change_of_release();
