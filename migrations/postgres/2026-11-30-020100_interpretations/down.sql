DELETE FROM changes WHERE subject_kind = 'interpretation';
ALTER TABLE changes DROP CONSTRAINT changes_subject_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_subject_kind_check
    CHECK (subject_kind IN ('agreement', 'clause', 'proposal', 'caveat', 'party', 'topic', 'source', 'event', 'precondition'));
DROP TABLE interpretations;
