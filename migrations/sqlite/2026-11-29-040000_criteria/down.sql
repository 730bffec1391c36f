DROP TABLE criteria;
