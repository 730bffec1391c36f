//! The data for the query plans: 4,000 clauses, and cited sources.

use std::fmt::Write as _;

use clausewatch::domain::id::Id;

const AGREEMENTS: usize = 200;
const CLAUSES: usize = 20;
const STATUSES: [&str; 5] = ["unassessed", "not_started", "partial", "complete", "breached"];

/// The statements that insert the data. In each agreement, the first clause is the parent of the next four clauses.
pub(super) fn content() -> String {
    let id = || Id::<()>::new().to_string();
    let topics: Vec<String> = (0..10).map(|_| id()).collect();
    let mut sql = "BEGIN;".to_owned();
    for (number, topic) in topics.iter().enumerate() {
        write!(sql, "INSERT INTO topics (id, version, slug, name) VALUES ('{topic}', 1, 'topic-{number}', 'Topic');").unwrap();
    }
    for number in 0..AGREEMENTS {
        let agreement = id();
        write!(
            sql,
            "INSERT INTO agreements (id, version, slug, title, short_title, kind, adoption, agreed_on, summary, confidence) \
             VALUES ('{agreement}', 1, 'a-{number}', 'Agreement', 'A {number}', 'treaty', 'Signed.', '2010-01-01', 'Peace.', 'high');"
        )
        .unwrap();
        let mut whole = None;
        for position in 1..=CLAUSES {
            let clause = id();
            let parent = match position {
                2..=5 => format!("'{}'", whole.as_ref().unwrap()),
                _ => "NULL".to_owned(),
            };
            whole.get_or_insert_with(|| clause.clone());
            let (topic, status) =
                (&topics[(number + position) % 10], STATUSES[(number * 3 + position) % 5]);
            let since = match status {
                "unassessed" => "NULL, NULL".to_owned(),
                _ => format!("'20{:02}-01-15', '{}'", 10 + (number + position) % 13, id()),
            };
            write!(
                sql,
                "INSERT INTO trackables (id, kind, version, status, status_since, assessment_id) VALUES ('{clause}', 'clause', 1, '{status}', {since}); \
                 INSERT INTO clauses (id, agreement_id, parent_id, number, position, heading, summary, nature, topic_id, confidence, folded) \
                 VALUES ('{clause}', '{agreement}', {parent}, '{position}', {position}, 'Heading', 'Summary.', 'one_off', '{topic}', 'high', 'heading');"
            )
            .unwrap();
        }
    }
    sql + "COMMIT;"
}

/// The statements that insert sources. One event and one assessment cite each source.
pub(super) fn cited_sources() -> String {
    let mut sql = "BEGIN;".to_owned();
    for number in 0..2000 {
        let (source, event) = (Id::<()>::new(), Id::<()>::new());
        write!(
            sql,
            "INSERT INTO sources (id, version, title, kind, published_on) \
             VALUES ('{source}', 1, 'Report {number}', 'press', '20{:02}-01-15'); \
             INSERT INTO events (id, version, happened_on, kind, title, summary, confidence, folded) \
             VALUES ('{event}', 1, '20{:02}-01-14', 'statement', 'Statement', 'Said.', 'high', 'statement'); \
             INSERT INTO event_sources (event_id, source_id, position) VALUES ('{event}', '{source}', 1);",
            number % 25,
            number % 25,
        )
        .unwrap();
    }
    sql + &format!(
        "{ASSESSMENTS} INSERT INTO assessment_evidence (assessment_id, source_id, position) \
         SELECT assessed.id, cited.id, 1 \
         FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM assessments) AS assessed \
         JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM sources) AS cited \
         ON cited.number = assessed.number; COMMIT;"
    )
}

/// The statement that inserts the assessments in force.
pub(super) const ASSESSMENTS: &str = "INSERT INTO assessments (id, trackable_id, trackable_kind, status, effective_on, recorded_at, momentum, \
     confidence, note, recorded_by, imported) \
     SELECT assessment_id, id, 'clause', status, status_since, '2026-01-01 00:00:00', 'steady', 'high', 'Note.', 'Test', FALSE \
     FROM trackables WHERE assessment_id IS NOT NULL;";
