//! Days and instants.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, SubsecRound, Utc};

use super::{ValidationErrorCode, ValidationErrors};

/// The present instant in UTC, to the microsecond: that is what both databases keep.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> NaiveDateTime {
    Utc::now().naive_utc().trunc_subsecs(6)
}

/// The day that it is in UTC.
#[must_use]
pub fn today() -> NaiveDate {
    now().date()
}

/// The latest day that it is anywhere on Earth: in the time zone UTC+14.
///
/// An analyst east of Greenwich may record something of their own today before that day has begun in UTC.
#[must_use]
pub fn latest_today() -> NaiveDate {
    (now() + Duration::hours(14)).date()
}

/// Checks that a day has a year of four digits, as the API writes days (ISO 8601, `YYYY-MM-DD`).
pub fn check(errors: &mut ValidationErrors, path: &str, day: NaiveDate) {
    if !(1..=9999).contains(&day.year()) {
        let message = format!("{day} is out of range: years from 0001 to 9999");
        errors.add(ValidationErrorCode::OutOfRange, path, message);
    }
}
