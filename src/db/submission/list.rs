//! Lists of submissions.

use super::super::DbConnection;
use super::super::filter::Conditions;
use super::super::page::{List, Listing};
use super::super::query::Sql;
use super::super::sort::SortKey;
use crate::domain::Kind;
use crate::domain::id::AssessableId;
use crate::domain::submission::SubmissionState;

/// Conditions on submissions, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches submissions in one of these states.
    pub states: Option<Vec<SubmissionState>>,
    /// Matches submissions by the account with this name.
    pub submitted_by: Option<String>,
    /// Excludes submissions by the account with this name.
    pub not_submitted_by: Option<String>,
    /// Matches submissions for these clauses, caveats or proposals.
    pub subjects: Option<Vec<AssessableId>>,
}

/// A list of submissions, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SubmissionList {
    /// The filter.
    pub filter: Filter,
}

impl List for SubmissionList {
    const KIND: Kind = Kind::Submission;
    const ID: &'static str = "submissions.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::instant("submissions.submitted_at"), SortKey::id("submissions.id")] }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let Filter { states, submitted_by, not_submitted_by, subjects } = &self.filter;
        // Submissions for archived records are listed, too, because an editor must decline them.
        let mut conditions = Conditions::none(connection.dialect());
        conditions.require_one_of("submissions.state", states.as_deref());
        if let Some(name) = submitted_by {
            conditions.push(Sql::new("submissions.submitted_by = ").bind(name));
        }
        if let Some(name) = not_submitted_by {
            conditions.push(Sql::new("submissions.submitted_by <> ").bind(name));
        }
        if let Some(subjects) = subjects {
            let subject = "submissions.trackable_id";
            conditions.push(Sql::default().one_or_any_of(connection.dialect(), subject, subjects));
        }
        Listing {
            conditions: conditions.into_vec(),
            ..Listing::of("submissions", self.sort_keys())
        }
    }
}
