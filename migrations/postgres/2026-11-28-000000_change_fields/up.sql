-- A change holds its changed values as one JSON text, instead of a row for each value: what was stated before and after,
-- each value as an array of its path, its kind, what kind of record it refers to, and its text.

ALTER TABLE changes ADD COLUMN fields TEXT NOT NULL DEFAULT '{"before":[],"after":[]}'
    CHECK (fields LIKE '{"before":[%],"after":[%]}');

-- Written without spaces, as SQLite and the server write it: dumps of equal databases are equal.
UPDATE changes SET fields = '{"before":[' || sides.before || '],"after":[' || sides.after || ']}'
FROM (
    SELECT position,
        coalesce(string_agg(entry, ',' ORDER BY place) FILTER (WHERE NOT is_after), '') AS before,
        coalesce(string_agg(entry, ',' ORDER BY place) FILTER (WHERE is_after), '') AS after
    FROM (
        SELECT position, is_after, place, '[' || to_json(path) || ',' || to_json(kind) || ','
            || coalesce(to_json(refers_to)::text, 'null') || ',' || to_json(value) || ']' AS entry
        FROM change_values
    ) AS entries
    GROUP BY position
) AS sides
WHERE sides.position = changes.position;

DROP TABLE change_values;
