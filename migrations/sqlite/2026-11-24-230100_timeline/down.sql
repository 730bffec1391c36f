DROP VIEW agreement_timeline;
DROP VIEW agreement_trackables;
DROP VIEW timeline;
