//! The search index: written with every record, and asked.
//!
//! It is two plain tables of our own, because the databases' full-text searches rank differently, part words
//! differently, and read what is asked for as a language. What the words are and what they weigh is in
//! [`domain::search`](crate::domain::search).

use std::collections::{BTreeMap, HashMap};

use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use serde_json::Value;

use super::page::{Page, Rows};
use super::query::{self, Sql};
use super::rows::{Column, Rows as RawRows};
use super::sort::{SortKey, SortValue};
use super::{DbConnection, Dialect, Error};
use crate::domain::search::{self, Passage, SearchKind, Term, Weight};
use crate::domain::{Choice, Id};

/// How records of a kind are searched.
#[derive(Debug, Clone, Copy)]
pub struct Searched {
    /// What its results are.
    pub kind: SearchKind,
    /// The table.
    pub table: &'static str,
    /// The id of the record that contains the record; none where no record does.
    pub container: Option<Column>,
    /// The name of a record in references, without the name of its container; none where nobody refers to it by name.
    pub name: Option<Column>,
    /// The columns with its texts.
    pub columns: &'static [Column],
    /// The passages to search, from the values of `columns`.
    pub passages: for<'a> fn(&[Option<&'a str>]) -> Vec<Passage<'a>>,
}

impl Searched {
    /// The passages of a row in which `columns` are selected.
    #[must_use]
    pub fn passages<'a>(&self, rows: &'a RawRows, row: usize) -> Vec<Passage<'a>> {
        let text = |column: &Column| rows.text(row, rows.position(column)?);
        let texts: Vec<Option<&str>> = self.columns.iter().map(text).collect();
        (self.passages)(&texts)
    }
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    /// The words, all of which must be found.
    pub terms: Vec<Term>,
    /// All of what was asked for, [run together](search::run_together), as the name of a record may be.
    pub reference: String,
    /// Only records of these kinds.
    pub kinds: Option<Vec<SearchKind>>,
}

/// A record that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// Its id.
    pub id: Id<()>,
    /// What it is.
    pub kind: SearchKind,
    /// How well it fits: the sum of what each word says of it, and that it was asked for by its reference. Comparable
    /// within one search.
    pub score: i64,
}

/// A table of every record that has all of `terms`, at least one of them itself and the others perhaps in the name of what
/// it is in. A whole word counts twice as much as the beginning of one, and of several words that begin alike the
/// weightiest counts. What was asked for by its reference, with the name of what it is in or without, counts most of all.
///
/// What else there is to know of a record is carried along: PostgreSQL cannot tell how many records have the words, and
/// would plan to join them one by one.
const RANKED: &str = ", \
    matches (document_id, word, points, lent) AS (\
        SELECT document_id, terms.word, \
            weight * rarity * CASE WHEN search_words.word = terms.word THEN 2 ELSE 1 END, \
            lent * rarity * CASE WHEN search_words.word = terms.word THEN 2 ELSE 1 END \
        FROM terms CROSS JOIN search_words WHERE search_words.word BETWEEN terms.word AND last), \
    hits (id, kind, container_id, name, word, points, own) AS (\
        SELECT id, kind, container_id, name, word, points, 1 \
        FROM matches CROSS JOIN search_documents WHERE id = document_id \
        UNION ALL SELECT id, kind, container_id, name, word, lent, 0 \
        FROM matches CROSS JOIN search_documents WHERE container_id = document_id AND lent > 0), \
    best (id, kind, container_id, name, points, own) AS (\
        SELECT id, kind, container_id, name, max(points), max(own) FROM hits \
        GROUP BY id, kind, container_id, name, word), \
    found (id, kind, container_id, name, points) AS (\
        SELECT id, kind, container_id, name, sum(points) FROM best GROUP BY id, kind, container_id, name \
        HAVING count(*) = (SELECT count(*) FROM terms) AND max(own) = 1), \
    ranked (id, kind, container_id, score) AS (\
        SELECT id, kind, container_id, found.points + CASE WHEN reference IN (name, \
            (SELECT container.name || found.name FROM search_documents container \
            WHERE container.id = found.container_id)) THEN asked.points ELSE 0 END \
        FROM found CROSS JOIN asked)";

