//! The hand-written queries on PostgreSQL. Round trips dominate the cost, so each level of a query is read with one
//! statement for all parent records, and independent statements are sent together.

mod sql;

use std::cmp::Ordering;

use anyhow::{Context, bail};
use clausewatch::domain::day;
use futures_util::future::try_join3;
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};
use uuid::Uuid;

use super::json::{breakdown, end_list, name, number, raw, text, text_or_null};
use super::{
    ACTOR, Assessed, ChangedValue, Parameters, changed_text, changed_values, note_words, updated,
};
use sql::{
    AGREEMENT, AGREEMENTS, ALL_CLAUSES, ASSESSMENTS_OF, BEFORE, CLAUSES, CLAUSES_OF, COUNTS,
    INSERT, INSERT_CHANGE, INSERT_VALUES, LOCK, NEWEST, OTHER_COLUMN, PARTIES, UPDATE, WRITTEN,
};

/// The connections of a worker: one for all reads, which are sent without waiting for earlier responses, and one for
/// writes.
pub struct Connections {
    reader: Reader,
    writer: Mutex<Writer>,
}

struct Reader {
    client: Client,
    agreement: Statement,
    clauses: Statement,
    agreements: Statement,
    parties: Statement,
    clauses_of: Statement,
    assessments_of: Statement,
    newest: Statement,
    counts: Statement,
}

struct Writer {
    client: Client,
    lock: Statement,
    before: Statement,
    insert: Statement,
    update: Statement,
    log: Log,
}

/// The storage format of a change's values in the change log.
enum Log {
    /// In a separate table, one row for each value.
    Rows { change: Statement, values: Statement },
    /// As JSON in a column of the change.
    Column(Statement),
}

impl Connections {
    /// Opens the connections and prepares the statements.
    ///
    /// # Errors
    /// If the database does not respond.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let client = connect(url).await?;
        let reader = Reader {
            agreement: client.prepare(AGREEMENT).await?,
            clauses: client.prepare(CLAUSES).await?,
            agreements: client.prepare(AGREEMENTS).await?,
            parties: client.prepare(PARTIES).await?,
            clauses_of: client.prepare(CLAUSES_OF).await?,
            assessments_of: client.prepare(ASSESSMENTS_OF).await?,
            newest: client.prepare(NEWEST).await?,
            counts: client.prepare(COUNTS).await?,
            client,
        };
        let writer = Writer::new(connect(url).await?).await?;
        Ok(Self { reader, writer: Mutex::new(writer) })
    }

    /// The response to the query with this name.
    ///
    /// # Errors
    /// Database errors, or an unknown name.
    pub async fn answer(&self, query: &str, parameters: &Parameters) -> anyhow::Result<Vec<u8>> {
        let reader = &self.reader;
        match query {
            "agreement" => reader.agreement(&parameters.slug).await,
            "agreement-and-clauses" => reader.agreement_and_clauses(&parameters.slug).await,
            "agreements" => reader.agreements(&parameters.agreed_from).await,
            "clauses" => reader.newest(&parameters.status, &parameters.topic).await,
            "counts" => reader.counts(&parameters.slug).await,
            "all-clauses" => reader.all_clauses().await,
            "written" => reader.written().await,
            "update" => self.writer.lock().await.update(parameters).await,
            _ => bail!("unknown query {query}"),
        }
    }
}

async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    actix_web::rt::spawn(async move {
        // If the connection is lost, its pending statements fail.
        let _ = connection.await;
    });
    client.batch_execute("SET jit = off").await?;
    Ok(client)
}

