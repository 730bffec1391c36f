//! Status changes: the events of `statusChanged`.

use async_graphql::ID;

use super::assessable;
use super::change;
use super::engine::call::{Call, Reference};
use super::engine::link::reference;
use super::engine::reader::value;
use super::engine::schema::Object;
use super::error::{Code, Error};
use crate::db;
use crate::db::LogPoint;
use crate::db::status_change::{Followed, StatusChange};
use crate::domain::text;

/// The maximum number of ids in `statusChanged`.
const MAX_IDS: usize = 200;

/// A recorded or retracted assessment.
pub struct Event {
    point: LogPoint,
    /// The assessment and its subject, if they are selected.
    records: Option<Records>,
}

#[derive(Clone, Copy)]
struct Records {
    assessment: Reference,
    subject: Reference,
}

pub fn objects() -> Vec<Object> {
    vec![
        Object::new("StatusChange", "A recorded or retracted assessment.")
            .field(
                "cursor",
                "Cursor of the event in the change log. Pass it as `after` here or to `changes`.",
                value(|event: &Event| change::encode(event.point)),
            )
            .field(
                "subject",
                "Subject of the assessment, in its current state.",
                reference("Trackable!", |event: &Event| {
                    event.records.map(|records| records.subject)
                }),
            )
            .field(
                "assessment",
                "The recorded or retracted assessment. It is retracted if `retractedAt` is set.",
                reference("Assessment!", |event: &Event| {
                    event.records.map(|records| records.assessment)
                }),
            ),
    ]
}

/// The event of a status change. Reads the assessment only if the selection needs it.
pub fn event(call: &mut Call<'_, '_>, change: StatusChange) -> Result<Event, Error> {
    let StatusChange { point, assessment_id } = change;
    if !call.selected.has("subject") && !call.selected.has("assessment") {
        return Ok(Event { point, records: None });
    }
    let mut assessments =
        call.context.read(|connection| db::assessment::by_ids(connection, &[assessment_id]))?;
    let assessment = assessments
        .remove(assessment_id.as_str())
        .ok_or_else(|| Error::internal(format!("the assessment {assessment_id} is missing")))?;
    let kind = assessment.trackable_kind;
    let records = Records {
        assessment: Reference::new(kind.assessment_kind(), assessment.id),
        subject: Reference::new(kind.record_kind(), assessment.trackable_id),
    };
    Ok(Event { point, records: Some(records) })
}

/// The records that the arguments of `statusChanged` select.
///
/// # Errors
/// Fails if a record does not exist, or there are too many ids.
pub fn followed(call: &mut Call<'_, '_>) -> Result<Followed, Error> {
    let agreement: Option<String> = call.arguments.get("agreement")?;
    let proposal: Option<String> = call.arguments.get("proposal")?;
    let ids: Option<Vec<ID>> = call.arguments.get("ids")?;
    if agreement.is_none() && proposal.is_none() && ids.is_none() {
        return Ok(Followed::Everything);
    }
    let unknown = |argument: &str, value: &str, problem: &str| {
        Code::BadUserInput.error(format!("`{argument}: {}` {problem}", text::quote(value)))
    };
    let context = &mut *call.context;
    let agreement = match agreement {
        None => None,
        Some(slug) => {
            let agreements =
                context.read(|connection| db::agreement::by_slugs(connection, &[&slug]))?;
            let agreement = agreements.get(&slug);
            let missing = || unknown("agreement", &slug, "is not the slug of an agreement");
            Some(agreement.ok_or_else(missing)?.id)
        }
    };
    let proposal = match proposal {
        None => None,
        Some(slug) => {
            let proposals =
                context.read(|connection| db::proposal::by_slugs(connection, &[&slug]))?;
            let proposal = proposals.get(&slug);
            let missing = || unknown("proposal", &slug, "is not the slug of a proposal");
            Some(proposal.ok_or_else(missing)?.row.id)
        }
    };
    let ids = ids.unwrap_or_default();
    if ids.len() > MAX_IDS {
        let message =
            format!("`ids` has {} items; at most {MAX_IDS} can be followed at once", ids.len());
        return Err(Code::BadUserInput.error(message));
    }
    let subjects = assessable::named(context, "ids", &ids)?;
    let records = context.read(|connection| db::assessable::by_ids(connection, &subjects))?;
    if let Some((name, _)) =
        ids.iter().zip(&subjects).find(|(_, id)| !records.contains_key(id.as_str()))
    {
        return Err(unknown("ids", name, "is the id of a record that does not exist"));
    }
    Ok(Followed::Any { agreement, proposal, subjects })
}
