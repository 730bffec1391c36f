ALTER TABLE agreements DROP COLUMN aliases;
ALTER TABLE clauses DROP COLUMN aliases;
ALTER TABLE caveats DROP COLUMN aliases;
ALTER TABLE proposals DROP COLUMN aliases;
ALTER TABLE events DROP COLUMN aliases;
ALTER TABLE parties DROP COLUMN aliases;
