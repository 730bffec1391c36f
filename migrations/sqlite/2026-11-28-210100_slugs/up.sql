-- Every slug that a record has or had, so that old addresses lead to it and no other record takes them. Agreements and proposals
-- share one set of slugs. Triggers add the slugs that records get, whoever writes those.

CREATE TABLE slugs (
    kind TEXT NOT NULL CHECK (kind IN ('party', 'topic', 'source', 'event', 'agreement', 'proposal')),
    slug TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 80),
    record_id TEXT NOT NULL,
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

CREATE TRIGGER parties_named AFTER INSERT ON parties BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'party', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'party' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER parties_renamed AFTER UPDATE OF slug ON parties BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'party', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'party' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER topics_named AFTER INSERT ON topics BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'topic', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'topic' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER topics_renamed AFTER UPDATE OF slug ON topics BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'topic', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'topic' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER sources_named AFTER INSERT ON sources BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'source', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'source' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER sources_renamed AFTER UPDATE OF slug ON sources BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'source', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'source' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER events_named AFTER INSERT ON events BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'event', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'event' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER events_renamed AFTER UPDATE OF slug ON events BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'event', NEW.slug, NEW.id, FALSE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'event' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER agreements_named AFTER INSERT ON agreements BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'agreement', NEW.slug, NEW.id, TRUE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'agreement' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER agreements_renamed AFTER UPDATE OF slug ON agreements BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'agreement', NEW.slug, NEW.id, TRUE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'agreement' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER proposals_named AFTER INSERT ON proposals BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'proposal', NEW.slug, NEW.id, TRUE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'proposal' AND slug = NEW.slug AND record_id = NEW.id);
END;

CREATE TRIGGER proposals_renamed AFTER UPDATE OF slug ON proposals BEGIN
    INSERT INTO slugs (kind, slug, record_id, is_shared) SELECT 'proposal', NEW.slug, NEW.id, TRUE
    WHERE NEW.slug IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM slugs WHERE kind = 'proposal' AND slug = NEW.slug AND record_id = NEW.id);
END;
