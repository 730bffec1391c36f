-- Parties can be searched, and every word of the index that a misspelt one can mean is kept once. The index is made
-- anew at the start of the server.

DROP TABLE search_words;
DROP TABLE search_documents;

CREATE TABLE search_documents (
    -- The id of the record.
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('agreement', 'clause', 'proposal', 'caveat', 'event', 'party', 'source')),
    -- A clause's agreement, a caveat's proposal: the words of its name find what is in it, too.
    container_id TEXT REFERENCES search_documents (id),
    -- What a record is called in references, run together. Null for what has no reference.
    name TEXT
);
CREATE INDEX search_documents_by_container ON search_documents (container_id);

CREATE TABLE search_words (
    -- In the form in which words are compared.
    word TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 64),
    document_id TEXT NOT NULL REFERENCES search_documents (id),
    weight INTEGER NOT NULL CHECK (weight >= 1),
    -- The weight that the word has for what is in the document; 0 for none.
    lent INTEGER NOT NULL CHECK (lent >= 0),
    PRIMARY KEY (word, document_id)
) WITHOUT ROWID;
CREATE INDEX search_words_by_document ON search_words (document_id);

-- The words that a misspelt one can mean. One that no record has any more may stay: what is read here is looked up in
-- search_words.
CREATE TABLE search_spellings (
    word TEXT NOT NULL PRIMARY KEY CHECK (length(word) BETWEEN 1 AND 64),
    -- The word from its last letter to its first: by it, words with the same end are found.
    reversed TEXT NOT NULL,
    -- The word as the record wrote it that had it first.
    spelling TEXT NOT NULL CHECK (length(spelling) BETWEEN 1 AND 64)
) WITHOUT ROWID;
CREATE INDEX search_spellings_by_end ON search_spellings (reversed);

-- The words of the notes of assessments. They find what is assessed, as do the titles of its evidence. A new assessment
-- brings the words of its note along, so that recording it and indexing them is one statement.
CREATE TABLE search_notes (
    word TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 64),
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    PRIMARY KEY (word, assessment_id)
) WITHOUT ROWID;
CREATE INDEX search_notes_by_assessment ON search_notes (assessment_id);
ALTER TABLE assessments ADD COLUMN note_words TEXT NOT NULL DEFAULT '[]' CHECK (json_type(note_words) = 'array');
CREATE TRIGGER search_notes_of_new_assessment AFTER INSERT ON assessments BEGIN
    INSERT INTO search_notes (word, assessment_id) SELECT value, NEW.id FROM json_each(NEW.note_words);
END;
CREATE INDEX assessment_evidence_by_source ON assessment_evidence (source_id);

UPDATE search_index SET version = 0;
