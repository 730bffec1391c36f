//! Dates that may be less precise than a day. Assessments and events are sorted by day columns. If these columns do not fully
//! describe a date, another column contains its EDTF text.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{assessments, events};
use super::{DbConnection, Error};
use crate::domain::edtf::EdtfDate;
use crate::domain::id::{AssessmentId, EventId};

/// The date of a record: the parsed `text`, or `days` if `text` is null. `days` is the date according to the day columns.
pub(super) fn stored(text: Option<&str>, days: EdtfDate) -> Result<EdtfDate, Error> {
    let parse = |text| EdtfDate::parse(text).map_err(Error::Internal);
    text.map_or(Ok(days), parse)
}

/// Describes in a sentence each assessment and event whose day columns do not match its EDTF text.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let assessments: Vec<(AssessmentId, NaiveDate, Option<String>)> = assessments::table
        .filter(assessments::edtf_date.is_not_null())
        .order(assessments::id)
        .select((assessments::id, assessments::effective_on, assessments::edtf_date))
        .load(connection)?;
    let events: Vec<(EventId, NaiveDate, Option<NaiveDate>, Option<String>)> = events::table
        .filter(events::edtf_date.is_not_null())
        .order(events::id)
        .select((events::id, events::happened_on, events::ended_on, events::edtf_date))
        .load(connection)?;
    let of_assessments = assessments.into_iter().filter_map(|(id, day, text)| {
        let text = text?;
        let is_same = EdtfDate::parse(&text).is_ok_and(|date| {
            date.last_day() == day && date.text_beside_last_day().as_ref() == Some(&text)
        });
        let sentence = || format!("assessment {id}: takes effect on {day}, but its date is {text}");
        (!is_same).then(sentence)
    });
    let of_events = events.into_iter().filter_map(|(id, first, last, text)| {
        let text = text?;
        let is_same = EdtfDate::parse(&text).is_ok_and(|date| {
            date.event_days() == (first, last)
                && date.text_beside_event_days().as_ref() == Some(&text)
        });
        let days = EdtfDate::days(first, last);
        (!is_same).then(|| format!("event {id}: happened on {days}, but its date is {text}"))
    });
    Ok(of_assessments.chain(of_events).collect())
}
