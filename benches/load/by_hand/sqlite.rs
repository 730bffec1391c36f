//! The hand-written queries on SQLite. Reading rows needs no round trip, so one statement for each parent record is
//! fastest.

use std::sync::Mutex;

use anyhow::{Context, bail};
use clausewatch::domain::day;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::json::{breakdown, end_list, name, number, raw, text, text_or_null};
use super::{ACTOR, Assessed, Parameters, changed_text, changed_values, note_words, updated};

const AGREEMENT: &str =
    "SELECT slug, title, kind, agreed_on, place, summary, id FROM agreements WHERE slug = ?1";
const CLAUSES: &str = "SELECT c.number, c.heading, t.status, t.status_since, c.id FROM clauses c \
     JOIN trackables t ON t.id = c.id WHERE c.agreement_id = ?1 AND t.archived_at IS NULL \
     ORDER BY c.position, c.id LIMIT 20";
const AGREEMENTS: &str = "SELECT slug, title, id FROM agreements \
     WHERE archived_at IS NULL AND agreed_on >= ?1 ORDER BY agreed_on, id LIMIT 20";
const PARTIES: &str = "SELECT ap.role, p.name FROM agreement_parties ap \
     JOIN parties p ON p.id = ap.party_id WHERE ap.agreement_id = ?1 ORDER BY ap.position";
const ASSESSMENTS: &str = "SELECT status, effective_on, momentum FROM assessments \
     WHERE trackable_id = ?1 AND retracted_at IS NULL \
     ORDER BY effective_on DESC, recorded_at DESC, id DESC LIMIT 3";
const NEWEST: &str = "SELECT c.number, c.heading, c.status, c.status_since FROM clauses c \
     WHERE c.is_listed AND c.status = ?1 AND c.topic_id = (SELECT id FROM topics WHERE slug = ?2) \
     ORDER BY coalesce(c.status_since, '0001-01-01') DESC, c.id DESC LIMIT 50";
const COUNTS: &str = "SELECT c.status, count(*) FROM clauses c \
     WHERE c.agreement_id = (SELECT id FROM agreements WHERE slug = ?1) AND c.is_listed \
     AND NOT EXISTS (SELECT 1 FROM clauses part WHERE part.parent_id = c.id AND part.is_listed) \
     GROUP BY c.status";
const ALL_CLAUSES: &str = "SELECT a.slug, c.number, c.id FROM clauses c \
     JOIN agreements a ON a.id = c.agreement_id ORDER BY a.agreed_on, a.id, c.position";
const WRITTEN: &str = "SELECT (SELECT count(*) FROM assessments), (SELECT position FROM log_head)";

/// The read connection of a worker.
pub struct Reader(Connection);

