ALTER TABLE assessments DROP COLUMN submitted_by;
DROP TABLE submission_comments;
DROP TABLE submissions;
