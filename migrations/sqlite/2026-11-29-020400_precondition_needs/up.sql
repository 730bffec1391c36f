-- A required step must be done, or must only have begun.
ALTER TABLE preconditions ADD COLUMN needs TEXT NOT NULL DEFAULT 'done' CHECK (needs IN ('done', 'begun'));
