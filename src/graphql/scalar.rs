//! Custom scalars.

use async_graphql::{InputType, InputValueError, InputValueResult, Pos, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate, NaiveDateTime, SecondsFormat};

use super::error::{Code, Error};

/// Checks a value of the scalar `name`.
///
/// # Errors
/// Fails with a message that contains the value and the valid form.
pub fn check(name: &str, value: &Value) -> Result<(), String> {
    match name {
        "Date" => <Date as InputType>::parse(Some(value.clone())).map(drop).map_err(message),
        "DateTime" => {
            <DateTime as InputType>::parse(Some(value.clone())).map(drop).map_err(message)
        }
        "EdtfDate" => {
            <EdtfDate as InputType>::parse(Some(value.clone())).map(drop).map_err(message)
        }
        _ => Ok(()),
    }
}

/// The message of an error, without async-graphql's prefix.
fn message<T: InputType>(failure: InputValueError<T>) -> String {
    let message = failure.into_server_error(Pos::default()).message;
    let preface = format!("Failed to parse \"{}\": ", T::type_name());
    message.strip_prefix(&preface).map_or_else(|| message.clone(), str::to_owned)
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// Day of the Gregorian calendar without time or time zone: YYYY-MM-DD (ISO 8601), such as 2015-02-12. Years 0001 to 9999.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::custom(format!(
                "{value} is not a day: write it as a string, YYYY-MM-DD"
            )));
        };
        // Chrono also accepts 2015-2-1 and +12015-01-01.
        let is_plain = text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(day) if is_plain && day.year() >= 1 => Ok(Self(day)),
            _ => Err(InputValueError::custom(format!(
                "{value} is not a day: write YYYY-MM-DD, with a year from 0001 to 9999"
            ))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<Date> for NaiveDate {
    fn from(day: Date) -> Self {
        day.0
    }
}

impl Date {
    /// A stored day.
    ///
    /// # Errors
    /// Fails if the text is not a day, which is a defect of the server.
    pub fn stored(text: &str) -> Result<Self, Error> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self);
        day.map_err(|_| Error::internal(format!("the stored day {text} is invalid")))
    }
}

/// The text of a date that may be less precise than a day. Mutations check it, so that an error is one of their `userErrors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdtfDate(pub String);

/// Date that may be less precise than a day, in the Extended Date/Time Format (EDTF, ISO 8601-2): a day (`2015-02-14`), a month (`2015-02`), a year (`2015`), an approximate day, month or year (`2015-02-14~`, `2015-02~`, `2015~`), or an interval (`2015-02-01/2015-02-14`). Years 0001 to 9999. A status takes effect on the last day of its date. Mutations report invalid values in `userErrors`.
#[Scalar(name = "EdtfDate", specified_by_url = "https://www.loc.gov/standards/datetime/")]
impl ScalarType for EdtfDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::custom(format!(
                "{other} is not a date: write it as a string, such as \"2015-02\""
            ))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Checks that the first day of a range is not after the last.
///
/// # Errors
/// Fails if `from` is after `to`.
pub fn check_order(from: NaiveDate, to: NaiveDate) -> Result<(), Error> {
    if from > to {
        let message = format!("`from: {from}` is after `to: {to}`: give the earlier day first");
        return Err(Code::BadUserInput.error(message));
    }
    Ok(())
}

/// An instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub NaiveDateTime);

/// Time in UTC, in RFC 3339 format, such as 2022-01-26T16:20:00.000000Z. Microsecond precision. Years 0001 to 9999.
#[Scalar(
    name = "DateTime",
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::custom(format!(
                "{value} is not an instant: write it as a string, like 2022-01-26T16:20:00Z"
            )));
        };
        let instant = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| {
            InputValueError::custom(format!(
                "{value} is not an instant: write it in RFC 3339 format, like 2022-01-26T16:20:00Z"
            ))
        })?;
        let instant = instant.naive_utc();
        // The conversion to UTC can change the year of the instant.
        if !(1..=9999).contains(&instant.year()) {
            return Err(InputValueError::custom(format!(
                "{value} is out of range: in UTC, its year must be from 0001 to 9999"
            )));
        }
        Ok(Self(instant))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_text())
    }
}

impl DateTime {
    /// The instant in the format of the API.
    #[must_use]
    pub fn to_text(self) -> String {
        self.0.and_utc().to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}
