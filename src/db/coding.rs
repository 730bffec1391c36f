//! Codings: recording them, and the rules for their visibility.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};

use super::insert::insert_rows;
use super::query::{self, Sql};
use super::record;
use super::schema::codings;
use super::transaction::lock_log;
use super::{DbConnection, Error, Session};
use crate::domain::coding::{self, CodingContent};
use crate::domain::id::{AgreementId, ClauseId, TopicId};
use crate::domain::status::ClauseStatus;
use crate::domain::viewer::{Editor, Role, Viewer};
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors, day};

/// A coding: the status of a clause on a day, as one account states it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = codings, treat_none_as_default_value = false)]
pub struct Coding {
    /// The clause.
    pub clause_id: ClauseId,
    /// The day for which the clause was coded.
    pub day: NaiveDate,
    /// The name of the account that coded the clause.
    pub account: String,
    /// The status.
    pub status: ClauseStatus,
    /// Reasons. Null if none are stated.
    pub note: Option<String>,
    /// The time at which the coding was recorded or last replaced.
    pub recorded_at: NaiveDateTime,
}

/// Records codings for a day, all or none. Replaces the account's earlier codings of
/// clauses that no other account has coded for that day.
///
/// # Errors
/// The content is invalid, a clause does not exist or was not yet agreed, another account has coded the clause for that day
/// in the meantime, or the database fails.
pub fn record(
    session: &mut Session,
    editor: &Editor,
    on: NaiveDate,
    items: &[CodingContent],
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    coding::check(&mut errors, on, items);
    errors.into_result()?;
    session.write_unlogged(|connection| {
        // The lock prevents another account from coding the same clause between the check and the commit.
        lock_log(connection)?;
        let clauses: Vec<ClauseId> = items.iter().map(|item| item.clause).collect();
        let stored = of_clauses(connection, &clauses, on, Sql::new("1 = 1"))?;
        check_in_context(connection, on, items, &stored, editor)?;
        let new = items.iter().filter(|item| !is_stored(&stored, editor, item));
        let new: Vec<Coding> = new
            .map(|item| Coding {
                clause_id: item.clause,
                day: on,
                account: editor.name().to_owned(),
                status: item.status,
                note: item.note.clone(),
                recorded_at: day::now(),
            })
            .collect();
        let replaced: Vec<ClauseId> = new.iter().map(|coding| coding.clause_id).collect();
        let delete = Sql::new("DELETE FROM codings WHERE day = ")
            .bind_date(on)
            .text(" AND account = ")
            .bind(editor.name())
            .text(" AND ")
            .any_of(connection.dialect(), "clause_id", &replaced);
        query::execute(connection, delete)?;
        insert_rows!(connection, codings::table, new);
        Ok(())
    })
}

/// The account's own coding of a clause.
fn own<'a>(
    stored: &'a HashMap<String, Vec<Coding>>,
    editor: &Editor,
    clause: ClauseId,
) -> Option<&'a Coding> {
    stored.get(clause.as_str())?.iter().find(|coding| coding.account == editor.name())
}

fn is_stored(stored: &HashMap<String, Vec<Coding>>, editor: &Editor, item: &CodingContent) -> bool {
    own(stored, editor, item.clause)
        .is_some_and(|own| own.status == item.status && own.note == item.note)
}

fn check_in_context(
    connection: &mut DbConnection,
    on: NaiveDate,
    items: &[CodingContent],
    stored: &HashMap<String, Vec<Coding>>,
    editor: &Editor,
) -> Result<(), Error> {
    let clauses: Vec<ClauseId> = items.iter().map(|item| item.clause).collect();
    let sql = Sql::new(
        "SELECT clauses.id, agreements.agreed_on FROM clauses \
         JOIN agreements ON agreements.id = clauses.agreement_id WHERE clauses.is_listed AND ",
    )
    .any_of(connection.dialect(), "clauses.id", &clauses);
    let agreed: Vec<(String, NaiveDate)> = query::rows::<(Text, Date), _>(connection, sql)?;
    let agreed: HashMap<String, NaiveDate> = agreed.into_iter().collect();
    let mut errors = ValidationErrors::default();
    for (index, item) in items.iter().enumerate() {
        let path = format!("items.{index}.clause");
        let Some(agreed_on) = agreed.get(item.clause.as_str()) else {
            errors.0.push(record::missing(Kind::Clause, &path, item.clause));
            continue;
        };
        if on < *agreed_on {
            let message = format!("{on} is before {agreed_on}, the day of the agreement");
            errors.add(ValidationErrorCode::OutOfRange, &path, message);
        }
        let is_coded_by_others = stored.get(item.clause.as_str()).is_some_and(|all| all.len() > 1);
        let is_replaced = own(stored, editor, item.clause).is_some();
        if is_coded_by_others && is_replaced && !is_stored(stored, editor, item) {
            let message = format!(
                "another account has coded this clause for {on} in the meantime; after that, a coding cannot be replaced"
            );
            errors.add(ValidationErrorCode::Conflict, &path, message);
        }
    }
    Ok(errors.into_result()?)
}

