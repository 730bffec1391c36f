-- A misspelt word finds the notes of assessments, too. Each entry of `note_words` is an array: a word, and if a misspelt word can
-- match it, the word from its last letter to its first and the spelling in the note. The index is rebuilt at the next start.
DROP TRIGGER search_notes_of_new_assessment;
CREATE TRIGGER search_notes_of_new_assessment AFTER INSERT ON assessments BEGIN
    INSERT INTO search_notes (word, assessment_id)
    SELECT json_extract(value, '$[0]'), NEW.id FROM json_each(NEW.note_words);
    INSERT INTO search_spellings (word, reversed, spelling)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
    FROM json_each(NEW.note_words) WHERE json_array_length(value) = 3
    ON CONFLICT (word) DO NOTHING;
END;

UPDATE search_index SET version = 0;
