//! Lists of changes. They have a separate module to avoid a cycle: the modules of records use
//! [`change`](super::change), and the filter of changes uses the modules of records.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::change::{Action, Change};
use super::filter::Conditions;
use super::page::Rows;
use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error, clause, slug};
use crate::domain::{Id, Kind, StringEnum};

/// Conditions on changes, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches changes by these accounts, by name.
    pub actors: Option<Vec<String>>,
    /// Excludes changes by these accounts, by name.
    pub except_actors: Option<Vec<String>>,
    /// Matches changes with one of these actions.
    pub actions: Option<Vec<Action>>,
    /// Matches changes of records of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Matches changes of these agreements, named by slug, and of the records that belong to them.
    pub agreements: Option<Vec<String>>,
    /// Matches changes of these records, and of the records that belong to them.
    pub about: Option<Vec<(Kind, Id<()>)>>,
    /// Matches changes of the clauses that match this filter now.
    pub clauses: Option<clause::Filter>,
    /// Matches changes recorded on this day or later, in UTC.
    pub from: Option<NaiveDate>,
    /// Matches changes recorded on this day or earlier, in UTC.
    pub to: Option<NaiveDate>,
}

/// SQL that selects the ids of the records that belong to an owner of this kind. Each statement ends with the column
/// that contains the owner's id. The caller appends the condition on this column.
fn dependent_ids(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Agreement => &["SELECT clauses.id FROM clauses WHERE clauses.agreement_id"],
        Kind::Proposal => &["SELECT caveats.id FROM caveats WHERE caveats.proposal_id"],
        Kind::Topic => &[
            "SELECT clauses.id FROM clauses WHERE clauses.is_listed AND clauses.topic_id",
            "SELECT caveats.id FROM caveats WHERE caveats.topic_id",
        ],
        Kind::Party => &[
            "SELECT obligations.clause_id FROM obligations WHERE obligations.party_id",
            "SELECT proposal_parties.proposal_id FROM proposal_parties WHERE proposal_parties.party_id",
            "SELECT caveat_parties.caveat_id FROM caveat_parties WHERE caveat_parties.party_id",
        ],
        Kind::Source => &[
            "SELECT assessments.trackable_id FROM assessment_evidence \
             JOIN assessments ON assessments.id = assessment_evidence.assessment_id \
             WHERE assessment_evidence.source_id",
            "SELECT event_sources.event_id FROM event_sources WHERE event_sources.source_id",
        ],
        Kind::Event => {
            &["SELECT assessments.trackable_id FROM assessments WHERE assessments.event_id"]
        }
        _ => &[],
    }
}

/// SQL that selects the ids of the records that belong to a clause, caveat or proposal, as in [`dependent_ids`].
const DEPENDENT_IDS_OF_ASSESSABLE: [&str; 3] = [
    "SELECT preconditions.id FROM preconditions WHERE preconditions.step_id",
    "SELECT preconditions.id FROM preconditions WHERE preconditions.requires_id",
    "SELECT interpretations.id FROM interpretations WHERE interpretations.trackable_id",
];

/// Selects the ids of the owners and of the records that belong to them. Also selects the ids of the preconditions and
/// interpretations of all these records. `owners` selects the ids of the owners, which have the given kind.
fn select_with_dependents(dialect: Dialect, kind: Kind, owners: &dyn Fn() -> Sql) -> Sql {
    let records = || {
        dependent_ids(kind).iter().fold(owners(), |sql, select| {
            sql.text(" UNION ALL ").text(*select).among(dialect, owners())
        })
    };
    DEPENDENT_IDS_OF_ASSESSABLE.iter().fold(records(), |sql, select| {
        sql.text(" UNION ALL ").text(*select).among(dialect, records())
    })
}

impl Filter {
    fn conditions(&self, dialect: Dialect) -> Vec<Sql> {
        let mut conditions = Conditions::none(dialect);
        if let Some(actors) = &self.actors {
            conditions.push(Sql::default().one_or_any_of(dialect, "changes.actor", actors));
        }
        if let Some(actors) = &self.except_actors {
            let by_any = Sql::default().one_or_any_of(dialect, "changes.actor", actors);
            conditions.push(Sql::not(by_any));
        }
        conditions.require_one_of("changes.action", self.actions.as_deref());
        conditions.require_one_of("changes.subject_kind", self.kinds.as_deref());
        let mut subject = |ids: Sql| {
            conditions.push(Sql::new("changes.subject_id").among(dialect, ids));
        };
        if let Some(slugs) = &self.agreements {
            let owners = || slug::ids_of(dialect, Kind::Agreement, slugs);
            subject(select_with_dependents(dialect, Kind::Agreement, &owners));
        }
        if let Some(about) = &self.about {
            subject(select_related(dialect, about));
        }
        if let Some(clauses) = &self.clauses {
            let select = format!("SELECT clauses.id FROM {} WHERE ", clauses.tables());
            subject(Sql::new(select).all_of(clauses.conditions(dialect)));
        }
        if let Some(day) = self.from {
            conditions.push(day_bound(">= (", ">= ", day, ""));
        }
        // A day after the year 9999 adds no condition. No change is that late, and SQLite compares times as strings, which
        // would fail.
        if let Some(day) = self.to.and_then(|day| day.succ_opt()).filter(|day| day.year() <= 9999) {
            conditions.push(day_bound("<= (", "< ", day, " DESC"));
        }
        conditions.into_vec()
    }
}

