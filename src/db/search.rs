//! Queries of the search index.

use std::collections::HashMap;

use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use super::page::{Page, Rows};
use super::query::{self, Sql};
use super::sort::{SortKey, SortValue};
use super::{DbConnection, Dialect, Error};
use crate::domain::search::{self, Candidate, SearchKind, Term, Tolerance};
use crate::domain::{Id, StringEnum};

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The words. A result contains all of them.
    pub terms: Vec<Term>,
    /// The whole query, [run together](search::run_together). It is compared with the names of records.
    reference: String,
    /// The kinds of records to find. `None` for all kinds.
    kinds: Option<Vec<SearchKind>>,
    /// The number of indexed records.
    documents: i64,
    /// For each word of the query, the number of records that match it without a misspelling.
    frequencies: HashMap<String, i64>,
}

/// A search result.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// The id of the record.
    pub id: Id<()>,
    /// The kind of the record.
    pub kind: SearchKind,
    /// The score, which can only be compared with scores of the same search.
    pub score: i64,
}

/// Selects the records that match all words, with the sum of the scores of their matches.
///
/// A match of a whole word counts twice. A match of a prefix or a misspelling counts once. If a word of the query matches
/// several words of a record, only the best match counts. Words of a container's name also count for the records in it, but
/// at least one match must be in the record's own words. Notes and evidence of assessments count for the assessed record.
///
/// Adds [`search::REFERENCE`] if the query equals the record's name, with or without the name of its container. Adds
/// [`search::NAMED`] if all words are in names. [`search::NAMED`] is added twice for agreements and clauses, but is not
/// added for events and sources, whose titles are descriptions. Subtracts [`search::MISSPELT`] if a word matches only
/// as a misspelling.
///
/// Each subquery also selects the columns of the record that later subqueries need. If a later join read these columns,
/// PostgreSQL would underestimate the number of matches and join them one by one.
fn ranked_text() -> String {
    let (named, misspelt) = (search::NAMED, search::MISSPELT);
    let (name_weight, mention_weight) = (search::NAME_WEIGHT, search::MENTION_WEIGHT);
    format!(
        ", \
    matches (document_id, term, weight, lent, factor, is_misspelt) AS (\
        SELECT document_id, term, weight, lent, \
            rarity * CASE WHEN search_words.word = term THEN 2 ELSE 1 END, is_misspelt \
        FROM terms CROSS JOIN search_words WHERE search_words.word BETWEEN first AND last), \
    mentions (assessment_id, term, factor, is_misspelt) AS (\
        SELECT assessment_id, term, rarity * CASE WHEN search_notes.word = term THEN 2 ELSE 1 END, is_misspelt \
        FROM terms CROSS JOIN search_notes WHERE search_notes.word BETWEEN first AND last \
        UNION ALL SELECT assessment_id, term, factor, is_misspelt \
        FROM matches CROSS JOIN assessment_evidence WHERE source_id = document_id), \
    hits (id, kind, container_id, name, term, points, is_own, is_named, is_misspelt) AS (\
        SELECT id, kind, container_id, name, term, weight * factor, 1, \
            CASE WHEN weight >= {name_weight} THEN 1 ELSE 0 END, is_misspelt \
        FROM matches CROSS JOIN search_documents WHERE id = document_id \
        UNION ALL SELECT id, kind, container_id, name, term, lent * factor, 0, 1, is_misspelt \
        FROM matches CROSS JOIN search_documents WHERE container_id = document_id AND lent > 0 \
        UNION ALL SELECT search_documents.id, search_documents.kind, container_id, name, term, \
            {mention_weight} * factor, 1, 0, is_misspelt \
        FROM mentions CROSS JOIN assessments CROSS JOIN search_documents \
        WHERE assessments.id = assessment_id AND retracted_at IS NULL AND search_documents.id = trackable_id), \
    best (id, kind, container_id, name, points, is_own, is_named, is_misspelt) AS (\
        SELECT id, kind, container_id, name, max(points), max(is_own), max(is_named), min(is_misspelt) \
        FROM hits GROUP BY id, kind, container_id, name, term), \
    matching (id, kind, container_id, name, points, is_named, is_misspelt) AS (\
        SELECT id, kind, container_id, name, sum(points), min(is_named), max(is_misspelt) \
        FROM best GROUP BY id, kind, container_id, name \
        HAVING count(*) = (SELECT count(DISTINCT term) FROM terms) AND max(is_own) = 1), \
    ranked (id, kind, container_id, score) AS (\
        SELECT id, kind, container_id, matching.points - {misspelt} * is_misspelt \
            + {named} * is_named * CASE WHEN kind IN ('agreement', 'clause') THEN 2 \
            WHEN kind IN ('event', 'source') THEN 0 ELSE 1 END \
            + CASE WHEN reference IN (name, \
            (SELECT container.name || matching.name FROM search_documents container \
            WHERE container.id = matching.container_id)) THEN query.points ELSE 0 END \
        FROM matching CROSS JOIN query)"
    )
}

