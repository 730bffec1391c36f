DROP TABLE assessment_breakers;
