DROP INDEX deadlines_by_due_date;
DROP INDEX assessments_by_day;
