//! Dates that may be less precise than a day.

use super::engine::call::Call;
use super::engine::reader::{Reader, leaf};
use super::scalar::EdtfDate;
use crate::db::rows::Column;

/// The date of a record. `text` is the column of the EDTF text, which is null if the day columns fully describe the date.
pub fn edtf_date(text: Column, first_day: Column, last_day: Option<Column>) -> Reader {
    let read = move |call: &mut Call<'_, '_>| {
        let (texts, first_days) = (call.column(text)?, call.keys(first_day)?);
        let last_days = match last_day {
            Some(column) => call.column(column)?,
            None => vec![None; first_days.len()],
        };
        let date = |((text, first), last): ((Option<&str>, &str), Option<&str>)| {
            EdtfDate(match (text, last) {
                (Some(text), _) => text.to_owned(),
                (None, Some(last)) => format!("{first}/{last}"),
                (None, None) => first.to_owned(),
            })
        };
        Ok(texts.into_iter().zip(first_days).zip(last_days).map(date).collect())
    };
    let columns: Vec<Column> = [text, first_day].into_iter().chain(last_day).collect();
    leaf(read).needs(&columns).reads_nothing()
}
