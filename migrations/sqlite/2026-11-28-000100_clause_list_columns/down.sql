DROP TRIGGER clauses_archived_with_agreement;
DROP TRIGGER clauses_assessed_or_archived;
DROP TRIGGER clauses_created;
DROP INDEX clauses_by_status_since;
DROP INDEX clauses_by_topic;
CREATE INDEX clauses_by_topic ON clauses (topic_id);
ALTER TABLE clauses DROP COLUMN is_listed;
ALTER TABLE clauses DROP COLUMN status_since;
ALTER TABLE clauses DROP COLUMN status;
