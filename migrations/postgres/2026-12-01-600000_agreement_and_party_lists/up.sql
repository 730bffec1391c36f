-- Lists of agreements: the text that text filters search. The next start of the server fills the new column together with
-- the search index. And indexes for the lists of a party: the views that it holds, and the persons who speak for it.
ALTER TABLE agreements ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE search_index SET version = 0;

CREATE INDEX assessments_by_holder ON assessments (held_by_id, trackable_id) WHERE held_by_id IS NOT NULL;
CREATE INDEX parties_by_represented ON parties (represents_id) WHERE represents_id IS NOT NULL;

-- The entries of the timeline by party that takes part. An entry may occur several times.
CREATE VIEW party_timeline AS
SELECT proposal_parties.party_id, proposal_parties.proposal_id AS id
FROM proposal_parties
UNION ALL
SELECT event_actors.party_id, event_actors.event_id
FROM event_actors
UNION ALL
SELECT assessments.held_by_id, assessments.id
FROM assessments
WHERE assessments.held_by_id IS NOT NULL
UNION ALL
SELECT assessment_breakers.party_id, assessment_breakers.assessment_id
FROM assessment_breakers
UNION ALL
SELECT obligations.party_id, assessments.id
FROM obligations
JOIN assessments ON assessments.trackable_id = obligations.clause_id
UNION ALL
SELECT obligations.party_id, deadlines.id
FROM obligations
JOIN deadlines ON deadlines.clause_id = obligations.clause_id;
