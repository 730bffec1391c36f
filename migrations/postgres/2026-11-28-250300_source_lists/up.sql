-- Lists of sources: the text that text filters search, and indexes for the order by day and for the events that cite a
-- source. The next start of the server fills the new column together with the search index.
ALTER TABLE sources ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE search_index SET version = 0;

CREATE INDEX sources_by_published_on ON sources (coalesce(published_on, '0001-01-01'), id) WHERE archived_at IS NULL;
CREATE INDEX event_sources_by_source ON event_sources (source_id);
