DROP VIEW party_timeline;
DROP INDEX parties_by_represented;
DROP INDEX assessments_by_holder;
ALTER TABLE agreements DROP COLUMN folded;
