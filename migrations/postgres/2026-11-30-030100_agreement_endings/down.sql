DROP TABLE agreement_endings;
