-- The earlier version has one status for clauses that no longer apply.
UPDATE assessments SET status = 'void' WHERE trackable_kind = 'clause' AND status IN ('overtaken', 'lapsed');
UPDATE trackables SET status = 'void' WHERE kind = 'clause' AND status IN ('overtaken', 'lapsed');
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''suspended'', ''void'', ''overtaken'', ''lapsed'')', '''suspended'', ''void'')')
WHERE type = 'table' AND name IN ('trackables', 'assessments');
PRAGMA writable_schema = RESET;
