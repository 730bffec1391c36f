-- The references were declared deferrable before.
SELECT 1;
