//! Loads a dump.

use std::io::BufRead;

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::query::{self, Sql};
use super::super::{DbConnection, Error, Session, migration, search_rebuild};
use super::cell::Cell;
use super::format::{ACCOUNTS, End, FORMAT, Failure, Header, Heading, VERSION};
use super::statement::DumpStatement;
use super::table::{Table, tables};
use crate::domain::viewer::Editor;

/// The number of rows in one statement, except for tables with large rows.
const BATCH: usize = 100;
/// The table whose single row is created by a migration.
const SEEDED: &str = "log_head";
/// The last migration of the oldest dumps that can be loaded.
const OLDEST: &str = "2026-11-27-000000_search_names";

/// Loads a dump into an empty database, in one transaction. Returns the number of rows. For a dump of an earlier
/// version, reverts the tables to that version, loads the rows, and migrates again.
///
/// # Errors
/// The database is not empty, a line is invalid, or a row refers to a missing row; database errors, and errors of the
/// file.
pub fn load(session: &mut Session, editor: &Editor, dump: impl BufRead) -> Result<usize, Failure> {
    let rows = session.bulk_load(editor, |connection| {
        let tables = tables();
        // The first start of a server creates an access token. This token is kept, together with the tokens of the dump.
        let expected = [SEEDED, ACCOUNTS];
        for table in tables.iter().filter(|table| !expected.contains(&&*table.name)) {
            let sql = format!("SELECT 'a row' FROM {} LIMIT 1", table.name);
            if !DumpStatement::default().text(sql).load::<(String,)>(connection)?.is_empty() {
                return Err(Failure::NotEmpty(table.name.to_string()));
            }
        }
        let mut lines = Lines { dump, number: 0 };
        let header = lines.next()?;
        let header = check_header(&header).map_err(|message| lines.error(message))?;
        let is_current = header.schema == migration::latest()?;
        if !is_current {
            migration::revert_to(connection, &header.schema)?;
        }
        let deferred = defer_references(connection)?;
        sql_query(format!("DELETE FROM {SEEDED}")).execute(connection)?;
        let rows = read(connection, is_current.then_some(&tables), &mut lines)?;
        check_references(connection, &deferred)?;
        if !is_current {
            migration::run_pending(connection)?;
        }
        search_rebuild::rebuild(connection)?;
        Ok(rows)
    })?;
    session.update_statistics();
    Ok(rows)
}

/// The lines of a dump.
struct Lines<R> {
    dump: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next line.
    fn next(&mut self) -> Result<Value, Failure> {
        let mut line = Vec::new();
        self.number += 1;
        if self.dump.read_until(b'\n', &mut line)? == 0 {
            return Err(self.error("the dump is truncated: its last line is missing"));
        }
        serde_json::from_slice(line.trim_ascii_end()).map_err(|error| {
            let column = error.column();
            // The parser's message ends with a line number, which is always 1, and the column.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            self.error(format!("invalid JSON at column {column}: {message}"))
        })
    }

    fn error(&self, message: impl Into<String>) -> Failure {
        Failure::Line { line: self.number, message: message.into() }
    }
}

fn parse<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// Reads the lines after the header, and returns the number of rows. The dump must contain `tables` in this order.
/// `tables` is `None` for a dump of an earlier version, which may have other tables.
fn read(
    connection: &mut DbConnection,
    tables: Option<&Vec<Table>>,
    lines: &mut Lines<impl BufRead>,
) -> Result<usize, Failure> {
    let mut rows = 0;
    let mut line = lines.next()?;
    if let Some(tables) = tables {
        for table in tables {
            let heading = Heading::of(table);
            if parse::<Heading>(&line).as_ref() != Some(&heading) {
                let expected = serde_json::to_string(&heading).unwrap_or_default();
                return Err(lines.error(format!("expected {expected}, not {line}")));
            }
            line = read_rows(connection, table, lines, &mut rows)?;
        }
    } else {
        while let Some(Heading { table, columns }) = parse(&line) {
            let table = Table::described(connection, &table, &columns)?
                .map_err(|message| lines.error(message))?;
            line = read_rows(connection, &table, lines, &mut rows)?;
        }
    }
    check_end(&line, rows, lines)?;
    Ok(rows)
}

/// Reads the rows of a table and adds their number to `rows`. Returns the next line.
fn read_rows(
    connection: &mut DbConnection,
    table: &Table,
    lines: &mut Lines<impl BufRead>,
    rows: &mut usize,
) -> Result<Value, Failure> {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let values = match lines.next()? {
            Value::Array(values) => values,
            next_line => {
                insert(connection, table, &batch)?;
                return Ok(next_line);
            }
        };
        let row = table.read(values).map_err(|message| lines.error(message))?;
        batch.push((lines.number, row));
        *rows += 1;
        if batch.len() == table.rows_at_once(BATCH) {
            insert(connection, table, &batch)?;
            batch.clear();
        }
    }
}

