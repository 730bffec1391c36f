DROP TABLE sources;
DROP TABLE topics;
DROP TABLE parties;
