//! SQL text with bind values.
//!
//! Diesel's query builder is used for single rows and writes. Statements that read the rows of many keys are text, for
//! two reasons. First, the two databases need different SQL. Second, the text must not depend on the number of keys, so
//! that the connection can cache the prepared statement. Columns come from the `Selectable` of row types, so each
//! column is named only once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::deserialize::FromSqlRow;
use diesel::expression::{Expression, Selectable};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::sql_types::{BigInt, Date, Integer, Text, Timestamp};
use diesel::{QueryResult, RunQueryDsl};

use super::{DbConnection, Dialect, Error, MultiBackend};

/// A piece of a statement.
enum Part {
    Text(Cow<'static, str>),
    TextBind(String),
    IntegerBind(i32),
    DateBind(NaiveDate),
    InstantBind(NaiveDateTime),
    Columns(Box<dyn QueryFragment<MultiBackend> + Send>),
}

/// A statement, or part of one.
#[derive(Default)]
pub struct Sql {
    parts: Vec<Part>,
}

impl Sql {
    /// Starts with a piece of text.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self::default().text(text)
    }

    /// Adds text. Never add values with this function: bind them.
    #[must_use]
    pub fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// Adds a text value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<String>) -> Self {
        self.parts.push(Part::TextBind(value.into()));
        self
    }

    /// Adds a whole number.
    #[must_use]
    pub fn bind_integer(mut self, value: i32) -> Self {
        self.parts.push(Part::IntegerBind(value));
        self
    }

    /// Adds a day.
    #[must_use]
    pub fn bind_date(mut self, value: NaiveDate) -> Self {
        self.parts.push(Part::DateBind(value));
        self
    }

    /// Adds an instant.
    #[must_use]
    pub fn bind_instant(mut self, value: NaiveDateTime) -> Self {
        self.parts.push(Part::InstantBind(value));
        self
    }

    /// Adds the columns of a row type.
    #[must_use]
    pub fn columns<R: Row>(mut self) -> Self {
        self.parts.push(Part::Columns(Box::new(R::construct_selection())));
        self
    }

    /// Adds another statement or part.
    #[must_use]
    pub fn append(mut self, other: Sql) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// Adds the condition that `column` is one of `values`. The text does not depend on the number of values.
    #[must_use]
    pub fn any_of<T: AsRef<str>>(self, dialect: Dialect, column: &str, values: &[T]) -> Self {
        self.text(column.to_owned()).in_any(dialect, values)
    }

    /// Adds the condition that the preceding expression is one of `values`.
    #[must_use]
    pub fn in_any<T: AsRef<str>>(self, dialect: Dialect, values: &[T]) -> Self {
        self.among(dialect, Self::default().given(dialect, values))
    }

    /// Adds the condition that the preceding expression is one of the values that `select` selects.
    #[must_use]
    pub fn among(self, dialect: Dialect, select: Self) -> Self {
        let (before, after) = match dialect {
            Dialect::Sqlite => (" IN (", ")"),
            // With an array, PostgreSQL uses an index to find the values.
            Dialect::Postgres => (" = ANY(ARRAY(", "))"),
        };
        self.text(before).append(select).text(after)
    }

    /// Adds a `SELECT` of `values`.
    #[must_use]
    pub fn given<T: AsRef<str>>(self, dialect: Dialect, values: &[T]) -> Self {
        let values = json_array(values);
        match dialect {
            Dialect::Sqlite => self.text("SELECT value FROM json_each(").bind(values).text(")"),
            Dialect::Postgres => {
                self.text("SELECT json_array_elements_text(").bind(values).text("::json)")
            }
        }
    }

    /// Adds conditions, all of which must hold. There must be at least one.
    #[must_use]
    pub fn all_of(self, conditions: Vec<Self>) -> Self {
        let mut separator = "";
        conditions.into_iter().fold(self, |sql, condition| {
            let before = std::mem::replace(&mut separator, " AND ");
            sql.text(before).append(condition)
        })
    }

    /// Adds the condition that `column` is one of `values`, for lists that usually contain one value. A single value is
    /// compared directly, so that an index on several columns also provides the order.
    #[must_use]
    pub fn one_or_any_of<T: AsRef<str>>(
        self,
        dialect: Dialect,
        column: &str,
        values: &[T],
    ) -> Self {
        match values {
            // Stored texts never contain NUL, and PostgreSQL rejects a value that does.
            [value] if !value.as_ref().contains('\0') => {
                self.text(format!("{column} = ")).bind(value.as_ref())
            }
            values => self.any_of(dialect, column, values),
        }
    }

    /// Adds `values` as a table named `name` with the column `value`.
    #[must_use]
    pub fn each<T: AsRef<str>>(self, dialect: Dialect, name: &str, values: &[T]) -> Self {
        let values = json_array(values);
        match dialect {
            Dialect::Sqlite => self.text("json_each(").bind(values).text(format!(") AS {name}")),
            Dialect::Postgres => self
                .text("json_array_elements_text(")
                .bind(values)
                .text(format!("::json) AS {name} (value)")),
        }
    }

    /// The negation of `condition`.
    #[must_use]
    pub fn not(condition: Self) -> Self {
        Self::new("NOT (").append(condition).text(")")
    }

    /// Adds a `SELECT` of `rows`, a JSON array of arrays. Both databases accept a table in this form as one bind value.
    /// `columns` are the names and SQL types of the arrays' elements.
    #[must_use]
    pub fn select_given(
        self,
        dialect: Dialect,
        columns: &[(&str, &str)],
        rows: &serde_json::Value,
    ) -> Self {
        let columns: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(index, (name, ty))| match dialect {
                Dialect::Sqlite => {
                    // SQLite stores days as text. A cast to `DATE` would convert them to numbers.
                    let ty = if *ty == "DATE" { "TEXT" } else { ty };
                    format!("CAST(json_extract(value, '$[{index}]') AS {ty}) AS {name}")
                }
                Dialect::Postgres => format!("CAST(value->>{index} AS {ty}) AS {name}"),
            })
            .collect();
        let (before, after) = match dialect {
            Dialect::Sqlite => ("json_each(", ")"),
            Dialect::Postgres => ("json_array_elements(", "::json)"),
        };
        self.text(format!("SELECT {} FROM {before}", columns.join(", ")))
            .bind(rows.to_string())
            .text(format!("{after} AS given"))
    }

    /// Adds the condition that `column` contains `text`. No character of `text` acts as a wildcard.
    #[must_use]
    pub fn contains(self, column: &str, text: &str) -> Self {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        self.text(format!("{column} LIKE ")).bind(format!("%{escaped}%")).text(" ESCAPE '\\'")
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

/// The values as a JSON array of strings. Both databases accept a list in this form as one bind value. Omits values that
/// contain NUL: stored texts never contain it, and PostgreSQL rejects it.
pub fn json_array<T: AsRef<str>>(values: &[T]) -> String {
    let values = values.iter().map(AsRef::as_ref).filter(|value| !value.contains('\0'));
    let values: Vec<&str> = values.collect();
    serde_json::Value::from(values).to_string()
}

/// Parses an array that [`json_array`] returned.
///
/// # Errors
/// The text is not a JSON array of strings.
pub(super) fn parse_json_array(json: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(json)
        .map_err(|_| Error::Internal(format!("“{json}” is not a JSON array of strings")))
}

/// A statement whose rows have the SQL type `ST`.
pub struct SqlStatement<ST> {
    sql: Sql,
    rows: PhantomData<fn() -> ST>,
}

impl<ST> SqlStatement<ST> {
    /// The statement.
    pub fn new(sql: Sql) -> Self {
        Self { sql, rows: PhantomData }
    }
}

impl<ST> QueryFragment<MultiBackend> for SqlStatement<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for part in &self.sql.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::TextBind(value) => out.push_bind_param::<Text, String>(value)?,
                Part::IntegerBind(value) => out.push_bind_param::<Integer, i32>(value)?,
                Part::DateBind(value) => out.push_bind_param::<Date, NaiveDate>(value)?,
                Part::InstantBind(value) => {
                    out.push_bind_param::<Timestamp, NaiveDateTime>(value)?;
                }
                Part::Columns(columns) => columns.walk_ast(out.reborrow())?,
            }
        }
        Ok(())
    }
}