/// Checks that the last line states this number of rows, and that no line follows.
fn check_end(line: &Value, rows: usize, lines: &mut Lines<impl BufRead>) -> Result<(), Failure> {
    match parse::<End>(line) {
        Some(end) if end.rows == rows => {}
        Some(end) => {
            return Err(lines.error(format!(
                "the last line states {} rows, but the dump contains {rows}",
                end.rows
            )));
        }
        None => {
            return Err(
                lines.error(format!("expected a row or the last line of the dump, not {line}"))
            );
        }
    }
    let mut rest = [0];
    if std::io::Read::read(&mut lines.dump, &mut rest)? > 0 {
        lines.number += 1;
        return Err(lines.error("unexpected text after the last line of the dump"));
    }
    Ok(())
}

/// Reads the first line.
fn check_header(line: &Value) -> Result<Header, String> {
    let expected = Header::current().map_err(|error| error.to_string())?;
    let header = parse::<Header>(line).filter(|header| header.format == FORMAT);
    let Some(header) = header else {
        return Err(format!(
            "this is not a Clausewatch dump: its first line must name the format “{FORMAT}”"
        ));
    };
    if header.version != VERSION {
        return Err(format!(
            "the dump has version {} of the format; this program reads version {VERSION}",
            header.version
        ));
    }
    let migrations = migration::names().map_err(|error| error.to_string())?;
    if header.schema.as_str() < OLDEST || !migrations.contains(&header.schema) {
        return Err(format!(
            "the last migration of the dump is {}, and this version of Clausewatch reads dumps from {OLDEST} to {}: \
             load the dump with the version that made it, then start this version with that database to migrate its tables",
            header.schema, expected.schema
        ));
    }
    Ok(header)
}

/// Inserts rows. Each row is paired with its line number.
fn insert(
    connection: &mut DbConnection,
    table: &Table,
    rows: &[(usize, Vec<Cell>)],
) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    connection.batch_execute("SAVEPOINT batch")?;
    if write(connection, table, rows).is_err() {
        // Inserts the rows one by one to find the invalid line.
        connection.batch_execute("ROLLBACK TO SAVEPOINT batch")?;
        for row in rows {
            write(connection, table, std::slice::from_ref(row)).map_err(|error| {
                let message = error.to_string();
                match Error::from(error) {
                    Error::Internal(_) => Failure::Line { line: row.0, message },
                    error => error.into(),
                }
            })?;
        }
    }
    Ok(connection.batch_execute("RELEASE SAVEPOINT batch")?)
}

fn write(
    connection: &mut DbConnection,
    table: &Table,
    rows: &[(usize, Vec<Cell>)],
) -> Result<(), DieselError> {
    let head = format!("INSERT INTO {} ({}) VALUES ", table.name, table.names());
    let mut statement = DumpStatement::default().text(head);
    for (index, (_, row)) in rows.iter().enumerate() {
        statement = statement.text(if index == 0 { "" } else { ", " }).cells(row);
    }
    statement.execute(connection).map(drop)
}

/// Defers foreign keys, because rows of a table may refer to later rows. PostgreSQL only defers constraints that are
/// declared deferrable, so the others are altered during the load. Returns the beginning of the `ALTER` statement for
/// each altered constraint.
fn defer_references(connection: &mut DbConnection) -> Result<Vec<String>, DieselError> {
    if let DbConnection::Sqlite(_) = connection {
        connection.batch_execute("PRAGMA defer_foreign_keys = ON")?;
        return Ok(Vec::new());
    }
    let sql = "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname) \
               FROM pg_constraint \
               WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace";
    let statements = query::rows::<Text, String>(connection, Sql::new(sql))?;
    alter(connection, &statements, "DEFERRABLE INITIALLY DEFERRED")?;
    Ok(statements)
}

fn alter(
    connection: &mut DbConnection,
    statements: &[String],
    timing: &str,
) -> Result<(), DieselError> {
    let complete = statements.iter().map(|statement| format!("{statement} {timing};"));
    connection.batch_execute(&complete.collect::<String>())
}

/// Checks the foreign keys. `deferred` is the result of [`defer_references`]. Afterwards, the constraints in `deferred`
/// are no longer deferrable.
fn check_references(connection: &mut DbConnection, deferred: &[String]) -> Result<(), Failure> {
    match connection {
        DbConnection::Sqlite(_) => {
            #[derive(QueryableByName)]
            struct Row {
                #[diesel(sql_type = Text)]
                child: String,
                #[diesel(sql_type = Text)]
                parent: String,
            }
            let sql = "SELECT \"table\" AS child, parent FROM pragma_foreign_key_check LIMIT 1";
            match sql_query(sql).load::<Row>(connection)?.first() {
                Some(Row { child, parent }) => Err(dangling(child, parent)),
                None => Ok(()),
            }
        }
        DbConnection::Postgres(_) => {
            connection.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").map_err(|error| {
                match &error {
                    DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, detail) => {
                        let child = detail.table_name().unwrap_or_default();
                        // Example: `Key (topic_id)=(…) is not present in table "topics".`
                        let parent = detail.details().and_then(|text| text.split('"').nth(1));
                        dangling(child, parent.unwrap_or_default())
                    }
                    _ => error.into(),
                }
            })?;
            Ok(alter(connection, deferred, "NOT DEFERRABLE")?)
        }
    }
}

fn dangling(child: &str, parent: &str) -> Failure {
    Failure::Dangling(format!(
        "a row of the table {child} refers to a row of {parent} that is not in the dump"
    ))
}
