-- A misspelt word finds the notes of assessments, too. Each entry of `note_words` is an array: a word, and if a misspelt word can
-- match it, the word from its last letter to its first and the spelling in the note. The index is rebuilt at the next start.
CREATE OR REPLACE FUNCTION search_notes_of_new_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_notes (word, assessment_id)
    SELECT value->>0, NEW.id FROM json_array_elements(NEW.note_words::json);
    INSERT INTO search_spellings (word, reversed, spelling)
    SELECT value->>0, value->>1, value->>2
    FROM json_array_elements(NEW.note_words::json) WHERE json_array_length(value) = 3
    ON CONFLICT (word) DO NOTHING;
    RETURN NULL;
END
$$;

UPDATE search_index SET version = 0;
