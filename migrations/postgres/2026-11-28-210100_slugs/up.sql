-- Every slug that a record has or had, so that old addresses lead to it and no other record takes them. Agreements and proposals
-- share one set of slugs. Triggers add the slugs that records get, whoever writes those.

CREATE TABLE slugs (
    kind TEXT NOT NULL CHECK (kind IN ('party', 'topic', 'source', 'event', 'agreement', 'proposal')),
    slug TEXT COLLATE "C" NOT NULL CHECK (length(slug) BETWEEN 1 AND 80),
    record_id TEXT COLLATE "C" NOT NULL,
    -- Whether no agreement or proposal but this one may have it. False for other kinds, and for a proposal that had the slug
    -- of an agreement before this was a rule.
    is_shared BOOLEAN NOT NULL,
    PRIMARY KEY (kind, slug)
);
CREATE UNIQUE INDEX slugs_shared ON slugs (slug) WHERE is_shared;
CREATE INDEX slugs_by_record ON slugs (record_id);

INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'party', slug, id, FALSE FROM parties WHERE slug IS NOT NULL;
INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'topic', slug, id, FALSE FROM topics WHERE slug IS NOT NULL;
INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'source', slug, id, FALSE FROM sources WHERE slug IS NOT NULL;
INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'event', slug, id, FALSE FROM events WHERE slug IS NOT NULL;
INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'agreement', slug, id, TRUE FROM agreements WHERE slug IS NOT NULL;
INSERT INTO slugs (kind, slug, record_id, is_shared)
SELECT 'proposal', slug, id, slug NOT IN (SELECT slug FROM agreements) FROM proposals;

-- Takes the kind of record, and whether its slugs are shared.
CREATE FUNCTION keep_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT TG_ARGV[0], NEW.slug, NEW.id, CAST(TG_ARGV[1] AS BOOLEAN)
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = TG_ARGV[0] AND slug = NEW.slug AND record_id = NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER parties_named AFTER INSERT OR UPDATE OF slug ON parties
    FOR EACH ROW EXECUTE FUNCTION keep_slug('party', 'FALSE');
CREATE TRIGGER topics_named AFTER INSERT OR UPDATE OF slug ON topics
    FOR EACH ROW EXECUTE FUNCTION keep_slug('topic', 'FALSE');
CREATE TRIGGER sources_named AFTER INSERT OR UPDATE OF slug ON sources
    FOR EACH ROW EXECUTE FUNCTION keep_slug('source', 'FALSE');
CREATE TRIGGER events_named AFTER INSERT OR UPDATE OF slug ON events
    FOR EACH ROW EXECUTE FUNCTION keep_slug('event', 'FALSE');
CREATE TRIGGER agreements_named AFTER INSERT OR UPDATE OF slug ON agreements
    FOR EACH ROW EXECUTE FUNCTION keep_slug('agreement', 'TRUE');
CREATE TRIGGER proposals_named AFTER INSERT OR UPDATE OF slug ON proposals
    FOR EACH ROW EXECUTE FUNCTION keep_slug('proposal', 'TRUE');
