DROP TABLE assessment_evidence;
DROP TABLE assessments;
DROP TABLE event_sources;
DROP TABLE event_trackables;
DROP TABLE event_actors;
DROP TABLE events;
