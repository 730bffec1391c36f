DROP TABLE agreement_relations;
DROP TABLE agreement_parties;
DROP TABLE external_ids;
DROP TABLE agreements;
