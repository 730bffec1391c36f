ALTER TABLE sources DROP COLUMN language;
