//! Days and times.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, SubsecRound, Utc};

use super::{ValidationErrorCode, ValidationErrors};

/// The format of times in files: UTC, to the microsecond. Dumps and the texts of releases depend on it, so it never changes.
pub const INSTANT_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// The current time in UTC, to the microsecond: both databases store times with this precision.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one clock")]
pub fn now() -> NaiveDateTime {
    Utc::now().naive_utc().trunc_subsecs(6)
}

/// The current day in UTC.
#[must_use]
pub fn today() -> NaiveDate {
    now().date()
}

/// The current day in UTC+14, the time zone in which each day begins first.
///
/// East of Greenwich, editors may record today's events before that day begins in UTC.
#[must_use]
pub fn latest_today() -> NaiveDate {
    (now() + Duration::hours(14)).date()
}

/// Checks that a day is not in the future.
pub fn check_past(errors: &mut ValidationErrors, path: &str, day: NaiveDate) {
    check(errors, path, day);
    let latest = latest_today();
    if day > latest {
        let message = format!("{day} is in the future; the latest day is {latest}");
        errors.add(ValidationErrorCode::OutOfRange, path, message);
    }
}

/// Checks that the year has four digits, as the API requires (ISO 8601, `YYYY-MM-DD`).
pub fn check(errors: &mut ValidationErrors, path: &str, day: NaiveDate) {
    if !(1..=9999).contains(&day.year()) {
        let message = format!("{day} is out of range: years from 0001 to 9999");
        errors.add(ValidationErrorCode::OutOfRange, path, message);
    }
}
