-- Webhooks: addresses that receive a message for each matching change of the log. They are not in the log, because everybody can
-- read the log.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    description TEXT CHECK (length(description) BETWEEN 1 AND 300),
    format TEXT NOT NULL CHECK (format IN ('standard', 'chat')),
    -- `whsec_` and Base64. It signs messages, so a hash would not be enough.
    secret TEXT NOT NULL CHECK (length(secret) BETWEEN 38 AND 94),
    -- The secret before the last rotation. Messages are signed with both for a day.
    previous_secret TEXT CHECK (length(previous_secret) BETWEEN 38 AND 94),
    rotated_at TIMESTAMP,
    -- JSON: the argument `filter` of the query `changes`.
    filter TEXT NOT NULL CHECK (length(filter) BETWEEN 2 AND 20000),
    -- All changes up to this position were delivered or do not match the filter.
    position BIGINT NOT NULL CHECK (position >= 0),
    -- Failed attempts to deliver the next message.
    failures INTEGER NOT NULL CHECK (failures >= 0),
    failing_since TIMESTAMP,
    next_attempt_at TIMESTAMP,
    -- The server that delivers at the moment. After `leased_until`, another server may deliver.
    lease_holder TEXT CHECK (length(lease_holder) BETWEEN 1 AND 100),
    leased_until TIMESTAMP,
    test_requested_at TIMESTAMP,
    disabled_at TIMESTAMP,
    disabled_reason TEXT CHECK (length(disabled_reason) BETWEEN 1 AND 1000),
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL CHECK (length(created_by) BETWEEN 1 AND 300),
    CHECK ((rotated_at IS NULL) = (previous_secret IS NULL)),
    CHECK ((failures = 0) = (failing_since IS NULL)),
    CHECK ((lease_holder IS NULL) = (leased_until IS NULL)),
    CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);

-- Attempts to deliver messages. The server keeps the latest attempts of each webhook.
CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    -- The position of the change in the log. Null for a test message.
    position BIGINT CHECK (position > 0),
    -- From 1.
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    started_at TIMESTAMP NOT NULL,
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    -- The HTTP status. Null if there was no response.
    status INTEGER CHECK (status BETWEEN 100 AND 999),
    -- Null if the message was delivered.
    error TEXT CHECK (length(error) BETWEEN 1 AND 1000)
);
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, id);
