-- The order of the lists of all assessments and of all deadlines.
CREATE INDEX assessments_by_day ON assessments (effective_on, recorded_at, id);
CREATE INDEX deadlines_by_due_date ON deadlines (coalesce(due_on, '9999-12-31'), id);
