DROP INDEX submissions_of_accounts;
DROP INDEX submissions_of_batches;
ALTER TABLE submissions DROP COLUMN batch_id;
