ALTER TABLE assessment_evidence DROP COLUMN accessed_on;
ALTER TABLE assessment_evidence DROP COLUMN quotation;
ALTER TABLE assessment_evidence DROP COLUMN locator;
ALTER TABLE event_sources DROP COLUMN accessed_on;
ALTER TABLE event_sources DROP COLUMN quotation;
ALTER TABLE event_sources DROP COLUMN locator;
