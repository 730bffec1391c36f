-- The earlier version has no kind that fits better.
UPDATE parties SET kind = 'mediating_body' WHERE kind = 'commission';
UPDATE parties SET kind = 'international_organisation' WHERE kind = 'political_party';

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''mediating_body'', ''political_party'', ''commission'', ''person'')', '''mediating_body'', ''person'')')
WHERE type = 'table' AND name = 'parties';
PRAGMA writable_schema = RESET;