impl Reader {
    async fn agreement(&self, slug: &str) -> anyhow::Result<Vec<u8>> {
        let row = self.client.query_one(&self.agreement, &[&slug]).await?;
        let mut out = br#"{"data":{"agreement":{"slug":"#.to_vec();
        text(&mut out, row.try_get(0)?);
        raw(&mut out, r#","title":"#);
        text(&mut out, row.try_get(1)?);
        raw(&mut out, r#","kind":"#);
        name(&mut out, row.try_get(2)?);
        raw(&mut out, r#","agreedOn":"#);
        text(&mut out, row.try_get(3)?);
        raw(&mut out, r#","place":"#);
        text_or_null(&mut out, row.try_get(4)?);
        raw(&mut out, r#","summary":"#);
        text(&mut out, row.try_get(5)?);
        raw(&mut out, "}}}");
        Ok(out)
    }

    async fn agreement_and_clauses(&self, slug: &str) -> anyhow::Result<Vec<u8>> {
        let rows = self.client.query(&self.clauses, &[&slug]).await?;
        let first = rows.first().context("the agreement does not exist")?;
        let mut out = br#"{"data":{"agreement":{"title":"#.to_vec();
        text(&mut out, first.try_get(4)?);
        raw(&mut out, r#","agreedOn":"#);
        text(&mut out, first.try_get(5)?);
        raw(&mut out, r#","clauses":{"nodes":["#);
        for row in &rows {
            clause(&mut out, row)?;
        }
        end_list(&mut out);
        raw(&mut out, "}}}}");
        Ok(out)
    }

    async fn agreements(&self, agreed_from: &str) -> anyhow::Result<Vec<u8>> {
        let agreements = self.client.query(&self.agreements, &[&agreed_from]).await?;
        let ids: Vec<&str> =
            agreements.iter().map(|row| row.try_get(2)).collect::<Result<_, _>>()?;
        let ids: &[&(dyn ToSql + Sync)] = &[&ids];
        let (parties, clauses, assessments) = try_join3(
            self.client.query(&self.parties, ids),
            self.client.query(&self.clauses_of, ids),
            self.client.query(&self.assessments_of, ids),
        )
        .await?;
        let mut out = Vec::with_capacity(65_536);
        raw(&mut out, r#"{"data":{"agreements":{"nodes":["#);
        // Within an agreement, clauses and assessments are in the same order, so one pass reads both. No clause is
        // archived.
        for agreement in &agreements {
            let id: &str = agreement.try_get(2)?;
            raw(&mut out, r#"{"slug":"#);
            text(&mut out, agreement.try_get(0)?);
            raw(&mut out, r#","title":"#);
            text(&mut out, agreement.try_get(1)?);
            raw(&mut out, r#","parties":["#);
            for party in rows_of(&parties, id) {
                raw(&mut out, r#"{"role":"#);
                name(&mut out, party.try_get(1)?);
                raw(&mut out, r#","party":{"name":"#);
                text(&mut out, party.try_get(2)?);
                raw(&mut out, "}},");
            }
            end_list(&mut out);
            raw(&mut out, r#","clauses":{"nodes":["#);
            let mut assessments = rows_of(&assessments, id);
            // No agreement in the data set has more than 20 clauses.
            for clause in rows_of(&clauses, id).iter().take(20) {
                raw(&mut out, r#"{"number":"#);
                text(&mut out, clause.try_get(2)?);
                raw(&mut out, r#","status":"#);
                name(&mut out, clause.try_get(3)?);
                raw(&mut out, r#","assessments":{"nodes":["#);
                let id: &str = clause.try_get(1)?;
                while let Some((assessment, rest)) = assessments.split_first() {
                    if assessment.try_get::<_, &str>(1)? != id {
                        break;
                    }
                    assessments = rest;
                    raw(&mut out, r#"{"status":"#);
                    name(&mut out, assessment.try_get(2)?);
                    raw(&mut out, r#","effectiveOn":"#);
                    text(&mut out, assessment.try_get(3)?);
                    raw(&mut out, r#","momentum":"#);
                    name(&mut out, assessment.try_get(4)?);
                    raw(&mut out, "},");
                }
                end_list(&mut out);
                raw(&mut out, "}},");
            }
            end_list(&mut out);
            raw(&mut out, "}},");
        }
        end_list(&mut out);
        raw(&mut out, "}}}");
        Ok(out)
    }

    async fn newest(&self, status: &str, topic: &str) -> anyhow::Result<Vec<u8>> {
        let status = status.to_ascii_lowercase();
        let rows = self.client.query(&self.newest, &[&status, &topic]).await?;
        let mut out = br#"{"data":{"clauses":{"nodes":["#.to_vec();
        for row in &rows {
            clause(&mut out, row)?;
        }
        end_list(&mut out);
        raw(&mut out, "}}}");
        Ok(out)
    }

    async fn counts(&self, slug: &str) -> anyhow::Result<Vec<u8>> {
        let rows = self.client.query(&self.counts, &[&slug]).await?;
        let counts = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        let counts: Vec<(String, i64)> = counts.collect::<Result<_, tokio_postgres::Error>>()?;
        let mut out = br#"{"data":{"agreement":{"implementation":"#.to_vec();
        breakdown(&mut out, &counts);
        raw(&mut out, "}}}");
        Ok(out)
    }

    async fn all_clauses(&self) -> anyhow::Result<Vec<u8>> {
        let mut out = b"[".to_vec();
        for row in self.client.query(ALL_CLAUSES, &[]).await? {
            let clause: [&str; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?];
            serde_json::to_writer(&mut out, &clause)?;
            raw(&mut out, ",");
        }
        end_list(&mut out);
        Ok(out)
    }

    async fn written(&self) -> anyhow::Result<Vec<u8>> {
        let row = self.client.query_one(WRITTEN, &[]).await?;
        let mut out = b"[".to_vec();
        number(&mut out, row.try_get(0)?);
        raw(&mut out, ",");
        number(&mut out, row.try_get(1)?);
        raw(&mut out, "]");
        Ok(out)
    }
}

/// The rows with `id` in the first column. `rows` must be sorted by that column.
fn rows_of<'a>(rows: &'a [Row], id: &str) -> &'a [Row] {
    let parent = |row: &Row| row.try_get::<_, &str>(0).map(|parent| parent.cmp(id));
    let start = rows.partition_point(|row| matches!(parent(row), Ok(Ordering::Less)));
    let rows = rows.get(start..).unwrap_or_default();
    let end = rows.partition_point(|row| matches!(parent(row), Ok(Ordering::Equal)));
    rows.get(..end).unwrap_or_default()
}

/// Writes a clause as an item of a list.
fn clause(out: &mut Vec<u8>, row: &Row) -> anyhow::Result<()> {
    raw(out, r#"{"number":"#);
    text(out, row.try_get(0)?);
    raw(out, r#","heading":"#);
    text(out, row.try_get(1)?);
    raw(out, r#","status":"#);
    name(out, row.try_get(2)?);
    raw(out, r#","statusSince":"#);
    text_or_null(out, row.try_get(3)?);
    raw(out, "},");
    Ok(())
}

impl Writer {
    async fn new(client: Client) -> anyhow::Result<Self> {
        let log = match client.query_opt(OTHER_COLUMN, &[]).await? {
            Some(row) => {
                let column: &str = row.try_get(0)?;
                let insert = INSERT_CHANGE
                    .replace("subject_id)", &format!("subject_id, {column})"))
                    .replace("$4)", "$4, $5::text)");
                Log::Column(client.prepare(&insert).await?)
            }
            None => Log::Rows {
                change: client.prepare(INSERT_CHANGE).await?,
                values: client.prepare(INSERT_VALUES).await?,
            },
        };
        Ok(Self {
            lock: client.prepare(LOCK).await?,
            before: client.prepare(BEFORE).await?,
            insert: client.prepare(INSERT).await?,
            update: client.prepare(UPDATE).await?,
            log,
            client,
        })
    }

    /// Records a status. One transaction writes the same rows as the server.
    async fn update(&mut self, parameters: &Parameters) -> anyhow::Result<Vec<u8>> {
        // A transaction that is dropped without a commit, for example after an error, is rolled back.
        let transaction = self.client.transaction().await?;
        let clause = &parameters.clause;
        let position: i64 = transaction.query_one(&self.lock, &[]).await?.try_get(0)?;
        let row = transaction.query_one(&self.before, &[clause]).await?;
        if parameters.effective_on.as_str() < row.try_get::<_, &str>(0)? {
            bail!("{} is before the agreement", parameters.effective_on);
        }
        let before = match row.try_get::<_, Option<String>>(1)? {
            Some(id) => Some(Assessed {
                id,
                status: row.try_get(2)?,
                effective_on: row.try_get(3)?,
                momentum: row.try_get(4)?,
                confidence: row.try_get(5)?,
                note: row.try_get(6)?,
            }),
            None => None,
        };
        let after = Assessed {
            id: Uuid::now_v7().to_string(),
            status: parameters.status.to_ascii_lowercase(),
            effective_on: parameters.effective_on.clone(),
            momentum: "steady".to_owned(),
            confidence: "medium".to_owned(),
            note: parameters.note.clone(),
        };
        let now = day::now().format("%Y-%m-%d %H:%M:%S%.6f").to_string();
        let values = changed_values(before.as_ref(), &after);
        let words = note_words(&after.note);
        let insert: [&(dyn ToSql + Sync); 10] = [
            &after.id,
            clause,
            &after.status,
            &after.effective_on,
            &now,
            &after.momentum,
            &after.confidence,
            &after.note,
            &ACTOR,
            &words,
        ];
        let update: [&(dyn ToSql + Sync); 6] =
            [clause, &after.status, &after.effective_on, &after.id, &now, &ACTOR];
        try_join3(
            transaction.execute(&self.insert, &insert),
            transaction.execute(&self.update, &update),
            log(&self.log, &transaction, position, &now, clause, &values),
        )
        .await?;
        transaction.commit().await?;
        Ok(updated(parameters))
    }
}

/// Appends the change to the change log.
async fn log(
    log: &Log,
    transaction: &tokio_postgres::Transaction<'_>,
    position: i64,
    now: &str,
    clause: &str,
    values: &[ChangedValue<'_>],
) -> Result<u64, tokio_postgres::Error> {
    match log {
        Log::Rows { change, values: insert } => {
            let parameters: [&(dyn ToSql + Sync); 4] = [&position, &now, &ACTOR, &clause];
            transaction.execute(change, &parameters).await?;
            let is_after: Vec<bool> = values.iter().map(|value| value.is_after).collect();
            let places: Vec<i32> = values.iter().map(|value| value.place).collect();
            let paths: Vec<&str> = values.iter().map(|value| value.path).collect();
            let kinds: Vec<&str> = values.iter().map(|value| value.kind).collect();
            let refers_to: Vec<Option<&str>> = values.iter().map(|value| value.refers_to).collect();
            let texts: Vec<&str> = values.iter().map(|value| &*value.value).collect();
            let values: [&(dyn ToSql + Sync); 7] =
                [&position, &is_after, &places, &paths, &kinds, &refers_to, &texts];
            transaction.execute(insert, &values).await
        }
        Log::Column(insert) => {
            let text = changed_text(values);
            let change: [&(dyn ToSql + Sync); 5] = [&position, &now, &ACTOR, &clause, &text];
            transaction.execute(insert, &change).await
        }
    }
}
