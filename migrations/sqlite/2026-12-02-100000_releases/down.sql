DROP TRIGGER release_files_are_not_deleted;
DROP TRIGGER release_files_are_not_updated;
DROP TRIGGER releases_are_not_deleted;
DROP TRIGGER releases_are_not_updated;
DROP TABLE release_files;
DROP TABLE releases;