// There is no static id, so the statement cache uses the text as its key. The text does not depend on the values.
impl<ST> QueryId for SqlStatement<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for SqlStatement<ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<DbConnection> for SqlStatement<ST> {}

/// A row type that [`select`] can load.
pub trait Row:
    Selectable<MultiBackend, SelectExpression = Self::Columns> + Sized + 'static
{
    /// Its columns.
    type Columns: Expression<SqlType = Self::SqlType> + QueryFragment<MultiBackend> + Send + 'static;
    /// The SQL type of its columns.
    type SqlType: 'static;
}

impl<R, C> Row for R
where
    R: Selectable<MultiBackend, SelectExpression = C> + 'static,
    C: Expression + QueryFragment<MultiBackend> + Send + 'static,
    C::SqlType: 'static,
{
    type Columns = C;
    type SqlType = C::SqlType;
}

/// Loads rows. `tail` follows the columns and starts with `FROM`.
pub fn select<R>(connection: &mut DbConnection, tail: Sql) -> QueryResult<Vec<R>>
where
    R: Row + FromSqlRow<<R as Row>::SqlType, MultiBackend>,
    SqlStatement<<R as Row>::SqlType>: for<'q> LoadQuery<'q, DbConnection, R>,
{
    let sql = Sql::new("SELECT ").columns::<R>().text(" ").append(tail);
    SqlStatement { sql, rows: PhantomData }.load(connection)
}

