DROP TABLE release_files;
DROP TABLE releases;
DROP FUNCTION reject_change_of_release();
