-- The language of a source, as a tag of BCP 47.
ALTER TABLE sources ADD COLUMN language TEXT CHECK (length(language) BETWEEN 2 AND 35);
