//! The tables of a dump and their columns. Both are derived from `db::schema`.

use std::borrow::Cow;

use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};
use diesel::{Column as _, Expression};
use serde_json::Value;

use super::super::query::{self, Sql};
use super::super::{DbConnection, Dialect, Error, schema};
use super::cell::{Cell, Type};

/// Tables of earlier versions that dumps may contain.
const EARLIER_TABLES: [&str; 1] = ["change_values"];

/// Columns that triggers fill. Dumps omit them.
const OMITTED_COLUMNS: [(&str, &str); 5] = [
    ("clauses", "status"),
    ("clauses", "status_since"),
    ("clauses", "is_listed"),
    ("clauses", "checked_on"),
    ("assessments", "note_words"),
];

/// Tables whose rows contain files.
const LARGE_ROWS: [&str; 1] = ["release_files"];
/// The maximum number of rows of a table in [`LARGE_ROWS`] that are in memory at once.
const MAX_LARGE_ROWS: usize = 4;

/// A table.
pub(super) struct Table {
    pub(super) name: Cow<'static, str>,
    /// The primary key, which determines the order of rows.
    pub(super) key: &'static [&'static str],
    pub(super) columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: Cow<'static, str>,
    ty: Type,
}

/// Lists tables of the schema, each with its primary key.
macro_rules! tables {
    ($($table:ident ($($key:ident),+);)+) => {
        /// The tables of a dump. A table comes after the tables to which it refers. A test compares the tables with the
        /// schema.
        pub(super) fn tables() -> Vec<Table> {
            vec![$(Table {
                name: Cow::Borrowed(stringify!($table)),
                key: &[$(schema::$table::$key::NAME),+],
                columns: dumped(
                    stringify!($table),
                    <schema::$table::table as diesel::Table>::AllColumns::described(),
                ),
            }),+]
        }
    };
}

tables! {
    slugs(kind, slug);
    parties(id);
    topics(id);
    sources(id);
    agreements(id);
    external_ids(id);
    agreement_parties(id);
    agreement_relations(id);
    agreement_endings(id);
    topic_treatments(agreement_id, scheme, code);
    trackables(id);
    clauses(id);
    obligations(id);
    criteria(clause_id, status);
    deadlines(id);
    codings(clause_id, day, account);
    proposals(id);
    proposal_parties(proposal_id, role, party_id);
    proposal_agreements(proposal_id, agreement_id);
    caveats(id);
    caveat_parties(caveat_id, role, party_id);
    caveat_exchanges(caveat_id, other_id);
    caveat_answers(caveat_id, answered_id);
    caveat_clause_links(id);
    preconditions(id);
    interpretations(id);
    events(id);
    event_actors(event_id, party_id);
    event_trackables(event_id, trackable_id);
    event_sources(event_id, source_id);
    assessments(id);
    assessment_evidence(assessment_id, source_id);
    assessment_breakers(assessment_id, party_id);
    status_checks(id);
    submissions(id);
    submission_comments(id);
    log_head(id);
    changes(position);
    releases(id);
    release_files(release_id, name);
    tokens(id);
    webhooks(id);
}

fn dumped(table: &'static str, mut columns: Vec<Column>) -> Vec<Column> {
    columns.retain(|column| !OMITTED_COLUMNS.contains(&(table, &*column.name)));
    columns
}

impl Table {
    /// The number of rows to read or write at once. `usual` is the number for tables with small rows.
    pub(super) fn rows_at_once(&self, usual: usize) -> usize {
        if LARGE_ROWS.contains(&&*self.name) { MAX_LARGE_ROWS } else { usual }
    }

    /// The names of the columns, separated by commas.
    pub(super) fn names(&self) -> String {
        self.columns.iter().map(|column| &*column.name).collect::<Vec<_>>().join(", ")
    }

