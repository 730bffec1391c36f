//! Inserts many rows with few statements.

/// The maximum number of rows in one statement. SQLite allows 32,766 bind parameters in a statement, and a row has at most
/// 32.
pub(super) const MAX_ROWS_PER_STATEMENT: usize = 500;

/// Inserts rows, up to [`MAX_ROWS_PER_STATEMENT`] in each statement. This is a macro, because Diesel cannot compile an insert
/// of several rows for both databases at once. Row types need `treat_none_as_default_value = false`: otherwise SQLite gets
/// one statement for each row.
macro_rules! insert_rows {
    ($connection:expr, $table:expr, $rows:expr) => {{
        let connection: &mut $crate::db::DbConnection = $connection;
        let mut rows: Vec<_> = $rows;
        while rows.len() > 1 {
            let rest = rows.split_off(rows.len().min($crate::db::insert::MAX_ROWS_PER_STATEMENT));
            let insert = diesel::insert_into($table).values(rows);
            match connection {
                $crate::db::DbConnection::Sqlite(connection) => insert.execute(connection)?,
                $crate::db::DbConnection::Postgres(connection) => insert.execute(connection)?,
            };
            rows = rest;
        }
        // A single row is the most frequent case, and gets a prepared statement.
        if let Some(row) = rows.pop() {
            diesel::insert_into($table).values(row).execute(connection)?;
        }
    }};
}

pub(super) use insert_rows;
