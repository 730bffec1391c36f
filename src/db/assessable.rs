//! What clauses, caveats and proposals share: the supertype row.

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
    /// Its id, which the clause, caveat or proposal shares.
    pub id: AssessableId,
    /// Which of them it is.
    pub kind: AssessableKind,
    /// Counts up with every change.
    pub version: i32,
    /// The neutral status in force, by its database name.
    pub status: String,
    /// Since when it is so.
    pub status_since: Option<NaiveDate>,
    /// The assessment that says so.
    pub assessment_id: Option<AssessmentId>,
    /// When it was put away.
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

/// The trackables with these ids, by id.
///
/// # Errors
/// Those of the database.
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
