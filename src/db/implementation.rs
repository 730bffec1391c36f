//! Numbers of clauses by group and status, at a point in time or over time. Only clauses without parts are counted,
//! because a clause with parts is implemented through its parts.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use super::agreement::{self, EndingView};
use super::clause::{self, Filter};
use super::query::{self, Sql};
use super::rows::Lookup;
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::StringEnum;
use crate::domain::clause::ObligationRole;
use crate::domain::id::AssessmentId;
use crate::domain::implementation::{History, Share, Statuses, Tally, Weighting};
use crate::domain::perspective::Perspective;
use crate::domain::status::ClauseStatus;

/// The grouping of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By agreement.
    Agreement,
    /// By obliged party. Considers only obligations in the neutral record and, if the perspective has a holder,
    /// obligations according to this holder. A clause is counted once for each obliged party.
    Party,
    /// By topic.
    Topic,
}

impl Grouping {
    /// The records that can be groups, keyed by id. Agreements are in order of the day of agreement, parties and topics in
    /// order of name.
    #[must_use]
    pub fn subjects(self) -> Lookup {
        match self {
            Self::Agreement => Lookup {
                from: "agreements WHERE",
                key: "agreements.id",
                order: "agreements.agreed_on, agreements.id",
            },
            Self::Party => Lookup {
                from: "parties WHERE",
                key: "parties.id",
                order: "parties.name COLLATE alphabetical, parties.id",
            },
            Self::Topic => Lookup {
                from: "topics WHERE",
                key: "topics.id",
                order: "topics.name COLLATE alphabetical, topics.id",
            },
        }
    }
}

/// The clauses to count, their grouping, and the perspective on their statuses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Conditions on the clauses.
    pub filter: Filter,
    /// The grouping.
    pub grouping: Grouping,
    /// The weighting of clauses in a score.
    pub weighting: Weighting,
    /// The perspective on the statuses of the clauses.
    pub perspective: Perspective,
}

/// The clauses of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupCounts {
    /// The clauses by status.
    pub tally: Tally,
    /// The number of clauses that the party of the group breached, whether or not it is obliged by them. Zero if
    /// clauses are not grouped by party.
    pub breaches: u32,
}

impl Selection {
    /// The counts of each group, keyed by the group's id. If `groups` is not `None`, includes only these groups.
    /// Excludes groups that have neither clauses nor breaches.
    ///
    /// # Errors
    /// Database errors.
    pub fn counts(
        &self,
        connection: &mut DbConnection,
        groups: Option<&[String]>,
    ) -> Result<HashMap<String, GroupCounts>, Error> {
        let dialect = connection.dialect();
        let mut sql = Sql::new(format!("SELECT {}, ", self.key()))
            .append(clause::status(self.perspective))
            .text(", ")
            .append(self.scored_status())
            .text(format!(", {}, count(*), FALSE", self.share()))
            .append(self.tables())
            .append(self.conditions(dialect, self.key(), groups))
            .text(" GROUP BY 1, 2, 3, 4, 5, 6");
        if self.grouping == Grouping::Party {
            sql = sql.text(" UNION ALL ").append(self.breaches(dialect, groups));
        }
        let rows: Vec<CountedClauses> = query::rows::<CountedClausesColumns, _>(connection, sql)?;
        let mut counts: HashMap<String, GroupCounts> = HashMap::new();
        for (group, status, scored, point, weight, ended_on, count, is_of_breaker) in rows {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let group = counts.entry(group).or_default();
            if is_of_breaker {
                group.breaches = count;
            } else {
                let statuses =
                    Statuses { current: read_status(&status)?, scored: read_status(&scored)? };
                group.tally.add(statuses, &read_share(point, weight, ended_on), count);
            }
        }
        Ok(counts)
    }

