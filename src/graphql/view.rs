//! What became of clauses, caveats and proposals, as of any day, as known at any instant, and as anyone sees it: the
//! fields that the three have in common.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Result};

use super::assessment::AssessmentById;
use super::batch::{Batch, reader};
use super::error::Code;
use super::node::expect_optional;
use super::party::{PartyById, PartyBySlug};
use super::scalar::{Date, DateTime};
use crate::db::assessment::Assessment;
use crate::db::trackable::Trackable;
use crate::db::{self, DbConnection};
use crate::domain::id::{PartyId, TrackableId};
use crate::domain::view::{Moment, View};
use crate::domain::{GlobalId, Kind, assessment, text};

/// The assessments in force in a view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct InForce(View);

impl Batch for InForce {
    type Key = TrackableId;
    type Value = Arc<Assessment>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[TrackableId],
    ) -> std::result::Result<HashMap<String, Arc<Assessment>>, db::Error> {
        let rows = db::view::in_force(connection, self.0, keys)?;
        Ok(rows.into_iter().map(|(subject, row)| (subject, Arc::new(row))).collect())
    }
}

/// Every holder's assessment in force at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Viewpoints(Moment);

impl Batch for Viewpoints {
    type Key = TrackableId;
    type Value = Vec<Arc<Assessment>>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[TrackableId],
    ) -> std::result::Result<HashMap<String, Vec<Arc<Assessment>>>, db::Error> {
        let lists = db::view::viewpoints(connection, self.0, keys)?;
        let share = |rows: Vec<Assessment>| rows.into_iter().map(Arc::new).collect();
        Ok(lists.into_iter().map(|(subject, rows)| (subject, share(rows))).collect())
    }
}

/// The moment that the arguments name.
pub fn moment(as_of: Option<Date>, known_at: Option<DateTime>) -> Moment {
    Moment { as_of: as_of.map(|day| day.0), known_at: known_at.map(|instant| instant.0) }
}

/// The view that the arguments name.
///
/// # Errors
/// When `held_by` is not the id of a party.
pub async fn view(
    context: &Context<'_>,
    as_of: Option<Date>,
    known_at: Option<DateTime>,
    held_by: Option<ID>,
) -> Result<View> {
    let held_by = match held_by {
        Some(id) => Some(party(context, "heldBy", &id).await?),
        None => None,
    };
    Ok(View { moment: moment(as_of, known_at), held_by })
}

/// The party that an argument names, by id or slug. A slug can be told from an id: it has no capital letter, which every
/// id begins with.
///
/// # Errors
/// When there is none.
pub async fn party(context: &Context<'_>, argument: &str, name: &ID) -> Result<PartyId> {
    let reader = reader(context)?;
    let quoted = text::quote(name);
    let found = match GlobalId::decode(name) {
        Some(GlobalId { kind: Kind::Party, uuid }) => {
            reader.load(PartyById, PartyId::from_uuid(uuid)).await?
        }
        Some(other) => {
            let message = format!(
                "`{argument}: {quoted}` is the id of a record of the kind {}, not party",
                other.kind.words()
            );
            return Err(Code::BadUserInput.error(message));
        }
        None => reader.load(PartyBySlug, name.to_string()).await?,
    };
    found.map(|party| party.key()).ok_or_else(|| {
        let message = format!("`{argument}: {quoted}` is neither the id nor the slug of a party");
        Code::BadUserInput.error(message)
    })
}

/// The assessment in force in a view.
pub async fn in_force(
    context: &Context<'_>,
    subject: &Trackable,
    view: View,
) -> Result<Option<Arc<Assessment>>> {
    if view == View::default() {
        expect_optional(context, AssessmentById, subject.assessment_id).await
    } else {
        reader(context)?.load(InForce(view), subject.id).await
    }
}

/// Every holder's assessment in force, the neutral record's first.
pub async fn viewpoints(
    context: &Context<'_>,
    subject: &Trackable,
    moment: Moment,
) -> Result<Vec<Arc<Assessment>>> {
    Ok(reader(context)?.load(Viewpoints(moment), subject.id).await?.unwrap_or_default())
}

/// Whether two parties' assessments in force do not say the same.
pub async fn is_contested(
    context: &Context<'_>,
    subject: &Trackable,
    moment: Moment,
) -> Result<bool> {
    let viewpoints = viewpoints(context, subject, moment).await?;
    Ok(assessment::is_contested(viewpoints.iter().map(|row| (row.held_by_id, row.status.as_str()))))
}

