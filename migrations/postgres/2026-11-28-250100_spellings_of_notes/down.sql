CREATE OR REPLACE FUNCTION search_notes_of_new_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_notes (word, assessment_id)
    SELECT value, NEW.id FROM json_array_elements_text(NEW.note_words::json);
    RETURN NULL;
END
$$;

UPDATE search_index SET version = 0;
