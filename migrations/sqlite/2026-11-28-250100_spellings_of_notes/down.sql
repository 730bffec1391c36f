DROP TRIGGER search_notes_of_new_assessment;
CREATE TRIGGER search_notes_of_new_assessment AFTER INSERT ON assessments BEGIN
    INSERT INTO search_notes (word, assessment_id) SELECT value, NEW.id FROM json_each(NEW.note_words);
END;

UPDATE search_index SET version = 0;
