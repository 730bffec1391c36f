DROP TABLE topic_treatments;