/// The best results come first. Among equal scores, sources come last, and older records come first.
const ORDER: &str = "-score, CASE WHEN kind = 'source' THEN 1 ELSE 0 END, id";

/// Excludes archived records, and records in archived containers.
const IN_USE: &str = " \
    AND id NOT IN (SELECT id FROM archived) \
    AND coalesce(container_id, '') NOT IN (SELECT id FROM archived)";

/// A table of all archived records.
const ARCHIVED: &str = ", \
    archived (id) AS (\
        SELECT id FROM agreements WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM trackables WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM events WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM parties WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM sources WHERE archived_at IS NOT NULL)";

/// The sort keys in cursors of searches. Cursors contain only the id of the record, because scores depend on all
/// indexed records.
pub const SORT_KEYS: &[SortKey] = &[SortKey::id("id")];

impl Search {
    /// Prepares a search. A rare word also matches indexed words that differ from it by one missing, added, replaced or
    /// swapped letter.
    ///
    /// # Errors
    /// Database errors.
    pub fn prepare(
        connection: &mut DbConnection,
        terms: Vec<Term>,
        reference: String,
        kinds: Option<Vec<SearchKind>>,
    ) -> Result<Self, Error> {
        let mut search =
            Self { terms, reference, kinds, documents: 0, frequencies: HashMap::new() };
        let sql = search.terms(connection.dialect()).text(
            " SELECT term, count(DISTINCT document_id) \
             FROM terms CROSS JOIN search_words WHERE search_words.word BETWEEN first AND last \
             GROUP BY term UNION ALL SELECT '', count(*) FROM search_documents",
        );
        search.frequencies = query::counts(connection, sql)?.into_iter().collect();
        search.documents = search.frequencies.remove("").unwrap_or_default();
        let frequencies = &search.frequencies;
        let is_rare = |term: &Term| records(frequencies, term) < search::MAX_RARE_RECORDS;
        let rare: Vec<&Term> = search.terms.iter().filter(|term| is_rare(term)).collect();
        let candidates = candidates(connection, &rare, Tolerance::Find)?;
        for term in &mut search.terms {
            if is_rare(term) {
                term.near = term.near_words(&candidates);
            }
        }
        Ok(search)
    }

    /// Indexed words that are similar to an unknown word of the query, that is, a word that no record contains. The
    /// most similar words come first.
    ///
    /// # Errors
    /// Database errors.
    pub fn suggestions(&self, connection: &mut DbConnection) -> Result<Vec<String>, Error> {
        let is_unknown = |term: &&Term| records(&self.frequencies, term) == 0;
        let unknown: Vec<&Term> = self.terms.iter().filter(is_unknown).collect();
        let mut candidates = candidates(connection, &unknown, Tolerance::Suggest)?;
        candidates.retain(|candidate| {
            unknown.iter().any(|term| term.is_near(&candidate.word, Tolerance::Suggest))
        });
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let words: Vec<&String> = candidates.iter().map(|candidate| &candidate.word).collect();
        let sql = Sql::new("SELECT word, count(*) FROM search_words WHERE ")
            .any_of(connection.dialect(), "word", &words)
            .text(" GROUP BY word");
        let records: HashMap<String, i64> = query::counts(connection, sql)?.into_iter().collect();
        for candidate in &mut candidates {
            candidate.records = records.get(&candidate.word).copied().unwrap_or_default();
        }
        Ok(search::suggestions(&unknown, &candidates))
    }

    /// The results after the page's cursor, in order. A cursor names a record. The page continues after the current position
    /// of that record, even if it is archived.
    ///
    /// # Errors
    /// Database errors, and a cursor whose record does not match.
    pub fn page(&self, connection: &mut DbConnection, page: &Page) -> Result<Rows<Hit>, Error> {
        let dialect = connection.dialect();
        let mut sql = self
            .ranked(dialect)
            .text(ARCHIVED)
            .text(" SELECT id, kind, score FROM ranked WHERE ")
            .append(self.conditions(dialect));
        let cursor = match page.after.as_deref() {
            Some([SortValue::Text(id)]) => Some(id.as_str()),
            _ => None,
        };
        if let Some(cursor) = cursor {
            sql = sql
                .text(format!(" AND ({ORDER}) > (SELECT {ORDER} FROM ranked WHERE id = "))
                .bind(cursor)
                .text(")");
        }
        // Reads one extra row to find out whether another page follows.
        let sql = sql.text(format!(" ORDER BY {ORDER} LIMIT ")).bind_integer(page.size + 1);
        let hits = query::rows::<(Text, Text, BigInt), (Id<()>, SearchKind, i64)>(connection, sql)?;
        if let (true, Some(cursor)) = (hits.is_empty(), cursor) {
            self.check_cursor(connection, cursor)?;
        }
        let size = usize::try_from(page.size).unwrap_or_default();
        let more = hits.len() > size;
        let hits = hits.into_iter().take(size).map(|(id, kind, score)| Hit { id, kind, score });
        Ok(Rows { rows: hits.collect(), more })
    }