/// Best first; of equals, what is on this site before sources, which lead to others, and then the older.
const ORDER: &str = "-score, CASE WHEN kind = 'source' THEN 1 ELSE 0 END, id";

/// Neither archived nor in something archived.
const IN_USE: &str = " \
    AND id NOT IN (SELECT id FROM archived) \
    AND coalesce(container_id, '') NOT IN (SELECT id FROM archived)";

/// A table of all that is archived.
const ARCHIVED: &str = ", \
    archived (id) AS (\
        SELECT id FROM agreements WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM trackables WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM events WHERE archived_at IS NOT NULL \
        UNION ALL SELECT id FROM sources WHERE archived_at IS NOT NULL)";

/// What cursors of searches carry: the record alone, as scores depend on all that is indexed.
pub const SORT_KEYS: &[SortKey] = &[SortKey::id("id")];

impl Search {
    /// The records that follow the page's cursor, best first, of equals sources last, and else the older first. A cursor
    /// names a record, and the page goes on from where that stands now, archived or not.
    ///
    /// # Errors
    /// Those of the database, or of a cursor whose record does not have the words.
    pub fn page(&self, connection: &mut DbConnection, page: &Page) -> Result<Rows<Hit>, Error> {
        let rarities = self.rarities(connection)?;
        let dialect = connection.dialect();
        let mut sql = self
            .ranked(dialect, &rarities)
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
        // One more than asked for tells whether there is more.
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

    /// How many records there are in all.
    ///
    /// # Errors
    /// Those of the database.
    pub fn count(&self, connection: &mut DbConnection) -> Result<i64, Error> {
        let dialect = connection.dialect();
        let sql = self
            .ranked(dialect, &HashMap::new())
            .text(ARCHIVED)
            .text(" SELECT '', count(*) FROM ranked WHERE ")
            .append(self.conditions(dialect));
        Ok(query::counts(connection, sql)?.into_iter().map(|(_, count)| count).sum())
    }

    /// How much finding each word says, among all records that are indexed.
    fn rarities(&self, connection: &mut DbConnection) -> Result<HashMap<String, i64>, Error> {
        let sql = self.terms(connection.dialect(), &HashMap::new()).text(
            " SELECT terms.word, count(DISTINCT document_id) \
             FROM terms CROSS JOIN search_words WHERE search_words.word BETWEEN terms.word AND last \
             GROUP BY terms.word UNION ALL SELECT '', count(*) FROM search_documents",
        );
        let mut found: HashMap<String, i64> = query::counts(connection, sql)?.into_iter().collect();
        let documents = found.remove("").unwrap_or_default();
        let rarity = |(word, found)| (word, search::rarity(documents, found));
        Ok(found.into_iter().map(rarity).collect())
    }

    /// Begins a statement with a table of the words: each with the last word that it finds.
    fn terms(&self, dialect: Dialect, rarities: &HashMap<String, i64>) -> Sql {
        let rarity = |term: &Term| rarities.get(&term.word).copied().unwrap_or(1);
        let rows = self.terms.iter().map(|term| {
            Value::from(vec![
                Value::from(term.word.as_str()),
                Value::from(term.last()),
                Value::from(rarity(term)),
            ])
        });
        let columns = [("word", "TEXT"), ("last", "TEXT"), ("rarity", "INTEGER")];
        Sql::new("WITH terms AS (").select_given(dialect, &columns, &rows.collect()).text(")")
    }

    /// Begins a statement with all that is found, whether archived or not: see [`RANKED`].
    fn ranked(&self, dialect: Dialect, rarities: &HashMap<String, i64>) -> Sql {
        self.terms(dialect, rarities)
            .text(", asked (reference, points) AS (SELECT ")
            .bind(&self.reference)
            .text(", ")
            .bind_integer(search::REFERENCE)
            .text(")")
            .text(RANKED)
    }

    /// Of the kinds that are asked for, and neither archived nor in something archived.
    fn conditions(&self, dialect: Dialect) -> Sql {
        let sql = match &self.kinds {
            Some(kinds) => Sql::default().any_of(dialect, "kind", &SearchKind::stored_names(kinds)),
            None => Sql::new("1 = 1"),
        };
        sql.text(IN_USE)
    }

    fn check_cursor(&self, connection: &mut DbConnection, id: &str) -> Result<(), Error> {
        let sql = self
            .ranked(connection.dialect(), &HashMap::new())
            .text(" SELECT id, id FROM ranked WHERE id = ")
            .bind(id);
        if query::pairs(connection, sql)?.is_empty() { Err(Error::LostCursor) } else { Ok(()) }
    }
}

/// What the index has, or should have, of a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    container: Option<String>,
    name: Option<String>,
    words: BTreeMap<String, Weight>,
}

