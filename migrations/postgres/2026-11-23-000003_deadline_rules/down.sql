ALTER TABLE deadlines
    DROP COLUMN key CASCADE,
    DROP COLUMN phase,
    DROP COLUMN basis,
    DROP COLUMN period,
    DROP COLUMN containing,
    DROP COLUMN days,
    DROP COLUMN event_id,
    DROP COLUMN anchor_clause_id,
    DROP COLUMN anchor_key;
