-- Two statuses of clauses: events made it moot, or its term ran out.
ALTER TABLE trackables DROP CONSTRAINT trackables_check1;
ALTER TABLE trackables ADD CONSTRAINT trackables_check1 CHECK (
    (kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void', 'overtaken', 'lapsed'))
    OR (kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
    OR (kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
);
ALTER TABLE assessments DROP CONSTRAINT assessments_check1;
ALTER TABLE assessments ADD CONSTRAINT assessments_check1 CHECK (
    (trackable_kind = 'clause' AND status IN ('unassessed', 'not_applicable', 'not_started', 'minimal', 'partial', 'complete', 'breached', 'suspended', 'void', 'overtaken', 'lapsed'))
    OR (trackable_kind = 'caveat' AND status IN ('open', 'under_negotiation', 'accepted', 'countered', 'rejected', 'satisfied', 'breached', 'withdrawn', 'lapsed'))
    OR (trackable_kind = 'proposal' AND status IN ('floated', 'tabled', 'under_negotiation', 'accepted', 'partly_accepted', 'countered', 'rejected', 'withdrawn', 'lapsed'))
);
