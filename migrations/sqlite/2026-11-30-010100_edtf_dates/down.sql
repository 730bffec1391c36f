ALTER TABLE events DROP COLUMN edtf_date;
ALTER TABLE assessments DROP COLUMN edtf_date;
