//! Dates in inputs: exact days, or strings in EDTF.

use async_graphql::{InputObject, MaybeUndefined};

use super::input::{Edit, Given, Ids};
use super::presence::{Optional, Presence, Reads, Shared};
use crate::domain::day;
use crate::domain::edtf::EdtfDate;
use crate::domain::validation::ValidationErrorCode;
use crate::graphql::scalar::{self, Date};

impl Given<EdtfDate> for scalar::EdtfDate {
    fn read(self, ids: &mut Ids, path: &str) -> EdtfDate {
        EdtfDate::parse(&self.0).unwrap_or_else(|message| {
            ids.note(ValidationErrorCode::Invalid, path, message);
            placeholder()
        })
    }
}

/// The date of a new assessment, which is given in one of two fields.
pub fn effective_on(ids: &mut Ids, day: Option<Date>, date: Option<scalar::EdtfDate>) -> EdtfDate {
    match (day, date) {
        (Some(day), None) => EdtfDate::day(day.0),
        (day, Some(date)) => {
            if day.is_some() {
                let message = "cannot be combined with `effectiveOn`".to_owned();
                ids.note(ValidationErrorCode::Invalid, "effective_date", message);
            }
            ids.rename("effective_on", "effectiveDate");
            date.read(ids, "effective_date")
        }
        (None, None) => {
            let message = "is missing: give `effectiveOn` or `effectiveDate`".to_owned();
            ids.note(ValidationErrorCode::Invalid, "effective_on", message);
            placeholder()
        }
    }
}

/// The date of a new event.
#[derive(InputObject)]
pub struct DateInput {
    /// Day of the event, or its first day if it lasted several days. Give either this field or `date`.
    happened_on: Option<Date>,
    /// Last day of an event of several days. Must not be before `happenedOn`. Default: none.
    ended_on: Option<Date>,
    /// Date of the event, if only a month, a year or an approximate date is known. An interval of days has the same effect as `happenedOn` and `endedOn`. Give either this field or `happenedOn`.
    date: Option<scalar::EdtfDate>,
}

/// The date of an event that is updated.
#[derive(InputObject)]
pub struct DateChanges {
    /// Day of the event, or its first day if it lasted several days. If `happenedOn` and `endedOn` keep their current values, `date` is unchanged.
    happened_on: Option<Date>,
    /// Last day of an event of several days. Must not be before `happenedOn`. Null clears it.
    ended_on: MaybeUndefined<Date>,
    /// Date of the event, if only a month, a year or an approximate date is known. Replaces `happenedOn` and `endedOn`.
    date: Option<scalar::EdtfDate>,
}

impl Presence for EdtfDate {
    type Create = DateInput;
    type Update = DateChanges;
}

impl Shared for EdtfDate {
    fn created(given: DateInput, ids: &mut Ids) -> Self {
        let DateInput { happened_on, ended_on, date } = given;
        if happened_on.is_none() && date.is_none() {
            let message = "is missing: give `happenedOn` or `date`".to_owned();
            ids.note(ValidationErrorCode::Invalid, "happened_on", message);
        }
        let ended_on = ended_on.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
        let mut content = placeholder();
        Self::edit(DateChanges { happened_on, ended_on, date }, ids)(&mut content);
        content
    }

    fn edit(given: DateChanges, ids: &mut Ids) -> Edit<Self> {
        if let Some(date) = given.date {
            if given.happened_on.is_some() || !given.ended_on.is_undefined() {
                let message = "cannot be combined with `happenedOn` and `endedOn`".to_owned();
                ids.note(ValidationErrorCode::Invalid, "date", message);
            }
            let date = date.read(ids, "date");
            return Box::new(move |content| *content = date);
        }
        let happened_on = given.happened_on.map(|day| day.0);
        let ended_on = Optional::updated(given.ended_on, ids, "ended_on");
        Box::new(move |content| {
            let (first, last) = content.event_days();
            let days = (happened_on.unwrap_or(first), ended_on.unwrap_or(last));
            // If the client sends the unchanged days of a month, the date stays a month and does not become an exact day.
            if days != (first, last) {
                *content = Self::days(days.0, days.1);
            }
        })
    }
}

/// A valid date as a placeholder, for an input that is rejected.
fn placeholder() -> EdtfDate {
    EdtfDate::day(day::today())
}
