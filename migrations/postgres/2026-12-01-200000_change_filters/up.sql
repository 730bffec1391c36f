-- Indexes for the filters of the change log.
CREATE INDEX changes_by_actor ON changes (actor, position);
CREATE INDEX changes_by_action ON changes (action, position);
CREATE INDEX changes_by_kind ON changes (subject_kind, position);
CREATE INDEX changes_by_time ON changes (recorded_at, position);
