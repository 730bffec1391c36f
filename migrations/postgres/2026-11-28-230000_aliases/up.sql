-- Other names and spellings of records, in any language: a JSON array of strings. Nothing asks for a single one of them.
ALTER TABLE agreements ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
ALTER TABLE clauses ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
ALTER TABLE caveats ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
ALTER TABLE proposals ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
ALTER TABLE events ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
ALTER TABLE parties ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]' CHECK (json_typeof(aliases::json) = 'array');