    /// Selects, for each breaker, the number of clauses that it breached, in the same columns as the query in
    /// [`Selection::counts`].
    fn breaches(&self, dialect: Dialect, groups: Option<&[String]>) -> Sql {
        Sql::new(format!(
            "SELECT assessment_breakers.party_id, 'breached', 'breached', CAST(NULL AS TEXT), 1, \
             CAST(NULL AS DATE), count(*), TRUE FROM {} \
             JOIN assessments ON assessments.trackable_id = clauses.id \
             JOIN assessment_breakers ON assessment_breakers.assessment_id = assessments.id",
            self.filter.tables()
        ))
        .append(self.conditions(dialect, "assessment_breakers.party_id", groups))
        .text(" AND assessments.id = ")
        .append(perspective::assessment_in_force("clauses.id", self.perspective))
        .text(" GROUP BY assessment_breakers.party_id")
    }

    /// The histories of the clauses of each group, keyed by the group's id. If `groups` is not `None`, includes only
    /// these groups.
    ///
    /// # Errors
    /// Database errors.
    pub fn histories(
        &self,
        connection: &mut DbConnection,
        groups: Option<&[String]>,
    ) -> Result<HashMap<String, History>, Error> {
        let sql = Sql::new(format!(
            "SELECT {}, clauses.id, {}, history.effective_on, history.recorded_at, history.id, history.status",
            self.key(),
            self.share()
        ))
        .append(self.tables())
        .text(" LEFT JOIN assessments history ON history.trackable_id = clauses.id AND ")
        .append(perspective::held("history", self.perspective))
        .append(self.conditions(connection.dialect(), self.key(), groups));
        let rows: Vec<AssessedClause> = query::rows::<AssessedClauseColumns, _>(connection, sql)?;
        let mut by_group: HashMap<String, Group> = HashMap::new();
        for (group, clause, point, weight, ended_on, since, recorded_at, id, status) in rows {
            let group = by_group.entry(group).or_default();
            let shares = &mut group.shares;
            let clause = *group.clauses.entry(clause).or_insert_with(|| {
                shares.push(read_share(point, weight, ended_on));
                shares.len() - 1
            });
            if let (Some(since), Some(recorded_at), Some(id), Some(status)) =
                (since, recorded_at, id, status)
            {
                group.turns.push(((since, recorded_at, id), clause, read_status(&status)?));
            }
        }
        Ok(by_group.into_iter().map(|(group, rows)| (group, rows.into_history())).collect())
    }

    fn key(&self) -> &'static str {
        match self.grouping {
            Grouping::Agreement => "clauses.agreement_id",
            Grouping::Party => "duty.party_id",
            Grouping::Topic => "clauses.topic_id",
        }
    }

    /// The expression for the status that the score uses. After the end of the agreement, this is the status of the day
    /// before the end.
    fn scored_status(&self) -> Sql {
        let unassessed = ClauseStatus::Unassessed.as_str();
        let (day, clause) = ("ending.ended_on", "clauses.id");
        Sql::new(format!("CASE WHEN {day} IS NULL THEN "))
            .append(clause::status(self.perspective))
            .text(" ELSE coalesce(")
            .append(perspective::latest_before(day, "status", clause, self.perspective))
            .text(format!(", '{unassessed}') END"))
    }

    /// The columns of a clause's [`Share`].
    fn share(&self) -> String {
        let (point, weight) = match self.weighting {
            Weighting::Clauses => ("CAST(NULL AS TEXT)", "1"),
            Weighting::Points => (POINT, "1"),
            Weighting::Weights => ("CAST(NULL AS TEXT)", "clauses.weight"),
        };
        format!("{point}, {weight}, ending.ended_on")
    }

    fn tables(&self) -> Sql {
        let view = EndingView { as_of: None, held_by: self.perspective.held_by };
        let tables = Sql::new(format!(
            " FROM {} LEFT JOIN agreement_endings ending ON ending.agreement_id = clauses.agreement_id AND ",
            self.filter.tables()
        ))
        .append(agreement::ending_in("ending", view));
        if self.grouping != Grouping::Party {
            return tables;
        }
        let duties = tables
            .text(" JOIN (SELECT DISTINCT obligations.clause_id, obligations.party_id FROM obligations WHERE obligations.role = ")
            .bind(ObligationRole::Obliged.as_str())
            .text(" AND (obligations.held_by_id IS NULL");
        let duties = match self.perspective.held_by {
            Some(holder) => duties.text(" OR obligations.held_by_id = ").bind(holder.as_str()),
            None => duties,
        };
        duties.text(")) AS duty ON duty.clause_id = clauses.id")
    }

    /// The part of a query from `WHERE`. `key` is the expression for the group's id.
    fn conditions(&self, dialect: Dialect, key: &'static str, groups: Option<&[String]>) -> Sql {
        let mut sql = Sql::new(
            // A part belongs to the same agreement as the clause that contains it. The filter excludes archived
            // agreements, so `part.is_listed` excludes only parts that are archived themselves.
            " WHERE NOT EXISTS (SELECT 1 FROM clauses part WHERE part.parent_id = clauses.id AND part.is_listed)",
        );
        if let Some(groups) = groups {
            sql = sql.text(" AND ").one_or_any_of(dialect, key, groups);
        }
        for condition in self.filter.conditions(dialect) {
            sql = sql.text(" AND ").append(condition);
        }
        sql
    }
}

