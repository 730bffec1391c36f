//! The index of notes and evidence of assessments. Searches use it to find the assessed records.
//!
//! Assessments never change, so the words of a note are written only once, with the assessment. A trigger indexes them. The
//! titles of evidence are indexed with the sources. Searches follow the links to the evidence.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use diesel::prelude::*;
use serde_json::Value;

use super::query::{self, Sql};
use super::schema::search_notes;
use super::search_index::{spelling_row, write_spellings};
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::search::{self, Excerpt, Field, IndexedText};

/// The number of assessments in one read.
const CHUNK: usize = 500;

/// The words of a note.
fn words(note: &str) -> BTreeSet<String> {
    search::index(&[IndexedText::new(Field::Text, note)]).into_keys().collect()
}

/// The folded words of a note that a misspelt word of a query can match, each with its first spelling in the note.
fn spellings(note: &str) -> BTreeMap<String, String> {
    search::spellings(&[IndexedText::new(Field::Text, note)])
}

/// The value of the column `note_words` of a new assessment: a JSON array that contains an array for each word of the
/// note. If a misspelt word can match the word, its array contains a row of `search_spellings`. Otherwise, its array
/// contains only the word. A trigger indexes the words.
pub(super) fn words_of(note: &str) -> String {
    let spellings = spellings(note);
    let entries = words(note).into_iter().map(|word| match spellings.get(&word) {
        Some(spelling) => spelling_row(&word, spelling),
        None => Value::from(vec![word]),
    });
    Value::Array(entries.collect()).to_string()
}

/// Indexes the notes of assessments.
fn index<'a>(
    connection: &mut DbConnection,
    notes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<(), Error> {
    let rows = notes.into_iter().flat_map(|(assessment, note)| {
        words(note).into_iter().map(move |word| Value::from(vec![word.as_str(), assessment]))
    });
    let rows: Vec<Value> = rows.collect();
    if !rows.is_empty() {
        let columns = [("word", "TEXT"), ("assessment_id", "TEXT")];
        let sql = Sql::new("INSERT INTO search_notes (word, assessment_id) ").select_given(
            connection.dialect(),
            &columns,
            &rows.into(),
        );
        query::execute(connection, sql)?;
    }
    Ok(())
}

/// Rebuilds the index of all notes.
///
/// # Errors
/// Database errors.
pub(super) fn rebuild(connection: &mut DbConnection) -> Result<(), Error> {
    diesel::delete(search_notes::table).execute(connection)?;
    let mut after = String::new();
    loop {
        let notes = notes(connection, &after)?;
        let Some((last, _)) = notes.last() else { return Ok(()) };
        after.clone_from(last);
        index(connection, notes.iter().map(|(id, note)| (id.as_str(), note.as_str())))?;
        let spellings: Vec<_> = notes.iter().map(|(_, note)| spellings(note)).collect();
        write_spellings(connection, &spellings.iter().flatten().collect())?;
    }
}

/// Describes in a sentence each difference between the index and the notes. `stored_spellings` are the stored words
/// that a misspelt word can match.
///
/// # Errors
/// Database errors.
pub(super) fn differences(
    connection: &mut DbConnection,
    stored_spellings: &HashSet<String>,
) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    let mut after = String::new();
    loop {
        let notes = notes(connection, &after)?;
        let Some((last, _)) = notes.last() else { return Ok(differences) };
        after.clone_from(last);
        let ids: Vec<&String> = notes.iter().map(|(id, _)| id).collect();
        let sql = Sql::new("SELECT assessment_id, word FROM search_notes WHERE ").any_of(
            connection.dialect(),
            "assessment_id",
            &ids,
        );
        let mut indexed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, word) in query::pairs(connection, sql)? {
            indexed.entry(id).or_default().insert(word);
        }
        for (id, note) in &notes {
            if indexed.remove(id).unwrap_or_default() != words(note)
                || !spellings(note).keys().all(|word| stored_spellings.contains(word))
            {
                differences.push(format!("assessment {id}: its note is not in the search index"));
            }
        }
    }
}

/// The next assessments in order of id, with their notes.
fn notes(connection: &mut DbConnection, after: &str) -> Result<Vec<(String, String)>, Error> {
    let sql = Sql::new("SELECT id, note FROM assessments WHERE id > ")
        .bind(after)
        .text(format!(" ORDER BY id LIMIT {CHUNK}"));
    Ok(query::pairs(connection, sql)?)
}

/// The excerpts of notes and evidence that explain results, keyed by the id of the assessed record.
///
/// # Errors
/// Database errors.
pub fn excerpts(
    connection: &mut DbConnection,
    ids: &[Id<()>],
    terms: &[search::Term],
) -> Result<BTreeMap<String, Excerpt>, Error> {
    let dialect = connection.dialect();
    let sql =
        Sql::new("SELECT trackable_id, note FROM assessments WHERE retracted_at IS NULL AND ")
            .any_of(dialect, "trackable_id", ids)
            .text(
                " UNION ALL SELECT trackable_id, title FROM assessments \
             JOIN assessment_evidence ON assessment_evidence.assessment_id = assessments.id \
             JOIN sources ON sources.id = assessment_evidence.source_id \
             WHERE retracted_at IS NULL AND ",
            )
            .any_of(dialect, "trackable_id", ids)
            .text(" ORDER BY 1, 2");
    let texts = query::pairs(connection, sql)?;
    let mut indexed_texts: BTreeMap<String, Vec<IndexedText<'static>>> = BTreeMap::new();
    for (id, text) in texts {
        indexed_texts.entry(id).or_default().push(IndexedText::new(Field::Text, text));
    }
    let excerpt = |(id, indexed_texts): (String, Vec<IndexedText<'static>>)| {
        (id, search::excerpt(&indexed_texts, terms))
    };
    Ok(indexed_texts.into_iter().map(excerpt).collect())
}
