-- When the last change was recorded, in microseconds since 1970. The next one is recorded later, even if the clock went back.
ALTER TABLE log_head ADD COLUMN recorded_microseconds BIGINT NOT NULL DEFAULT 0;
UPDATE log_head SET recorded_microseconds = coalesce((
    SELECT max(
        CAST(strftime('%s', substr(recorded_at, 1, 19)) AS INTEGER) * 1000000
        + CAST(substr(substr(recorded_at, 21) || '000000', 1, 6) AS INTEGER)
    )
    FROM changes
), 0);
