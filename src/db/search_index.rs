//! The search index. The index entry of a record is written together with the record.
//!
//! The index uses ordinary tables, because the full-text searches of the two databases split and rank words differently and
//! have different query languages. [`domain::search`](crate::domain::search) splits and weights texts.

use std::collections::BTreeMap;

use diesel::sql_types::{Integer, Nullable, Text};
use serde_json::Value;

use super::query::{self, Sql};
use super::rows::{Column, Rows};
use super::{DbConnection, Error};
use crate::domain::search::{self, Field, IndexedText, SearchKind, Weight};
use crate::domain::{StringEnum, content};

/// For a kind of record, the columns and the texts that are indexed.
#[derive(Debug, Clone, Copy)]
pub struct Searched {
    /// The kind of results.
    pub kind: SearchKind,
    /// The table.
    pub table: &'static str,
    /// The column of the container's id. `None` if there is no container.
    pub container: Option<Column>,
    /// The column of the name in references, such as a clause's number. `None` if the kind has no names.
    pub name: Option<Column>,
    /// The column of the aliases. `None` if the kind has none.
    pub aliases: Option<Column>,
    /// The column of the [external identifiers](crate::db::external_id).
    pub external_ids: Column,
    /// The columns of the other texts.
    pub columns: &'static [Column],
    /// Returns the texts to index for these values of `columns`.
    pub indexed_texts: for<'a> fn(&[Option<&'a str>]) -> Vec<IndexedText<'a>>,
    /// The columns in which the text filter of a list looks for matches, in addition to the aliases. The column `folded`
    /// contains the folded text of all of them. Empty if lists of this kind have no text filter.
    pub filtered: &'static [Column],
}

impl Searched {
    /// The columns that [`Self::indexed_texts`] needs.
    #[must_use]
    pub fn text_columns(&self) -> Vec<Column> {
        self.columns.iter().copied().chain(self.aliases).chain([self.external_ids]).collect()
    }

    /// The texts to index for a row. The row must have the [text columns](Self::text_columns).
    #[must_use]
    pub fn indexed_texts<'a>(&self, rows: &'a Rows, row: usize) -> Vec<IndexedText<'a>> {
        let texts: Vec<Option<&str>> =
            self.columns.iter().map(|column| text(rows, row, column)).collect();
        let mut indexed_texts = (self.indexed_texts)(&texts);
        let field = if self.kind == SearchKind::Event { Field::Title } else { Field::Name };
        indexed_texts.extend(self.aliases(rows, row).into_iter().map(|alias| {
            let indexed_text = IndexedText::new(field, alias);
            if self.container.is_none() { indexed_text.inherited() } else { indexed_text }
        }));
        let external_ids = text(rows, row, self.external_ids);
        indexed_texts.extend(external_ids.map(|ids| IndexedText::new(Field::Label, ids)));
        indexed_texts
    }

    fn aliases(&self, rows: &Rows, row: usize) -> Vec<String> {
        let json = self.aliases.and_then(|column| text(rows, row, column));
        // A table constraint guarantees an array.
        json.and_then(|json| query::parse_json_array(json).ok()).unwrap_or_default()
    }

    /// The expected value of the column `folded`. `None` if the table has no such column.
    fn folded(&self, rows: &Rows, row: usize) -> Option<String> {
        let texts: Vec<Option<&str>> =
            self.filtered.iter().map(|column| text(rows, row, column)).collect();
        let is_filtered = !texts.is_empty();
        is_filtered.then(|| content::folded(&texts, &self.aliases(rows, row)))
    }
}

fn text(rows: &Rows, row: usize, column: Column) -> Option<&str> {
    rows.text(row, rows.position(column)?)
}

/// The text of the interpretations of a clause or caveat, as a column. Excludes archived interpretations. Null if there
/// are none.
///
/// The search index treats this column as a text of the clause or caveat, so a search for the disputed words finds the
/// clause or caveat.
macro_rules! interpretations_of {
    ($subject:literal) => {
        concat!(
            "(SELECT string_agg(coalesce(term || ': ', '') || meaning, ' ' ORDER BY stated_on, interpretations.id) \
             FROM interpretations WHERE interpretations.archived_at IS NULL AND interpretations.trackable_id = ",
            $subject,
            ")"
        )
    };
}
pub(super) use interpretations_of;

