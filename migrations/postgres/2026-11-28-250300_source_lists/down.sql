DROP INDEX event_sources_by_source;
DROP INDEX sources_by_published_on;
ALTER TABLE sources DROP COLUMN folded;
