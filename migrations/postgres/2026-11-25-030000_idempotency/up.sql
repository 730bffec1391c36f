-- Mutations that were sent with a key, so that one which is sent again is not carried out again. Kept for some days.

CREATE TABLE idempotency_keys (
    -- The name of the account: keys of different accounts have nothing to do with each other.
    actor TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    -- SHA-256 of the mutation and its input, in hexadecimal: a key that comes again with another is a mistake.
    digest TEXT COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    -- The id of the record that was written.
    outcome_id TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (recorded_at);
