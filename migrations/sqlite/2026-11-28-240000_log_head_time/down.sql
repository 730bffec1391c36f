ALTER TABLE log_head DROP COLUMN recorded_microseconds;