/// The id of the top-level clause that contains a clause. For a top-level clause, its own id.
const POINT: &str = "(WITH RECURSIVE above (id, parent_id) AS (\
                     SELECT clauses.id, clauses.parent_id UNION ALL \
                     SELECT whole.id, whole.parent_id FROM clauses whole JOIN above ON whole.id = above.parent_id) \
                     SELECT above.id FROM above WHERE above.parent_id IS NULL)";

/// The clauses of a group that have the same statuses and the same share, or the clauses that the group's party
/// breached. The values are group, status, scored status, point, weight, end, number of clauses, and whether the party
/// breached them.
type CountedClauses = (String, String, String, Option<String>, i32, Option<NaiveDate>, i64, bool);
type CountedClausesColumns =
    (Text, Text, Text, Nullable<Text>, Integer, Nullable<Date>, BigInt, Bool);

/// A clause in a group, with its share and one of its assessments. The last four values are `None` if the clause has no
/// assessments.
type AssessedClause = (
    String,
    String,
    Option<String>,
    i32,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<NaiveDateTime>,
    Option<AssessmentId>,
    Option<String>,
);
type AssessedClauseColumns = (
    Text,
    Text,
    Nullable<Text>,
    Integer,
    Nullable<Date>,
    Nullable<Date>,
    Nullable<Timestamp>,
    Nullable<Text>,
    Nullable<Text>,
);

/// The rows of a group. Each group is sorted here, because sorting all groups together would take longer.
#[derive(Default)]
struct Group {
    /// The index of each clause in `shares`.
    clauses: HashMap<String, usize>,
    shares: Vec<Share>,
    turns: Vec<((NaiveDate, NaiveDateTime, AssessmentId), usize, ClauseStatus)>,
}

impl Group {
    fn into_history(mut self) -> History {
        self.turns.sort_unstable_by_key(|(order, ..)| *order);
        let mut history = History::of(self.shares);
        for ((since, ..), clause, status) in self.turns {
            history.add_turn(clause, since, status);
        }
        history
    }
}

fn read_share(point: Option<String>, weight: i32, ended_on: Option<NaiveDate>) -> Share {
    Share { point, weight: u32::try_from(weight).unwrap_or_default(), ended_on }
}

fn read_status(name: &str) -> Result<ClauseStatus, Error> {
    ClauseStatus::parse(name).ok_or_else(|| Error::Internal(format!("unexpected status {name:?}")))
}
