-- Submissions: assessments that wait until another account publishes them. The log does not have them, because everybody can
-- read it. A submission has the content of its assessment, because a proposed assessment must never be in the table of the
-- published ones.

CREATE TABLE submissions (
    id TEXT NOT NULL PRIMARY KEY,
    trackable_id TEXT NOT NULL REFERENCES trackables (id),
    trackable_kind TEXT NOT NULL CHECK (trackable_kind IN ('clause', 'caveat', 'proposal')),
    status TEXT NOT NULL,
    effective_on DATE NOT NULL,
    edtf_date TEXT,
    held_by_id TEXT REFERENCES parties (id),
    momentum TEXT NOT NULL CHECK (momentum IN ('advancing', 'steady', 'stalled', 'regressing')),
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
    note TEXT NOT NULL CHECK (length(note) BETWEEN 1 AND 20000),
    event_id TEXT REFERENCES events (id),
    -- JSON arrays: ids of parties, and citations with their sources, of which some are not recorded yet.
    breached_by TEXT NOT NULL,
    evidence TEXT NOT NULL,
    corrects_id TEXT REFERENCES assessments (id),
    correction_reason TEXT CHECK (length(correction_reason) BETWEEN 1 AND 20000),
    submitted_at TIMESTAMP NOT NULL,
    submitted_by TEXT NOT NULL CHECK (length(submitted_by) BETWEEN 1 AND 300),
    state TEXT NOT NULL CHECK (state IN ('open', 'published', 'declined', 'withdrawn')),
    ended_at TIMESTAMP,
    ended_by TEXT CHECK (length(ended_by) BETWEEN 1 AND 300),
    end_reason TEXT CHECK (length(end_reason) BETWEEN 1 AND 20000),
    assessment_id TEXT REFERENCES assessments (id),
    CHECK ((corrects_id IS NULL) = (correction_reason IS NULL)),
    CHECK ((state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)),
    CHECK ((state = 'published') = (assessment_id IS NOT NULL))
);
CREATE INDEX submissions_in_order ON submissions (state, submitted_at, id);
CREATE INDEX submissions_of_subjects ON submissions (trackable_id);

CREATE TABLE submission_comments (
    id TEXT NOT NULL PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
    written_at TIMESTAMP NOT NULL,
    written_by TEXT NOT NULL CHECK (length(written_by) BETWEEN 1 AND 300)
);
CREATE INDEX submission_comments_in_order ON submission_comments (submission_id, written_at, id);

-- The account that submitted a published assessment. Null if its author recorded it.
ALTER TABLE assessments ADD COLUMN submitted_by TEXT CHECK (length(submitted_by) BETWEEN 1 AND 300);
