DROP TABLE change_fields;
DROP TABLE changes;
DROP TABLE log_head;
