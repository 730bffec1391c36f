-- What happened when, in one order: everything that has a day. Within a day, what was put forward comes first, then what
-- happened, then what became of things, then what was due. Records that are put away or taken back stay findable here,
-- so that a reader who stopped at one can go on from it.

CREATE VIEW timeline AS
SELECT proposals.id, proposals.made_on AS day, 1 AS rank, 'proposal' AS kind, trackables.archived_at IS NULL AS is_shown
FROM proposals
JOIN trackables ON trackables.id = proposals.id
UNION ALL
SELECT events.id, events.happened_on, 2, 'event', events.archived_at IS NULL
FROM events
UNION ALL
SELECT assessments.id, assessments.effective_on, 3, 'clause_assessment',
    assessments.retracted_at IS NULL AND trackables.archived_at IS NULL AND agreements.archived_at IS NULL
FROM assessments
JOIN clauses ON clauses.id = assessments.trackable_id
JOIN trackables ON trackables.id = clauses.id
JOIN agreements ON agreements.id = clauses.agreement_id
UNION ALL
SELECT assessments.id, assessments.effective_on, 3, 'caveat_assessment',
    assessments.retracted_at IS NULL AND trackables.archived_at IS NULL AND proposals.archived_at IS NULL
FROM assessments
JOIN caveats ON caveats.id = assessments.trackable_id
JOIN trackables ON trackables.id = caveats.id
JOIN trackables AS proposals ON proposals.id = caveats.proposal_id
UNION ALL
SELECT assessments.id, assessments.effective_on, 3, 'proposal_assessment',
    assessments.retracted_at IS NULL AND trackables.archived_at IS NULL
FROM assessments
JOIN proposals ON proposals.id = assessments.trackable_id
JOIN trackables ON trackables.id = proposals.id
UNION ALL
SELECT deadlines.id, deadlines.due_on, 4, 'deadline', trackables.archived_at IS NULL AND agreements.archived_at IS NULL
FROM deadlines
JOIN clauses ON clauses.id = deadlines.clause_id
JOIN trackables ON trackables.id = clauses.id
JOIN agreements ON agreements.id = clauses.agreement_id
WHERE deadlines.due_on IS NOT NULL;

-- What is about an agreement: its clauses, the proposals about it, and their caveats. Without what is put away.
CREATE VIEW agreement_trackables AS
SELECT clauses.agreement_id, trackables.id AS trackable_id
FROM clauses
JOIN agreements ON agreements.id = clauses.agreement_id AND agreements.archived_at IS NULL
JOIN trackables ON trackables.id = clauses.id AND trackables.archived_at IS NULL
UNION ALL
SELECT proposal_agreements.agreement_id, trackables.id
FROM proposal_agreements
JOIN trackables ON trackables.id = proposal_agreements.proposal_id AND trackables.archived_at IS NULL
UNION ALL
SELECT proposal_agreements.agreement_id, trackables.id
FROM proposal_agreements
JOIN trackables AS proposals ON proposals.id = proposal_agreements.proposal_id AND proposals.archived_at IS NULL
JOIN caveats ON caveats.proposal_id = proposals.id
JOIN trackables ON trackables.id = caveats.id AND trackables.archived_at IS NULL;

-- The timeline's shown rows by agreement. An event that concerns several things of an agreement stands here for each.
CREATE VIEW agreement_timeline AS
SELECT proposal_agreements.agreement_id, proposals.id, proposals.made_on AS day, 1 AS rank, 'proposal' AS kind, TRUE AS is_shown
FROM proposal_agreements
JOIN proposals ON proposals.id = proposal_agreements.proposal_id
JOIN trackables ON trackables.id = proposals.id AND trackables.archived_at IS NULL
UNION ALL
SELECT agreement_trackables.agreement_id, events.id, events.happened_on, 2, 'event', TRUE
FROM agreement_trackables
JOIN event_trackables ON event_trackables.trackable_id = agreement_trackables.trackable_id
JOIN events ON events.id = event_trackables.event_id AND events.archived_at IS NULL
UNION ALL
SELECT agreement_trackables.agreement_id, assessments.id, assessments.effective_on, 3, assessments.trackable_kind || '_assessment', TRUE
FROM agreement_trackables
JOIN assessments ON assessments.trackable_id = agreement_trackables.trackable_id AND assessments.retracted_at IS NULL
UNION ALL
SELECT agreement_trackables.agreement_id, deadlines.id, deadlines.due_on, 4, 'deadline', TRUE
FROM agreement_trackables
JOIN deadlines ON deadlines.clause_id = agreement_trackables.trackable_id AND deadlines.due_on IS NOT NULL;