/// Selects the ids of these records, and of the records that belong to them.
fn select_related(dialect: Dialect, about: &[(Kind, Id<()>)]) -> Sql {
    let none = Sql::default().given::<&str>(dialect, &[]);
    Kind::ALL.iter().fold(none, |sql, kind| {
        let ids: Vec<&Id<()>> =
            about.iter().filter(|(other, _)| other == kind).map(|(_, id)| id).collect();
        if ids.is_empty() {
            return sql;
        }
        let owners = || Sql::default().given(dialect, &ids);
        sql.text(" UNION ALL ").append(select_with_dependents(dialect, *kind, &owners))
    })
}

/// The condition that a change was recorded on `day` or later (if `time` is `>=`) or before `day` (if `time` is `<`). The
/// condition compares positions, because times and positions have the same order.
fn day_bound(position: &str, time: &str, day: NaiveDate, direction: &str) -> Sql {
    Sql::new(format!(
        "changes.position {position}SELECT bound.position FROM changes AS bound WHERE bound.recorded_at {time}"
    ))
    .bind_instant(day.and_time(NaiveTime::MIN))
    .text(format!(
        " ORDER BY bound.recorded_at{direction}, bound.position{direction} LIMIT 1)"
    ))
}

/// The `FROM` and `WHERE` of the changes between two positions.
fn from_where(dialect: Dialect, filter: &Filter, after: i64, before: i64) -> Sql {
    let mut conditions = vec![position("> ", after)];
    if before < i64::MAX {
        conditions.push(position("< ", before));
    }
    conditions.extend(filter.conditions(dialect));
    Sql::new("FROM changes WHERE ").all_of(conditions)
}

fn position(comparison: &str, position: i64) -> Sql {
    Sql::new(format!("changes.position {comparison}CAST("))
        .bind(position.to_string())
        .text(" AS BIGINT)")
}

/// At most `size` changes between two positions, oldest first. If `from_end` is true, returns the last changes between
/// the positions, otherwise the first changes.
///
/// # Errors
/// Database errors.
pub fn between(
    connection: &mut DbConnection,
    filter: &Filter,
    after: i64,
    before: i64,
    size: i32,
    from_end: bool,
) -> Result<Rows<Change>, Error> {
    let direction = if from_end { " DESC" } else { "" };
    // Reads one extra change to find out whether more follow.
    let sql = from_where(connection.dialect(), filter, after, before)
        .text(format!(" ORDER BY changes.position{direction} LIMIT "))
        .bind_integer(size.saturating_add(1));
    let mut rows: Vec<Change> = query::select(connection, sql)?;
    let size = usize::try_from(size).unwrap_or_default();
    let more = rows.len() > size;
    rows.truncate(size);
    if from_end {
        rows.reverse();
    }
    Ok(Rows { rows, more })
}

/// The first change after `position`.
///
/// # Errors
/// Database errors.
pub fn next(
    connection: &mut DbConnection,
    filter: &Filter,
    position: i64,
) -> Result<Option<Change>, Error> {
    Ok(between(connection, filter, position, i64::MAX, 1, false)?.rows.pop())
}

/// The number of changes after a position. Counts at most `limit` changes.
///
/// # Errors
/// Database errors.
pub fn count(
    connection: &mut DbConnection,
    filter: &Filter,
    after: i64,
    limit: i32,
) -> Result<i64, Error> {
    let dialect = connection.dialect();
    let sql = Sql::new("SELECT '', count(*) FROM (SELECT 1 ")
        .append(from_where(dialect, filter, after, i64::MAX))
        .text(" LIMIT ")
        .bind_integer(limit)
        .text(") AS counted");
    Ok(query::counts(connection, sql)?.pop().map_or(0, |(_, count)| count))
}
