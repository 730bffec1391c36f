-- Two kinds of parties: political parties and commissions. Only a check changes, and no stored row. So the text of the table is
-- changed in place: a new table would need new references from many others.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''mediating_body'', ''person'')', '''mediating_body'', ''political_party'', ''commission'', ''person'')')
WHERE type = 'table' AND name = 'parties';
PRAGMA writable_schema = RESET;
