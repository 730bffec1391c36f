-- Who may read and write. Of a token only its hash is kept; a row stays when its token is revoked, so that it remains
-- known who once could.

CREATE TABLE tokens (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The name of the account: the actor in the change log.
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    -- SHA-256 of the token's text, in hexadecimal.
    digest TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(digest) = 64),
    -- The last characters of the text, to tell tokens apart.
    hint TEXT NOT NULL CHECK (length(hint) = 4),
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    expires_at TIMESTAMP,
    -- To the hour: a write for each use would cost more than it tells.
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    revoked_by TEXT,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- Browsers that are signed in.
CREATE TABLE sign_ins (
    -- SHA-256 of what the cookie holds, in hexadecimal.
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
    -- The token that it was done with, which ends it when it ends; none where somebody else vouched for who it is.
    token_id TEXT COLLATE "C" REFERENCES tokens (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_ins_by_token ON sign_ins (token_id);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