    /// The total number of results.
    ///
    /// # Errors
    /// Database errors.
    pub fn count(&self, connection: &mut DbConnection) -> Result<i64, Error> {
        let dialect = connection.dialect();
        let sql = self
            .ranked(dialect)
            .text(ARCHIVED)
            .text(" SELECT '', count(*) FROM ranked WHERE ")
            .append(self.conditions(dialect));
        Ok(query::counts(connection, sql)?.into_iter().map(|(_, count)| count).sum())
    }

    /// The beginning of a statement: defines a table of the words of the query. Each row has a range of indexed words
    /// that match. Each indexed word that matches as a misspelling has a separate row.
    fn terms(&self, dialect: Dialect) -> Sql {
        let row = |term: &Term, first: &str, last: &str, is_misspelt: i32| {
            let rarity = search::rarity(self.documents, records(&self.frequencies, term));
            let words = [&term.word, first, last].map(Value::from).into_iter();
            words.chain([Value::from(rarity), Value::from(is_misspelt)]).collect::<Value>()
        };
        let rows = self.terms.iter().flat_map(|term| {
            let near = term.near.iter().map(move |near| row(term, near, near, 1));
            [row(term, &term.word, &term.last(), 0)].into_iter().chain(near)
        });
        let columns = [
            ("term", "TEXT"),
            ("first", "TEXT"),
            ("last", "TEXT"),
            ("rarity", "INTEGER"),
            ("is_misspelt", "INTEGER"),
        ];
        Sql::new("WITH terms AS (").select_given(dialect, &columns, &rows.collect()).text(")")
    }

    /// The beginning of a statement: defines a table of all matches, including archived records. See [`ranked_text`].
    fn ranked(&self, dialect: Dialect) -> Sql {
        self.terms(dialect)
            .text(", query (reference, points) AS (SELECT ")
            .bind(&self.reference)
            .text(", ")
            .bind_integer(search::REFERENCE)
            .text(")")
            .text(ranked_text())
    }

    /// The conditions of the search: the requested kinds, and no archived records.
    fn conditions(&self, dialect: Dialect) -> Sql {
        let sql = match &self.kinds {
            Some(kinds) => Sql::default().any_of(dialect, "kind", &SearchKind::stored_names(kinds)),
            None => Sql::new("1 = 1"),
        };
        sql.text(IN_USE)
    }

    fn check_cursor(&self, connection: &mut DbConnection, id: &str) -> Result<(), Error> {
        let sql = self
            .ranked(connection.dialect())
            .text(" SELECT id, id FROM ranked WHERE id = ")
            .bind(id);
        if query::pairs(connection, sql)?.is_empty() { Err(Error::LostCursor) } else { Ok(()) }
    }
}

/// The number of records that match a word of the query without a misspelling.
fn records(frequencies: &HashMap<String, i64>, term: &Term) -> i64 {
    frequencies.get(&term.word).copied().unwrap_or_default()
}

/// The indexed words that may be the correct spelling of these words. Uses two indexes, of words and of reversed words, so it
/// does not read all words. Also returns other words with a similar beginning or end.
fn candidates(
    connection: &mut DbConnection,
    terms: &[&Term],
    tolerance: Tolerance,
) -> Result<Vec<Candidate>, Error> {
    let rows =
        terms.iter().map(|term| (term, term.edits(tolerance))).filter(|(_, edits)| *edits > 0);
    let rows = rows.map(|(term, edits)| {
        let [start, end] = term.ends(edits);
        let length = term.word.chars().count();
        let [last_start, last_end] = [&start, &end].map(|part| search::last_with_prefix(part));
        let texts = [start, last_start, end, last_end].map(Value::from);
        let lengths = [length.saturating_sub(edits), length + edits].map(Value::from);
        texts.into_iter().chain(lengths).collect::<Value>()
    });
    let rows: Vec<Value> = rows.collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let columns = [
        ("first_start", "TEXT"),
        ("last_start", "TEXT"),
        ("first_end", "TEXT"),
        ("last_end", "TEXT"),
        ("shortest", "INTEGER"),
        ("longest", "INTEGER"),
    ];
    let part = |column: &str, first: &str, last: &str| {
        format!(
            "SELECT search_spellings.word, spelling FROM ends CROSS JOIN search_spellings \
             WHERE search_spellings.{column} BETWEEN {first} AND {last} \
             AND length(search_spellings.word) BETWEEN shortest AND longest"
        )
    };
    let sql = Sql::new("WITH ends AS (")
        .select_given(connection.dialect(), &columns, &rows.into())
        .text(") ")
        .text(part("word", "first_start", "last_start"))
        .text(" UNION ")
        .text(part("reversed", "first_end", "last_end"));
    let candidates = query::pairs(connection, sql)?.into_iter();
    let candidates = candidates.map(|(word, spelling)| Candidate { word, spelling, records: 0 });
    Ok(candidates.collect())
}
