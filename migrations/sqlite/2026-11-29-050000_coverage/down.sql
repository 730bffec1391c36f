ALTER TABLE agreements DROP COLUMN not_covered;
ALTER TABLE agreements DROP COLUMN covered_to;
ALTER TABLE agreements DROP COLUMN covered_from;
