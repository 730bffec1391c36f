-- Where records come from: the place in the source, and for roles, obligations, deadlines and preconditions also the source, the
-- confidence and a note.
ALTER TABLE agreements ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE clauses ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE proposals ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE caveats ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);

ALTER TABLE agreement_parties ADD COLUMN source_id TEXT REFERENCES sources (id);
ALTER TABLE agreement_parties ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE agreement_parties ADD COLUMN confidence TEXT NOT NULL DEFAULT 'medium' CHECK (confidence IN ('low', 'medium', 'high'));
ALTER TABLE agreement_parties ADD COLUMN note TEXT CHECK (length(note) BETWEEN 1 AND 20000);

ALTER TABLE obligations ADD COLUMN source_id TEXT REFERENCES sources (id);
ALTER TABLE obligations ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE obligations ADD COLUMN confidence TEXT NOT NULL DEFAULT 'medium' CHECK (confidence IN ('low', 'medium', 'high'));
ALTER TABLE obligations ADD COLUMN note TEXT CHECK (length(note) BETWEEN 1 AND 20000);

ALTER TABLE deadlines ADD COLUMN source_id TEXT REFERENCES sources (id);
ALTER TABLE deadlines ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE deadlines ADD COLUMN confidence TEXT NOT NULL DEFAULT 'medium' CHECK (confidence IN ('low', 'medium', 'high'));

ALTER TABLE preconditions ADD COLUMN source_locator TEXT CHECK (length(source_locator) BETWEEN 1 AND 300);
ALTER TABLE preconditions ADD COLUMN confidence TEXT NOT NULL DEFAULT 'medium' CHECK (confidence IN ('low', 'medium', 'high'));
