-- A change holds its changed values as one JSON text, instead of a row for each value: what was stated before and after,
-- each value as an array of its path, its kind, what kind of record it refers to, and its text.

ALTER TABLE changes ADD COLUMN fields TEXT NOT NULL DEFAULT '{"before":[],"after":[]}'
    CHECK (fields LIKE '{"before":[%],"after":[%]}');

UPDATE changes SET fields = '{"before":' || (
        SELECT json_group_array(json_array(path, kind, refers_to, value)) FROM (
            SELECT path, kind, refers_to, value FROM change_values
            WHERE change_values.position = changes.position AND NOT is_after ORDER BY place
        )
    ) || ',"after":' || (
        SELECT json_group_array(json_array(path, kind, refers_to, value)) FROM (
            SELECT path, kind, refers_to, value FROM change_values
            WHERE change_values.position = changes.position AND is_after ORDER BY place
        )
    ) || '}';

DROP TABLE change_values;
