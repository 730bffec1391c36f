ALTER TABLE preconditions DROP COLUMN needs;
