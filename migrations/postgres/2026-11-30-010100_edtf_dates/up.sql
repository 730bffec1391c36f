-- The date in EDTF, such as 2015-02, of assessments and events whose day columns do not say all. Null for exact days.

ALTER TABLE assessments ADD COLUMN edtf_date TEXT CHECK (length(edtf_date) BETWEEN 4 AND 21);
ALTER TABLE events ADD COLUMN edtf_date TEXT CHECK (length(edtf_date) BETWEEN 4 AND 21);
