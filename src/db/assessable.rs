//! The supertype row that clauses, caveats and proposals share.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::query::{self};
use super::schema::trackables;
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::id::{AssessableId, AssessmentId};
use crate::domain::status::{AssessableKind, Status};

/// The supertype row of a clause, caveat or proposal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = trackables)]
pub struct Assessable {
    /// The id of the clause, caveat or proposal.
    pub id: AssessableId,
    /// The kind of record.
    pub kind: AssessableKind,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// The neutral status in force, as stored: `not_started`.
    pub status: String,
    /// The day from which the status holds. Null if there is no assessment.
    pub status_since: Option<NaiveDate>,
    /// The assessment in force. Null if there is none.
    pub assessment_id: Option<AssessmentId>,
    /// When it was archived. Null if it is in use.
    pub archived_at: Option<NaiveDateTime>,
}

impl Assessable {
    pub(super) fn insert<T>(
        connection: &mut DbConnection,
        id: Id<T>,
        kind: AssessableKind,
    ) -> Result<(), Error> {
        let row = Self {
            id: id.cast(),
            kind,
            version: 1,
            status: Status::initial(kind).as_str().to_owned(),
            status_since: None,
            assessment_id: None,
            archived_at: None,
        };
        diesel::insert_into(trackables::table).values(&row).execute(connection)?;
        Ok(())
    }
}

/// The supertype rows with these ids, by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[AssessableId],
) -> Result<HashMap<String, Assessable>, Error> {
    query::by_key(connection, "trackables WHERE", "trackables.id", ids)
}

impl Assessable {
    pub(super) fn kind_in_words(&self) -> &'static str {
        use crate::domain::StringEnum;
        self.kind.as_str()
    }
}