/// Loads rows, each with its key.
pub fn select_keyed<R>(
    connection: &mut DbConnection,
    key: &str,
    tail: Sql,
) -> QueryResult<Vec<(String, R)>>
where
    R: Row,
    SqlStatement<(Text, <R as Row>::SqlType)>: for<'q> LoadQuery<'q, DbConnection, (String, R)>,
{
    let sql = Sql::new(format!("SELECT {key}, ")).columns::<R>().text(" ").append(tail);
    SqlStatement { sql, rows: PhantomData }.load(connection)
}

/// Loads rows whose columns are listed in `sql` and have the SQL types `ST`, instead of rows of a [`Row`] type.
pub fn rows<ST, R>(connection: &mut DbConnection, sql: Sql) -> QueryResult<Vec<R>>
where
    SqlStatement<ST>: for<'q> LoadQuery<'q, DbConnection, R>,
{
    SqlStatement { sql, rows: PhantomData }.load(connection)
}

/// Runs a statement that writes.
pub fn execute(connection: &mut DbConnection, sql: Sql) -> QueryResult<usize> {
    SqlStatement::<()> { sql, rows: PhantomData }.execute(connection)
}

/// Loads pairs of texts, such as links between two ids.
pub fn pairs(connection: &mut DbConnection, sql: Sql) -> QueryResult<Vec<(String, String)>> {
    rows::<(Text, Text), _>(connection, sql)
}

/// Loads counts, each with its key.
pub fn counts(connection: &mut DbConnection, sql: Sql) -> QueryResult<Vec<(String, i64)>> {
    rows::<(Text, BigInt), _>(connection, sql)
}

/// Loads one row for each key. `from` is the text after `FROM`. It ends with `WHERE` or `AND`.
pub fn by_key<R>(
    connection: &mut DbConnection,
    from: &str,
    key: &str,
    keys: &[impl AsRef<str>],
) -> Result<HashMap<String, R>, Error>
where
    R: Row,
    SqlStatement<(Text, <R as Row>::SqlType)>: for<'q> LoadQuery<'q, DbConnection, (String, R)>,
{
    let tail = Sql::new(format!("FROM {from} ")).any_of(connection.dialect(), key, keys);
    Ok(select_keyed(connection, key, tail)?.into_iter().collect())
}

/// Loads all rows of each key, in order. `from` is as in [`by_key`].
pub fn grouped<R>(
    connection: &mut DbConnection,
    from: &str,
    key: &str,
    keys: &[impl AsRef<str>],
    order: &str,
) -> Result<HashMap<String, Vec<R>>, Error>
where
    R: Row,
    SqlStatement<(Text, <R as Row>::SqlType)>: for<'q> LoadQuery<'q, DbConnection, (String, R)>,
{
    let tail = Sql::new(format!("FROM {from} "))
        .any_of(connection.dialect(), key, keys)
        .text(format!(" ORDER BY {order}"));
    let mut groups: HashMap<String, Vec<R>> = HashMap::new();
    for (key, row) in select_keyed(connection, key, tail)? {
        groups.entry(key).or_default().push(row);
    }
    Ok(groups)
}