/// Defines what became of a kind of trackable: an object whose fields are those of the kind's own type, which it is
/// flattened into.
macro_rules! fate {
    ($name:ident, $row:ty, $status:ident, $assessment:ident, $connection:ident, $initial:literal) => {
        /// What became of it.
        struct $name(Arc<$row>);

        impl $name {
            async fn is_contested_at(
                &self,
                context: &Context<'_>,
                as_of: Option<Date>,
                known_at: Option<DateTime>,
            ) -> Result<bool> {
                let moment = $crate::graphql::view::moment(as_of, known_at);
                $crate::graphql::view::is_contested(context, &self.0.trackable, moment).await
            }
        }

        #[Object]
        impl $name {
            #[doc = concat!(
                "The status in force: that of the latest assessment by `effectiveOn`, then by `recordedAt`. ",
                $initial,
                " while there is none."
            )]
            async fn status(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "As of the end of this day; the latest where left out.")]
                as_of: Option<Date>,
                #[graphql(
                    desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
                )]
                known_at: Option<DateTime>,
                #[graphql(
                    desc = "In the view of the party with this id or slug; in the neutral record where left out."
                )]
                held_by: Option<ID>,
            ) -> Result<$status> {
                let view = $crate::graphql::view::view(context, as_of, known_at, held_by).await?;
                let subject = &self.0.trackable;
                if view == $crate::domain::view::View::default() {
                    return $status::stored(&subject.status);
                }
                match $crate::graphql::view::in_force(context, subject, view).await? {
                    Some(row) => $status::stored(&row.status),
                    None => {
                        $status::stored(crate::domain::status::Status::initial(subject.kind).as_str())
                    }
                }
            }

            /// Since when the status in force is so; null while nobody has assessed it.
            async fn status_since(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "As of the end of this day; the latest where left out.")]
                as_of: Option<Date>,
                #[graphql(
                    desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
                )]
                known_at: Option<DateTime>,
                #[graphql(
                    desc = "In the view of the party with this id or slug; in the neutral record where left out."
                )]
                held_by: Option<ID>,
            ) -> Result<Option<Date>> {
                let view = $crate::graphql::view::view(context, as_of, known_at, held_by).await?;
                let subject = &self.0.trackable;
                if view == $crate::domain::view::View::default() {
                    return Ok(subject.status_since.map(Date));
                }
                let row = $crate::graphql::view::in_force(context, subject, view).await?;
                Ok(row.map(|row| Date(row.effective_on)))
            }

            /// The assessment that says so; null while there is none.
            async fn assessment(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "As of the end of this day; the latest where left out.")]
                as_of: Option<Date>,
                #[graphql(
                    desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
                )]
                known_at: Option<DateTime>,
                #[graphql(
                    desc = "In the view of the party with this id or slug; in the neutral record where left out."
                )]
                held_by: Option<ID>,
            ) -> Result<Option<$assessment>> {
                let view = $crate::graphql::view::view(context, as_of, known_at, held_by).await?;
                let row = $crate::graphql::view::in_force(context, &self.0.trackable, view).await?;
                Ok(row.map($assessment::from))
            }

            /// Each holder's assessment in force, the neutral record's first, then by the parties' names. A holder without one is silent, and left out.
            async fn viewpoints(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "As of the end of this day; the latest where left out.")]
                as_of: Option<Date>,
                #[graphql(
                    desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
                )]
                known_at: Option<DateTime>,
            ) -> Result<Vec<$assessment>> {
                let moment = $crate::graphql::view::moment(as_of, known_at);
                let rows =
                    $crate::graphql::view::viewpoints(context, &self.0.trackable, moment).await?;
                Ok(rows.into_iter().map($assessment::from).collect())
            }

            /// Whether parties disagree: the assessments in force of two of them do not give the same status. The neutral record is no party, and a party that is silent or says UNASSESSED does not disagree.
            async fn is_contested(
                &self,
                context: &Context<'_>,
                #[graphql(desc = "As of the end of this day; the latest where left out.")]
                as_of: Option<Date>,
                #[graphql(
                    desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
                )]
                known_at: Option<DateTime>,
            ) -> Result<bool> {
                self.is_contested_at(context, as_of, known_at).await
            }

            /// Its history: the assessments of every holder, newest first by `effectiveOn`, then by `recordedAt`.
            async fn assessments(
                &self,
                context: &Context<'_>,
                #[graphql(
                    desc = "How many records from the start of the list, from 0 to 200; 50 where neither `first` nor `last` is given."
                )]
                first: Option<i32>,
                #[graphql(desc = "Only records after this cursor.")] after: Option<String>,
                #[graphql(
                    desc = "How many records from the end of the list, from 0 to 200. Not together with `first`."
                )]
                last: Option<i32>,
                #[graphql(desc = "Only records before this cursor.")] before: Option<String>,
                #[graphql(default, desc = "Whether those that were taken back are among them.")]
                include_retracted: bool,
            ) -> Result<$connection> {
                let list = $crate::db::assessment::AssessmentList { include_retracted };
                let parent = Some(self.0.trackable.id.as_str());
                let paging = $crate::graphql::page::Paging { first, after, last, before };
                $connection::load(context, list, parent, paging).await
            }
        }
    };
}
pub(crate) use fate;