impl Entry {
    fn of(searched: &Searched, rows: &RawRows, row: usize) -> Self {
        let text = |column: Option<Column>| rows.text(row, rows.position(column?)?);
        Self {
            container: text(searched.container).map(str::to_owned),
            name: text(searched.name).map(search::run_together),
            words: search::index(&searched.passages(rows, row)),
        }
    }
}

/// Brings the index up to date with records that were just written.
///
/// # Errors
/// Those of the database.
pub(super) fn index(
    connection: &mut DbConnection,
    searched: &Searched,
    ids: &[impl AsRef<str>],
) -> Result<(), Error> {
    let entries = read(connection, searched, ids)?;
    write(connection, searched.kind, &entries)
}

/// What the index should have of these records.
pub(super) fn read(
    connection: &mut DbConnection,
    searched: &Searched,
    ids: &[impl AsRef<str>],
) -> Result<BTreeMap<String, Entry>, Error> {
    let key = format!("{}.id", searched.table);
    let mut columns = searched.columns.to_vec();
    columns.extend(searched.container);
    columns.extend(searched.name);
    let tail =
        Sql::new(format!("FROM {} WHERE ", searched.table)).any_of(connection.dialect(), &key, ids);
    let rows = RawRows::select_keyed(connection, &key, &columns, tail)?;
    let entries = (0..rows.len())
        .filter_map(|row| Some((rows.text(row, 0)?.to_owned(), Entry::of(searched, &rows, row))));
    Ok(entries.collect())
}

/// What the index has of all records of a kind.
pub(super) fn kept(
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
    for (id, word, own, lent) in words {
        if let Some(entry) = entries.get_mut(&id) {
            entry.words.insert(word, Weight { own, lent });
        }
    }
    Ok(entries)
}

/// Puts entries into the index, in the place of what it has of the same records.
fn write(
    connection: &mut DbConnection,
    kind: SearchKind,
    entries: &BTreeMap<String, Entry>,
) -> Result<(), Error> {
    let dialect = connection.dialect();
    let documents = entries.iter().map(|(id, entry)| {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let (container, name) = (text(&entry.container), text(&entry.name));
        Value::from(vec![Value::from(id.as_str()), Value::from(kind.as_str()), container, name])
    });
    let columns = [("id", "TEXT"), ("kind", "TEXT"), ("container_id", "TEXT"), ("name", "TEXT")];
    let sql = Sql::new("INSERT INTO search_documents (id, kind, container_id, name) ")
        .select_given(dialect, &columns, &documents.collect())
        // Without a condition, SQLite would take ON for that of a join.
        .text(
            " WHERE 1 = 1 ON CONFLICT (id) DO UPDATE \
             SET container_id = excluded.container_id, name = excluded.name",
        );
    query::execute(connection, sql)?;
    let ids: Vec<&String> = entries.keys().collect();
    let sql = Sql::new("DELETE FROM search_words WHERE ").any_of(dialect, "document_id", &ids);
    query::execute(connection, sql)?;
    let words = entries.iter().flat_map(|(id, entry)| {
        entry.words.iter().map(move |(word, weight)| {
            Value::from(vec![
                Value::from(word.as_str()),
                Value::from(id.as_str()),
                Value::from(weight.own),
                Value::from(weight.lent),
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
    Ok(())
}