    /// The values of the primary key in a row.
    pub(super) fn key_of<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = &'a Cell> {
        self.key.iter().filter_map(move |key| {
            let cells = self.columns.iter().zip(row);
            cells.into_iter().find(|(column, _)| *column.name == **key).map(|(_, cell)| cell)
        })
    }

    /// A table of an earlier version, with the columns that a dump names and their types in the database. It has no key,
    /// because its rows are only written.
    ///
    /// # Errors
    /// A message that names the missing table or column. The outer error is a database error.
    pub(super) fn described(
        connection: &mut DbConnection,
        name: &str,
        columns: &[String],
    ) -> Result<Result<Self, String>, Error> {
        let is_known =
            EARLIER_TABLES.contains(&name) || tables().iter().any(|own| own.name == name);
        if !is_known {
            return Ok(Err(format!("there is no table {name} in a dump of Clausewatch")));
        }
        let sql = match connection.dialect() {
            Dialect::Sqlite => {
                Sql::new("SELECT name, type FROM pragma_table_info(").bind(name).text(")")
            }
            Dialect::Postgres => Sql::new(
                "SELECT column_name::text, data_type::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = ",
            )
            .bind(name),
        };
        let types = query::pairs(connection, sql)?;
        let column = |name: &String| {
            let (_, declared) = types.iter().find(|(column, _)| column == name)?;
            Some(Column { name: Cow::Owned(name.clone()), ty: Type::declared(declared)? })
        };
        let described = columns.iter().map(|name| column(name).ok_or(name));
        Ok(match described.collect::<Result<Vec<Column>, &String>>() {
            Ok(columns) => Ok(Self { name: Cow::Owned(name.to_owned()), key: &[], columns }),
            Err(column) => Err(format!("the table {name} had no column {column}")),
        })
    }

    /// Parses a row.
    ///
    /// # Errors
    /// A message that names the value and states the valid type.
    pub(super) fn read(&self, values: Vec<Value>) -> Result<Vec<Cell>, String> {
        if values.len() != self.columns.len() {
            return Err(format!(
                "there are {} values, and the table {} has {} columns",
                values.len(),
                self.name,
                self.columns.len()
            ));
        }
        let cells = self.columns.iter().zip(values);
        cells
            .map(|(column, value)| {
                column.ty.read(&value).ok_or_else(|| {
                    format!("{} must be {}, not {value}", column.name, column.ty.words())
                })
            })
            .collect()
    }
}

/// A SQL type that dumps support. A column of another type does not compile.
trait Stored {
    const TYPE: Type;
}

macro_rules! stored {
    ($($sql:ty => $ty:ident),+ $(,)?) => {$(
        impl Stored for $sql {
            const TYPE: Type = Type::$ty;
        }
    )+};
}

stored! {
    Text => Text,
    Integer => Integer,
    BigInt => BigInt,
    Bool => Bool,
    Date => Date,
    Timestamp => Instant,
}

impl<T: Stored + diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>>
    Stored for Nullable<T>
{
    const TYPE: Type = T::TYPE;
}

/// The columns of a table.
trait Columns {
    fn described() -> Vec<Column>;
}

/// Diesel represents the columns of a table as a tuple. Only a macro can iterate over a tuple.
macro_rules! columns {
    () => {};
    ($first:ident $($other:ident)*) => {
        impl<$first, $($other),*> Columns for ($first, $($other,)*)
        where
            $first: diesel::Column + Expression<SqlType: Stored>,
            $($other: diesel::Column + Expression<SqlType: Stored>,)*
        {
            fn described() -> Vec<Column> {
                vec![
                    Column { name: Cow::Borrowed($first::NAME), ty: <$first::SqlType as Stored>::TYPE },
                    $(Column { name: Cow::Borrowed($other::NAME), ty: <$other::SqlType as Stored>::TYPE },)*
                ]
            }
        }
        columns!($($other)*);
    };
}

columns!(A B C D E F G H I J K L M N O P Q R S T U V W X);

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables that dumps omit: derived tables, deliveries of webhooks, sign-ins and idempotency keys.
    const DERIVED: [&str; 9] = [
        "webhook_deliveries",
        "sign_ins",
        "idempotency_keys",
        "search_documents",
        "search_notes",
        "search_spellings",
        "search_words",
        "search_index",
        "timeline",
    ];

    #[test]
    fn every_table_is_dumped_or_derived() {
        let schema = include_str!("../schema.rs");
        let described: Vec<&str> = schema
            .split("diesel::table! {\n    ")
            .skip(1)
            .filter_map(|table| table.split(" {").next())
            .filter(|table| {
                !DERIVED.iter().any(|derived| table.starts_with(&format!("{derived} (")))
            })
            .collect();
        let dumped = tables();
        let dumped: Vec<String> = dumped
            .iter()
            .map(|table| format!("{} ({})", table.name, table.key.join(", ")))
            .collect();
        assert_eq!(dumped, described, "a table or its primary key differs from db/schema.rs");
    }
}
