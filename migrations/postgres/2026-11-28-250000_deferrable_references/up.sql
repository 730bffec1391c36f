-- Loading a dump left these two references as not deferrable. An import writes a deadline before the event that it refers to.
ALTER TABLE deadlines ALTER CONSTRAINT deadlines_event_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE deadlines ALTER CONSTRAINT deadlines_anchor_clause_id_anchor_key_fkey DEFERRABLE INITIALLY DEFERRED;
