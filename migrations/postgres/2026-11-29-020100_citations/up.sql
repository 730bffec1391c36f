-- The place in each source that an assessment or event cites: a locator, the words, and the day on which it was read.
ALTER TABLE assessment_evidence ADD COLUMN locator TEXT CHECK (length(locator) BETWEEN 1 AND 300);
ALTER TABLE assessment_evidence ADD COLUMN quotation TEXT CHECK (length(quotation) BETWEEN 1 AND 500);
ALTER TABLE assessment_evidence ADD COLUMN accessed_on DATE;
ALTER TABLE event_sources ADD COLUMN locator TEXT CHECK (length(locator) BETWEEN 1 AND 300);
ALTER TABLE event_sources ADD COLUMN quotation TEXT CHECK (length(quotation) BETWEEN 1 AND 500);
ALTER TABLE event_sources ADD COLUMN accessed_on DATE;
