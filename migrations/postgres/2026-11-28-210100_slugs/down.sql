DROP TRIGGER parties_named ON parties;
DROP TRIGGER topics_named ON topics;
DROP TRIGGER sources_named ON sources;
DROP TRIGGER events_named ON events;
DROP TRIGGER agreements_named ON agreements;
DROP TRIGGER proposals_named ON proposals;
DROP FUNCTION keep_slug;
DROP TABLE slugs;
