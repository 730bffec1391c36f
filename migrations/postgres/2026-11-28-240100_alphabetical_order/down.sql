CREATE INDEX parties_by_name ON parties (name, id);
DROP COLLATION alphabetical;
