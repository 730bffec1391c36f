-- Two statuses of clauses: events made it moot, or its term ran out. Only a check changes, and no stored row. So the
-- text of the tables is changed in place: a new table would need new references, triggers and views.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''suspended'', ''void'')', '''suspended'', ''void'', ''overtaken'', ''lapsed'')')
WHERE type = 'table' AND name IN ('trackables', 'assessments');
PRAGMA writable_schema = RESET;