/// The actual or expected index entry of a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    container: Option<String>,
    name: Option<String>,
    words: BTreeMap<String, Weight>,
}

/// The values that searches need for a record.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) entry: Entry,
    /// The folded words that a misspelt word can match, each with its first spelling in the record.
    pub(super) spellings: BTreeMap<String, String>,
    /// The folded text in which the text filter of a list looks for matches. `None` if lists of this kind have no text
    /// filter.
    pub(super) folded: Option<String>,
}

impl Indexed {
    fn of(searched: &Searched, rows: &Rows, row: usize) -> Self {
        let text = |column: Option<Column>| text(rows, row, column?);
        let indexed_texts = searched.indexed_texts(rows, row);
        let entry = Entry {
            container: text(searched.container).map(str::to_owned),
            name: text(searched.name).map(search::run_together),
            words: search::index(&indexed_texts),
        };
        let (spellings, folded) = (search::spellings(&indexed_texts), searched.folded(rows, row));
        Self { entry, spellings, folded }
    }
}

/// Updates the index for records that were just written. Must run after the write.
///
/// # Errors
/// Database errors.
pub(super) fn index(
    connection: &mut DbConnection,
    searched: &Searched,
    ids: &[impl AsRef<str>],
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let indexed = read(connection, searched, ids)?;
    if indexed.is_empty() {
        // None of the records is of this kind.
        return Ok(());
    }
    write(connection, searched, &indexed)
}

/// The expected index entries of these records.
pub(super) fn read(
    connection: &mut DbConnection,
    searched: &Searched,
    ids: &[impl AsRef<str>],
) -> Result<BTreeMap<String, Indexed>, Error> {
    let key = format!("{}.id", searched.table);
    let mut columns = searched.text_columns();
    for column in searched.container.iter().chain(&searched.name).chain(searched.filtered) {
        if !columns.contains(column) {
            columns.push(column);
        }
    }
    let tail =
        Sql::new(format!("FROM {} WHERE ", searched.table)).any_of(connection.dialect(), &key, ids);
    let rows = Rows::select_keyed(connection, &key, &columns, tail)?;
    let indexed = (0..rows.len())
        .filter_map(|row| Some((rows.text(row, 0)?.to_owned(), Indexed::of(searched, &rows, row))));
    Ok(indexed.collect())
}

/// The actual index entries of all records of a kind.
pub(super) fn stored_entries(
    connection: &mut DbConnection,
    kind: SearchKind,
) -> Result<BTreeMap<String, Entry>, Error> {
    let sql = Sql::new("SELECT id, container_id, name FROM search_documents WHERE kind = ")
        .bind(kind.as_str());
    let documents: Vec<(String, Option<String>, Option<String>)> =
        query::rows::<(Text, Nullable<Text>, Nullable<Text>), _>(connection, sql)?;
    let entry = |(id, container, name)| (id, Entry { container, name, words: BTreeMap::new() });
    let mut entries: BTreeMap<String, Entry> = documents.into_iter().map(entry).collect();
    let sql = Sql::new(
        "SELECT document_id, word, weight, lent FROM search_words \
         JOIN search_documents ON search_documents.id = search_words.document_id WHERE kind = ",
    )
    .bind(kind.as_str());
    let words: Vec<(String, String, i32, i32)> =
        query::rows::<(Text, Text, Integer, Integer), _>(connection, sql)?;
    for (id, word, own, inherited) in words {
        if let Some(entry) = entries.get_mut(&id) {
            entry.words.insert(word, Weight { own, inherited });
        }
    }
    Ok(entries)
}

