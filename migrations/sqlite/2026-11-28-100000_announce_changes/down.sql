-- SQLite tells each connection whether others have committed (PRAGMA data_version): there is nothing to add.
SELECT 1;
