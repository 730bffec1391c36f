//! What is counted of clauses: how many of a group have which status, at a moment or in the course of time.
//!
//! Leaf clauses alone are counted: a clause that has parts in use is carried out by them.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};

use super::clause::{self, Filter};
use super::query::{self, Sql};
use super::rows::Lookup;
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::StringEnum;
use crate::domain::clause::ObligationRole;
use crate::domain::id::AssessmentId;
use crate::domain::implementation::{Breakdown, History};
use crate::domain::perspective::Perspective;
use crate::domain::status::ClauseStatus;

/// What clauses are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// The agreement that they are of.
    Agreement,
    /// The party that is obliged, undisputedly or according to the holder of the view: a clause counts for each.
    Party,
    /// What they are about.
    Topic,
}

impl Grouping {
    /// What clauses are grouped by, by id: agreements by the day they were agreed, parties and topics by name.
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

/// Which clauses are counted, by what they are grouped, and in which view they are judged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Those that fit.
    pub filter: Filter,
    /// One breakdown for each.
    pub grouping: Grouping,
    /// Whose judgement, as of when.
    pub perspective: Perspective,
}

impl Selection {
    /// How many clauses of each group have which status, by the group's id: of all groups, or of those named. A group
    /// without clauses is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn breakdowns(
        &self,
        connection: &mut DbConnection,
        groups: Option<&[String]>,
    ) -> Result<HashMap<String, Breakdown>, Error> {
        let sql = Sql::new(format!("SELECT {}, ", self.key()))
            .append(clause::status(self.perspective))
            .text(", count(*)")
            .append(self.tables())
            .append(self.conditions(connection.dialect(), groups))
            .text(" GROUP BY 1, 2");
        let rows: Vec<(String, String, i64)> =
            query::rows::<(Text, Text, BigInt), _>(connection, sql)?;
        let mut breakdowns: HashMap<String, Breakdown> = HashMap::new();
        for (group, status, count) in rows {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            breakdowns.entry(group).or_default().add(read_status(&status)?, count);
        }
        Ok(breakdowns)
    }

    /// What became of the clauses of each of these groups in the course of time, by the group's id.
    ///
    /// # Errors
    /// Those of the database.
    pub fn histories(
        &self,
        connection: &mut DbConnection,
        groups: &[String],
    ) -> Result<HashMap<String, History>, Error> {
        let sql = Sql::new(format!(
            "SELECT {}, clauses.id, said.effective_on, said.recorded_at, said.id, said.status",
            self.key()
        ))
        .append(self.tables())
        .text(" LEFT JOIN assessments said ON said.trackable_id = clauses.id AND ")
        .append(perspective::held("said", self.perspective))
        .append(self.conditions(connection.dialect(), Some(groups)));
        let rows: Vec<Said> = query::rows::<SaidColumns, _>(connection, sql)?;
        let mut read: HashMap<String, Group> = HashMap::new();
        for (group, clause, since, recorded_at, id, status) in rows {
            let group = read.entry(group).or_default();
            let clauses = &mut group.clauses;
            let next = clauses.len();
            let clause = *clauses.entry(clause).or_insert(next);
            if let (Some(since), Some(recorded_at), Some(id), Some(status)) =
                (since, recorded_at, id, status)
            {
                group.turns.push(((since, recorded_at, id), clause, read_status(&status)?));
            }
        }
        Ok(read.into_iter().map(|(group, read)| (group, read.into_history())).collect())
    }

    fn key(&self) -> &'static str {
        match self.grouping {
            Grouping::Agreement => "clauses.agreement_id",
            Grouping::Party => "duty.party_id",
            Grouping::Topic => "clauses.topic_id",
        }
    }

    fn tables(&self) -> Sql {
        let tables = Sql::new(format!(" FROM {}", self.filter.tables()));
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

    fn conditions(&self, dialect: Dialect, groups: Option<&[String]>) -> Sql {
        let mut sql = Sql::new(
            // A part has the agreement of its whole: where that is listed, only the part itself may be archived.
            " WHERE NOT EXISTS (SELECT 1 FROM clauses part WHERE part.parent_id = clauses.id AND part.is_listed)",
        );
        if let Some(groups) = groups {
            sql = sql.text(" AND ").one_or_any_of(dialect, self.key(), groups);
        }
        for condition in self.filter.conditions(dialect) {
            sql = sql.text(" AND ").append(condition);
        }
        sql
    }
}

/// A clause of a group, and one of the assessments of it, if there is any.
type Said = (
    String,
    String,
    Option<NaiveDate>,
    Option<NaiveDateTime>,
    Option<AssessmentId>,
    Option<String>,
);
type SaidColumns =
    (Text, Text, Nullable<Date>, Nullable<Timestamp>, Nullable<Text>, Nullable<Text>);

/// What was read of a group. It is put in order here, group by group, so that the work grows no faster than the groups.
#[derive(Default)]
struct Group {
    clauses: HashMap<String, usize>,
    turns: Vec<((NaiveDate, NaiveDateTime, AssessmentId), usize, ClauseStatus)>,
}

impl Group {
    fn into_history(mut self) -> History {
        self.turns.sort_unstable_by_key(|(order, ..)| *order);
        let mut history = History::of(self.clauses.len());
        for ((since, ..), clause, status) in self.turns {
            history.add_turn(clause, since, status);
        }
        history
    }
}

fn read_status(name: &str) -> Result<ClauseStatus, Error> {
    ClauseStatus::parse(name).ok_or_else(|| Error::Internal(format!("unexpected status {name:?}")))
}