impl Reader {
    /// Opens a connection with the same cache size as the server's connections.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: &str) -> anyhow::Result<Self> {
        let connection = open(path)?;
        connection.execute_batch("PRAGMA query_only = ON")?;
        Ok(Self(connection))
    }

    /// The response to the query with this name.
    ///
    /// # Errors
    /// Database errors, or an unknown name.
    pub fn answer(&self, query: &str, parameters: &Parameters) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(1_024);
        match query {
            "agreement" => self.agreement(&mut out, &parameters.slug)?,
            "agreement-and-clauses" => self.agreement_and_clauses(&mut out, &parameters.slug)?,
            "agreements" => self.agreements(&mut out, &parameters.agreed_from)?,
            "clauses" => self.newest(&mut out, &parameters.status, &parameters.topic)?,
            "counts" => self.counts(&mut out, &parameters.slug)?,
            "all-clauses" => self.all_clauses(&mut out)?,
            "written" => self.written(&mut out)?,
            _ => bail!("unknown query {query}"),
        }
        Ok(out)
    }

    fn agreement(&self, out: &mut Vec<u8>, slug: &str) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(AGREEMENT)?;
        let mut rows = statement.query([slug])?;
        let row = rows.next()?.context("the agreement does not exist")?;
        raw(out, r#"{"data":{"agreement":{"slug":"#);
        text(out, column(row, 0)?);
        raw(out, r#","title":"#);
        text(out, column(row, 1)?);
        raw(out, r#","kind":"#);
        name(out, column(row, 2)?);
        raw(out, r#","agreedOn":"#);
        text(out, column(row, 3)?);
        raw(out, r#","place":"#);
        text_or_null(out, row.get_ref(4)?.as_str_or_null()?);
        raw(out, r#","summary":"#);
        text(out, column(row, 5)?);
        raw(out, "}}}");
        Ok(())
    }

    fn agreement_and_clauses(&self, out: &mut Vec<u8>, slug: &str) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(AGREEMENT)?;
        let mut rows = statement.query([slug])?;
        let row = rows.next()?.context("the agreement does not exist")?;
        raw(out, r#"{"data":{"agreement":{"title":"#);
        text(out, column(row, 1)?);
        raw(out, r#","agreedOn":"#);
        text(out, column(row, 3)?);
        raw(out, r#","clauses":{"nodes":["#);
        let mut statement = self.0.prepare_cached(CLAUSES)?;
        let mut clauses = statement.query([column(row, 6)?])?;
        while let Some(clause) = clauses.next()? {
            self::clause(out, clause)?;
        }
        end_list(out);
        raw(out, "}}}}");
        Ok(())
    }

    fn agreements(&self, out: &mut Vec<u8>, agreed_from: &str) -> anyhow::Result<()> {
        let mut agreements = self.0.prepare_cached(AGREEMENTS)?;
        let mut parties = self.0.prepare_cached(PARTIES)?;
        let mut clauses = self.0.prepare_cached(CLAUSES)?;
        let mut assessments = self.0.prepare_cached(ASSESSMENTS)?;
        raw(out, r#"{"data":{"agreements":{"nodes":["#);
        let mut agreements = agreements.query([agreed_from])?;
        while let Some(agreement) = agreements.next()? {
            raw(out, r#"{"slug":"#);
            text(out, column(agreement, 0)?);
            raw(out, r#","title":"#);
            text(out, column(agreement, 1)?);
            raw(out, r#","parties":["#);
            let id = column(agreement, 2)?;
            let mut parties = parties.query([id])?;
            while let Some(party) = parties.next()? {
                raw(out, r#"{"role":"#);
                name(out, column(party, 0)?);
                raw(out, r#","party":{"name":"#);
                text(out, column(party, 1)?);
                raw(out, "}},");
            }
            end_list(out);
            raw(out, r#","clauses":{"nodes":["#);
            let mut clauses = clauses.query([id])?;
            while let Some(clause) = clauses.next()? {
                raw(out, r#"{"number":"#);
                text(out, column(clause, 0)?);
                raw(out, r#","status":"#);
                name(out, column(clause, 2)?);
                raw(out, r#","assessments":{"nodes":["#);
                let mut assessments = assessments.query([column(clause, 4)?])?;
                while let Some(assessment) = assessments.next()? {
                    raw(out, r#"{"status":"#);
                    name(out, column(assessment, 0)?);
                    raw(out, r#","effectiveOn":"#);
                    text(out, column(assessment, 1)?);
                    raw(out, r#","momentum":"#);
                    name(out, column(assessment, 2)?);
                    raw(out, "},");
                }
                end_list(out);
                raw(out, "}},");
            }
            end_list(out);
            raw(out, "}},");
        }
        end_list(out);
        raw(out, "}}}");
        Ok(())
    }

    fn newest(&self, out: &mut Vec<u8>, status: &str, topic: &str) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(NEWEST)?;
        let mut clauses = statement.query([&status.to_ascii_lowercase(), topic])?;
        raw(out, r#"{"data":{"clauses":{"nodes":["#);
        while let Some(clause) = clauses.next()? {
            self::clause(out, clause)?;
        }
        end_list(out);
        raw(out, "}}}");
        Ok(())
    }

    fn counts(&self, out: &mut Vec<u8>, slug: &str) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(COUNTS)?;
        let counts = statement.query_map([slug], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let counts: Vec<(String, i64)> = counts.collect::<Result<_, _>>()?;
        raw(out, r#"{"data":{"agreement":{"implementation":"#);
        breakdown(out, &counts);
        raw(out, "}}}");
        Ok(())
    }

    fn all_clauses(&self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(ALL_CLAUSES)?;
        let mut rows = statement.query([])?;
        raw(out, "[");
        while let Some(row) = rows.next()? {
            let clause = [column(row, 0)?, column(row, 1)?, column(row, 2)?];
            serde_json::to_writer(&mut *out, &clause)?;
            raw(out, ",");
        }
        end_list(out);
        Ok(())
    }

    fn written(&self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(WRITTEN)?;
        let (assessments, position) =
            statement.query_one([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        raw(out, "[");
        number(out, assessments);
        raw(out, ",");
        number(out, position);
        raw(out, "]");
        Ok(())
    }
}

/// Writes a clause as an item of a list.
fn clause(out: &mut Vec<u8>, row: &Row<'_>) -> anyhow::Result<()> {
    raw(out, r#"{"number":"#);
    text(out, column(row, 0)?);
    raw(out, r#","heading":"#);
    text(out, column(row, 1)?);
    raw(out, r#","status":"#);
    name(out, column(row, 2)?);
    raw(out, r#","statusSince":"#);
    text_or_null(out, row.get_ref(3)?.as_str_or_null()?);
    raw(out, "},");
    Ok(())
}

/// The string in a column, borrowed instead of copied.
fn column<'a>(row: &'a Row<'_>, index: usize) -> anyhow::Result<&'a str> {
    Ok(row.get_ref(index)?.as_str()?)
}

fn open(path: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -20000;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// The write connection.
pub struct Writer {
    connection: Mutex<Connection>,
    log: Log,
}

/// The storage format of a change's values in the change log.
enum Log {
    /// In a separate table, one row for each value.
    Rows,
    /// As JSON in a column of the change.
    Column(String),
}

impl Writer {
    /// Opens the connection.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: &str) -> anyhow::Result<Self> {
        let connection = open(path)?;
        let other = connection
            .query_row(
                "SELECT name FROM pragma_table_info('changes') WHERE name NOT IN \
                 ('position', 'recorded_at', 'actor', 'action', 'subject_kind', 'subject_id')",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let log = other.map_or(Log::Rows, Log::Column);
        Ok(Self { connection: Mutex::new(connection), log })
    }

    /// Records a status. One transaction writes the same rows as the server.
    ///
    /// # Errors
    /// Database errors.
    pub fn update(&self, parameters: &Parameters) -> anyhow::Result<Vec<u8>> {
        let Ok(connection) = self.connection.lock() else { bail!("a writer panicked") };
        let connection = &*connection;
        let run = |sql: &str| connection.prepare_cached(sql)?.execute([]);
        run("BEGIN IMMEDIATE")?;
        let written = self.write(connection, parameters);
        run(if written.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        written?;
        Ok(updated(parameters))
    }

    fn write(&self, connection: &Connection, parameters: &Parameters) -> anyhow::Result<()> {
        let clause = &parameters.clause;
        let position: i64 = connection
            .prepare_cached("UPDATE log_head SET position = position + 1 RETURNING position")?
            .query_one([], |row| row.get(0))?;
        let agreed_on: String = connection
            .prepare_cached(
                "SELECT a.agreed_on FROM clauses c JOIN agreements a ON a.id = c.agreement_id WHERE c.id = ?1",
            )?
            .query_one([clause], |row| row.get(0))?;
        if parameters.effective_on < agreed_on {
            bail!("{} is before the agreement", parameters.effective_on);
        }
        let before = connection
            .prepare_cached(
                "SELECT id, status, effective_on, momentum, confidence, note FROM assessments \
                 WHERE trackable_id = ?1 AND held_by_id IS NULL AND retracted_at IS NULL \
                 ORDER BY effective_on DESC, recorded_at DESC, id DESC LIMIT 1",
            )?
            .query_row([clause], |row| {
                Ok(Assessed {
                    id: row.get(0)?,
                    status: row.get(1)?,
                    effective_on: row.get(2)?,
                    momentum: row.get(3)?,
                    confidence: row.get(4)?,
                    note: row.get(5)?,
                })
            })
            .optional()?;
        let after = Assessed {
            id: Uuid::now_v7().to_string(),
            status: parameters.status.to_ascii_lowercase(),
            effective_on: parameters.effective_on.clone(),
            momentum: "steady".to_owned(),
            confidence: "medium".to_owned(),
            note: parameters.note.clone(),
        };
        let now = day::now().format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        connection
            .prepare_cached(
                "INSERT INTO assessments (id, trackable_id, trackable_kind, status, effective_on, recorded_at, \
                 momentum, confidence, note, recorded_by, imported, note_words) \
                 VALUES (?1, ?2, 'clause', ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)",
            )?
            .execute(params![
                after.id,
                clause,
                after.status,
                after.effective_on,
                now,
                after.momentum,
                after.confidence,
                after.note,
                ACTOR,
                note_words(&after.note)
            ])?;
        connection
            .prepare_cached(
                "UPDATE trackables SET status = ?2, status_since = ?3, assessment_id = ?4, checked_on = date(?5), \
                 checked_by = ?6, version = version + 1 WHERE id = ?1",
            )?
            .execute(params![clause, after.status, after.effective_on, after.id, now, ACTOR])?;
        let values = changed_values(before.as_ref(), &after);
        match &self.log {
            Log::Rows => {
                connection
                    .prepare_cached(
                        "INSERT INTO changes (position, recorded_at, actor, action, subject_kind, subject_id) \
                         VALUES (?1, ?2, ?3, 'assessed', 'clause', ?4)",
                    )?
                    .execute(params![position, now, ACTOR, clause])?;
                let mut insert = connection.prepare_cached(
                    "INSERT INTO change_values (position, is_after, place, path, kind, refers_to, value) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                for value in &values {
                    insert.execute(params![
                        position,
                        value.is_after,
                        value.place,
                        value.path,
                        value.kind,
                        value.refers_to,
                        value.value
                    ])?;
                }
            }
            Log::Column(column) => {
                connection
                    .prepare_cached(&format!(
                        "INSERT INTO changes (position, recorded_at, actor, action, subject_kind, subject_id, {column}) \
                         VALUES (?1, ?2, ?3, 'assessed', 'clause', ?4, ?5)"
                    ))?
                    .execute(params![position, now, ACTOR, clause, changed_text(&values)])?;
            }
        }
        Ok(())
    }
}
