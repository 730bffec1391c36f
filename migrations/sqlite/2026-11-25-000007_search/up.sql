-- The search index: which words stand where. It is made from the records and can be made again at any time, which
-- happens at the start of a server whose code makes another one than is here.

CREATE TABLE search_documents (
    -- The id of the record: of an agreement, a clause, a proposal, a caveat, an event.
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('agreement', 'clause', 'proposal', 'caveat', 'event')),
    -- A clause's agreement, a caveat's proposal: the words of its name find what is in it, too.
    container_id TEXT REFERENCES search_documents (id)
);
CREATE INDEX search_documents_by_container ON search_documents (container_id);

CREATE TABLE search_words (
    -- Without case and accents.
    word TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 64),
    document_id TEXT NOT NULL REFERENCES search_documents (id),
    weight INTEGER NOT NULL CHECK (weight >= 1),
    -- The weight that the word has for what is in the document; 0 for none.
    lent INTEGER NOT NULL CHECK (lent >= 0),
    PRIMARY KEY (word, document_id)
) WITHOUT ROWID;
CREATE INDEX search_words_by_document ON search_words (document_id);

-- How the index that is here was made; 0 for not yet.
CREATE TABLE search_index (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL CHECK (version >= 0)
);
INSERT INTO search_index (id, version) VALUES (1, 0);
