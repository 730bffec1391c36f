-- The positions are as good for the earlier version.
SELECT 1;
