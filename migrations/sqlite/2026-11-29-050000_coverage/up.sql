-- The days that the record of an agreement covers, and what it leaves out.

ALTER TABLE agreements ADD COLUMN covered_from DATE;
ALTER TABLE agreements ADD COLUMN covered_to DATE CHECK (covered_to >= covered_from);
ALTER TABLE agreements ADD COLUMN not_covered TEXT CHECK (length(not_covered) BETWEEN 1 AND 20000);
