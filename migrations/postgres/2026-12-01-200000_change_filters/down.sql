DROP INDEX changes_by_time;
DROP INDEX changes_by_kind;
DROP INDEX changes_by_action;
DROP INDEX changes_by_actor;
