-- The first of the submissions that were submitted together, also if it is the only one. Until now they were found by their
-- time and account, which two batches can share while the clock is behind the log.

CREATE INDEX submissions_of_accounts ON submissions (submitted_by, submitted_at, id);
ALTER TABLE submissions ADD COLUMN batch_id TEXT NOT NULL DEFAULT '';
UPDATE submissions SET batch_id = (
    SELECT min(together.id) FROM submissions AS together
    WHERE together.submitted_at = submissions.submitted_at AND together.submitted_by = submissions.submitted_by
);
CREATE INDEX submissions_of_batches ON submissions (batch_id);
