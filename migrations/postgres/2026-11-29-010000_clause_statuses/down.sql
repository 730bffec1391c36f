-- The earlier version has one status for clauses that no longer apply.
UPDATE assessments SET status = 'void' WHERE trackable_kind = 'clause' AND status IN ('overtaken', 'lapsed');
UPDATE trackables SET status = 'void' WHERE kind = 'clause' AND status IN ('overtaken', 'lapsed');
ALTER TABLE trackables DROP CONSTRAINT trackables_check1;
ALTER TABLE trackables ADD CONSTRAINT trackables_check1 CHECK (
    (kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void'))
    OR (kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
    OR (kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
);
ALTER TABLE assessments DROP CONSTRAINT assessments_check1;
ALTER TABLE assessments ADD CONSTRAINT assessments_check1 CHECK (
    (trackable_kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void'))
    OR (trackable_kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
    OR (trackable_kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
);
