DROP TRIGGER search_notes_of_new_assessment ON assessments;
DROP FUNCTION search_notes_of_new_assessment();
ALTER TABLE assessments DROP COLUMN note_words;
DROP INDEX assessment_evidence_by_source;
DROP TABLE search_notes;
DROP TABLE search_spellings;
DROP TABLE search_words;
DROP TABLE search_documents;

CREATE TABLE search_documents (
    -- The id of the record: of an agreement, a clause, a proposal, a caveat, an event, a source.
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('agreement', 'clause', 'proposal', 'caveat', 'event', 'source')),
    -- A clause's agreement, a caveat's proposal: the words of its name find what is in it, too.
    container_id TEXT COLLATE "C" REFERENCES search_documents (id)
);
CREATE INDEX search_documents_by_container ON search_documents (container_id);

CREATE TABLE search_words (
    -- Without case and accents.
    word TEXT COLLATE "C" NOT NULL CHECK (length(word) BETWEEN 1 AND 64),
    document_id TEXT COLLATE "C" NOT NULL REFERENCES search_documents (id),
    weight INTEGER NOT NULL CHECK (weight >= 1),
    -- The weight that the word has for what is in the document; 0 for none.
    lent INTEGER NOT NULL CHECK (lent >= 0),
    PRIMARY KEY (word, document_id)
);
CREATE INDEX search_words_by_document ON search_words (document_id);
ALTER TABLE search_documents ADD COLUMN name TEXT COLLATE "C";

UPDATE search_index SET version = 0;