/// The codings of these clauses for a day, if they meet `condition`, keyed by clause, in order of recording.
fn of_clauses(
    connection: &mut DbConnection,
    clauses: &[impl AsRef<str>],
    on: NaiveDate,
    condition: Sql,
) -> Result<HashMap<String, Vec<Coding>>, Error> {
    let tail = Sql::new("FROM codings WHERE codings.day = ")
        .bind_date(on)
        .text(" AND ")
        .any_of(connection.dialect(), "codings.clause_id", clauses)
        .text(" AND ")
        .append(condition)
        .text(" ORDER BY codings.recorded_at, codings.account");
    let mut codings: HashMap<String, Vec<Coding>> = HashMap::new();
    for coding in query::select::<Coding>(connection, tail)? {
        codings.entry(coding.clause_id.to_string()).or_default().push(coding);
    }
    Ok(codings)
}

/// The codings of these clauses for a day, if the viewer may see them, keyed by clause, in order of recording.
///
/// # Errors
/// Database errors.
pub fn visible(
    connection: &mut DbConnection,
    clauses: &[impl AsRef<str>],
    on: NaiveDate,
    viewer: &Viewer,
) -> Result<HashMap<String, Vec<Coding>>, Error> {
    of_clauses(connection, clauses, on, is_visible(viewer))
}

/// The condition that the viewer may see a coding. An account that can code sees the codings of the clauses and days that it
/// has coded. Other viewers see the codings of clauses and days that at least two accounts have coded.
fn is_visible(viewer: &Viewer) -> Sql {
    let others = "(SELECT 1 FROM codings other WHERE other.clause_id = codings.clause_id AND other.day = codings.day AND other.account";
    match viewer.name() {
        Some(name) if viewer.role() >= Role::Editor => {
            Sql::new(format!("EXISTS {others} = ")).bind(name).text(")")
        }
        _ => Sql::new(format!("EXISTS {others} <> codings.account)")),
    }
}

/// A coding of a clause of an agreement, with the topic of the clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicCoding {
    /// The topic.
    pub topic: TopicId,
    /// The clause.
    pub clause: ClauseId,
    /// The name of the account.
    pub account: String,
    /// The status.
    pub status: ClauseStatus,
}

/// The codings of an agreement's clauses for a day, if the viewer may see them, in order of topic and clause. Excludes
/// archived clauses.
///
/// # Errors
/// Database errors.
pub fn of_agreement(
    connection: &mut DbConnection,
    agreement: AgreementId,
    on: NaiveDate,
    viewer: &Viewer,
) -> Result<Vec<TopicCoding>, Error> {
    let sql = Sql::new(
        "SELECT clauses.topic_id, codings.clause_id, codings.account, codings.status FROM codings \
         JOIN clauses ON clauses.id = codings.clause_id JOIN topics ON topics.id = clauses.topic_id \
         WHERE clauses.is_listed AND clauses.agreement_id = ",
    )
    .bind(agreement.as_str())
    .text(" AND codings.day = ")
    .bind_date(on)
    .text(" AND ")
    .append(is_visible(viewer))
    .text(" ORDER BY topics.slug, clauses.position, clauses.id, codings.account");
    let rows: Vec<(TopicId, ClauseId, String, ClauseStatus)> =
        query::rows::<(Text, Text, Text, Text), _>(connection, sql)?;
    let coding = |(topic, clause, account, status)| TopicCoding { topic, clause, account, status };
    Ok(rows.into_iter().map(coding).collect())
}
