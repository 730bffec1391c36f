//! The SQL statements of the hand-written queries on PostgreSQL.

pub(super) const AGREEMENT: &str =
    "SELECT slug, title, kind, agreed_on::text, place, summary FROM agreements WHERE slug = $1";
pub(super) const CLAUSES: &str = "SELECT c.number, c.heading, t.status, t.status_since::text, a.title, a.agreed_on::text \
     FROM agreements a JOIN clauses c ON c.agreement_id = a.id JOIN trackables t ON t.id = c.id \
     WHERE a.slug = $1 AND t.archived_at IS NULL ORDER BY c.position, c.id LIMIT 20";
pub(super) const AGREEMENTS: &str = "SELECT slug, title, id FROM agreements \
     WHERE archived_at IS NULL AND agreed_on >= $1::text::date ORDER BY agreed_on, id LIMIT 20";
pub(super) const PARTIES: &str = "SELECT ap.agreement_id, ap.role, p.name FROM agreement_parties ap \
     JOIN parties p ON p.id = ap.party_id WHERE ap.agreement_id = ANY($1) ORDER BY ap.agreement_id, ap.position";
pub(super) const CLAUSES_OF: &str = "SELECT c.agreement_id, c.id, c.number, t.status FROM clauses c \
     JOIN trackables t ON t.id = c.id WHERE c.agreement_id = ANY($1) AND t.archived_at IS NULL \
     ORDER BY c.agreement_id, c.position, c.id";
pub(super) const ASSESSMENTS_OF: &str = "SELECT c.agreement_id, c.id, last.status, last.effective_on::text, last.momentum \
     FROM clauses c CROSS JOIN LATERAL ( \
         SELECT s.status, s.effective_on, s.momentum, s.recorded_at, s.id FROM assessments s \
         WHERE s.trackable_id = c.id AND s.retracted_at IS NULL \
         ORDER BY s.effective_on DESC, s.recorded_at DESC, s.id DESC LIMIT 3) AS last \
     WHERE c.agreement_id = ANY($1) \
     ORDER BY c.agreement_id, c.position, c.id, last.effective_on DESC, last.recorded_at DESC, last.id DESC";
pub(super) const NEWEST: &str = "SELECT c.number, c.heading, c.status, c.status_since::text FROM clauses c \
     WHERE c.is_listed AND c.status = $1 AND c.topic_id = (SELECT id FROM topics WHERE slug = $2) \
     ORDER BY coalesce(c.status_since, '0001-01-01') DESC, c.id DESC LIMIT 50";
pub(super) const COUNTS: &str = "SELECT c.status, count(*) FROM clauses c \
     WHERE c.agreement_id = (SELECT id FROM agreements WHERE slug = $1) AND c.is_listed \
     AND NOT EXISTS (SELECT 1 FROM clauses part WHERE part.parent_id = c.id AND part.is_listed) \
     GROUP BY c.status";
pub(super) const ALL_CLAUSES: &str = "SELECT a.slug, c.number, c.id FROM clauses c \
     JOIN agreements a ON a.id = c.agreement_id ORDER BY a.agreed_on, a.id, c.position";
pub(super) const WRITTEN: &str =
    "SELECT (SELECT count(*) FROM assessments), (SELECT position FROM log_head)";
pub(super) const LOCK: &str = "UPDATE log_head SET position = position + 1 RETURNING position";
/// The date of the agreement, and the clause's current assessment if there is one.
pub(super) const BEFORE: &str = "SELECT a.agreed_on::text, s.id, s.status, s.effective_on::text, s.momentum, s.confidence, s.note \
     FROM clauses c JOIN agreements a ON a.id = c.agreement_id LEFT JOIN LATERAL ( \
         SELECT * FROM assessments WHERE trackable_id = c.id AND held_by_id IS NULL AND retracted_at IS NULL \
         ORDER BY effective_on DESC, recorded_at DESC, id DESC LIMIT 1) AS s ON TRUE WHERE c.id = $1";
pub(super) const INSERT: &str = "INSERT INTO assessments (id, trackable_id, trackable_kind, status, effective_on, recorded_at, \
     momentum, confidence, note, recorded_by, imported, note_words) VALUES ($1, $2, 'clause', $3, $4::text::date, \
     $5::text::timestamp, $6, $7, $8, $9, FALSE, $10)";
pub(super) const UPDATE: &str = "UPDATE trackables SET status = $2, status_since = $3::text::date, assessment_id = $4, \
     checked_on = $5::text::timestamp::date, checked_by = $6, version = version + 1 WHERE id = $1";
pub(super) const INSERT_CHANGE: &str = "INSERT INTO changes (position, recorded_at, actor, action, subject_kind, subject_id) \
     VALUES ($1, $2::text::timestamp, $3, 'assessed', 'clause', $4)";
pub(super) const INSERT_VALUES: &str = "INSERT INTO change_values (position, is_after, place, path, kind, refers_to, value) \
     SELECT $1, * FROM unnest($2::boolean[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[])";
pub(super) const OTHER_COLUMN: &str = "SELECT column_name::text FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name = 'changes' AND column_name NOT IN \
     ('position', 'recorded_at', 'actor', 'action', 'subject_kind', 'subject_id')";
