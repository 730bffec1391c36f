ALTER TABLE search_documents DROP COLUMN name;

UPDATE search_index SET version = 0;
