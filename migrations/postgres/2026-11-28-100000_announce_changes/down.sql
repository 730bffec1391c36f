DROP TRIGGER log_head_moved ON log_head;
DROP FUNCTION announce_log_head();