/// Replaces the index entries of these records.
///
/// # Errors
/// Database errors.
pub(super) fn write(
    connection: &mut DbConnection,
    searched: &Searched,
    indexed: &BTreeMap<String, Indexed>,
) -> Result<(), Error> {
    let dialect = connection.dialect();
    let documents = indexed.iter().map(|(id, Indexed { entry, .. })| {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let (container, name) = (text(&entry.container), text(&entry.name));
        Value::from(vec![
            Value::from(id.as_str()),
            Value::from(searched.kind.as_str()),
            container,
            name,
        ])
    });
    let columns = [("id", "TEXT"), ("kind", "TEXT"), ("container_id", "TEXT"), ("name", "TEXT")];
    let sql = Sql::new("INSERT INTO search_documents (id, kind, container_id, name) ")
        .select_given(dialect, &columns, &documents.collect())
        // Without the condition `1 = 1`, SQLite would parse ON as part of a join.
        .text(
            " WHERE 1 = 1 ON CONFLICT (id) DO UPDATE \
             SET container_id = excluded.container_id, name = excluded.name",
        );
    query::execute(connection, sql)?;
    let ids: Vec<&String> = indexed.keys().collect();
    let sql = Sql::new("DELETE FROM search_words WHERE ").any_of(dialect, "document_id", &ids);
    query::execute(connection, sql)?;
    let words = indexed.iter().flat_map(|(id, Indexed { entry, .. })| {
        entry.words.iter().map(move |(word, weight)| {
            Value::from(vec![
                Value::from(word.as_str()),
                Value::from(id.as_str()),
                Value::from(weight.own),
                Value::from(weight.inherited),
            ])
        })
    });
    let columns =
        [("word", "TEXT"), ("document_id", "TEXT"), ("weight", "INTEGER"), ("lent", "INTEGER")];
    let sql = Sql::new("INSERT INTO search_words (word, document_id, weight, lent) ").select_given(
        dialect,
        &columns,
        &words.collect(),
    );
    query::execute(connection, sql)?;
    // If several records contain a word, the spelling in the first of them is stored.
    let spellings = indexed.values().rev().flat_map(|indexed| &indexed.spellings).collect();
    write_spellings(connection, &spellings)
}

/// Adds the words that can be suggested for a misspelt word, each with the spelling in which it is suggested. A word that
/// is already stored keeps its spelling.
///
/// # Errors
/// Database errors.
pub(super) fn write_spellings(
    connection: &mut DbConnection,
    spellings: &BTreeMap<&String, &String>,
) -> Result<(), Error> {
    let rows = spellings.iter().map(|(word, spelling)| spelling_row(word, spelling));
    let columns = [("word", "TEXT"), ("reversed", "TEXT"), ("spelling", "TEXT")];
    let sql = Sql::new("INSERT INTO search_spellings (word, reversed, spelling) ")
        .select_given(connection.dialect(), &columns, &rows.collect())
        .text(" WHERE 1 = 1 ON CONFLICT (word) DO NOTHING");
    query::execute(connection, sql)?;
    Ok(())
}

/// A row of `search_spellings` as a JSON array: the word, its letters in reverse order, and its spelling.
pub(super) fn spelling_row(word: &str, spelling: &str) -> Value {
    let reversed: String = word.chars().rev().collect();
    Value::from(vec![word, &reversed, spelling])
}

/// Updates the column `folded`, in which the text filters of lists look for matches.
///
/// # Errors
/// Database errors.
pub(super) fn refold(
    connection: &mut DbConnection,
    searched: &Searched,
    indexed: &BTreeMap<String, Indexed>,
) -> Result<(), Error> {
    let table = searched.table;
    let rows: Vec<Value> = indexed
        .iter()
        .filter_map(|(id, indexed)| Some(Value::from(vec![id, indexed.folded.as_ref()?.as_str()])))
        .collect();
    if !rows.is_empty() {
        let columns = [("id", "TEXT"), ("folded", "TEXT")];
        let sql = Sql::new(format!("UPDATE {table} SET folded = refolded.folded FROM ("))
            .select_given(connection.dialect(), &columns, &rows.into())
            .text(format!(") AS refolded WHERE refolded.id = {table}.id"));
        query::execute(connection, sql)?;
    }
    Ok(())
}
