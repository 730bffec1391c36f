//! Dates that may be less precise than a day, in the Extended Date/Time Format (EDTF, ISO 8601-2). Supports a day, a month or
//! a year, exact or approximate (`~`), and an interval from one exact period to another.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::text::quote;

/// The valid forms, for messages.
pub const FORMS: &str = "2015-02-14 (a day), 2015-02 (a month), 2015 (a year), 2015-02-14~, 2015-02~ or 2015~ (approximate), or \
     2015-02-01/2015-02-14 (an interval)";

/// A date with its precision. A status that begins on such a date is in force from the last day that the date may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdtfDate {
    /// A day, month or year: `2015-02`.
    Exact(Period),
    /// About a day, month or year: `2015-02~`.
    Approximate(Period),
    /// An interval from the first day of one period to the last day of another: `2015-02-01/2015-02-14`.
    Interval(Period, Period),
}

/// A day, month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A day.
    Day(NaiveDate),
    /// A month, given by its first day.
    Month(NaiveDate),
    /// A year, given by its first day.
    Year(NaiveDate),
}

impl Period {
    /// Parses `2015-02-14`, `2015-02` or `2015`. Years are from 0001 to 9999.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |text: &str, digits| {
            let has_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            if has_digits { text.parse::<u32>().ok() } else { None }
        };
        let date = |year: &str, month: u32, day: u32| {
            let year = i32::try_from(number(year, 4)?).ok()?;
            NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0)
        };
        match *parts.as_slice() {
            [year] => date(year, 1, 1).map(Self::Year),
            [year, month] => date(year, number(month, 2)?, 1).map(Self::Month),
            [year, month, day] => date(year, number(month, 2)?, number(day, 2)?).map(Self::Day),
            _ => None,
        }
    }

    fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) | Self::Year(day) => day,
        }
    }

    fn last_day(self) -> NaiveDate {
        let (first, months) = match self {
            Self::Day(day) => return day,
            Self::Month(first) => (first, 1),
            Self::Year(first) => (first, 12),
        };
        let next = first.checked_add_months(Months::new(months));
        // Periods end in the year 9999 at the latest, so they have a last day.
        next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(first)
    }
}

impl EdtfDate {
    /// An exact day.
    #[must_use]
    pub fn day(day: NaiveDate) -> Self {
        Self::Exact(Period::Day(day))
    }

    /// An exact day, or an interval of days if `last` is given. The caller checks that `last` is not before `first`.
    #[must_use]
    pub fn days(first: NaiveDate, last: Option<NaiveDate>) -> Self {
        let interval = |last| Self::Interval(Period::Day(first), Period::Day(last));
        last.map_or_else(|| Self::day(first), interval)
    }

    /// Parses a date.
    ///
    /// # Errors
    /// A message that contains the text and the valid forms.
    pub fn parse(text: &str) -> Result<Self, String> {
        let date = if let Some((first, last)) = text.split_once('/') {
            Period::parse(first)
                .zip(Period::parse(last))
                .map(|(first, last)| Self::Interval(first, last))
        } else if let Some(text) = text.strip_suffix('~') {
            Period::parse(text).map(Self::Approximate)
        } else {
            Period::parse(text).map(Self::Exact)
        };
        match date {
            Some(date) if date.last_day() < date.first_day() => {
                Err(format!("{} ends before it begins: write the earlier date first", quote(text)))
            }
            Some(date) => Ok(date),
            None => Err(format!("{} is not a date: write {FORMS}", quote(text))),
        }
    }

    /// The day, if the date is an exact day.
    #[must_use]
    pub fn as_day(self) -> Option<NaiveDate> {
        match self {
            Self::Exact(Period::Day(day)) => Some(day),
            _ => None,
        }
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Exact(period) | Self::Approximate(period) | Self::Interval(period, _) => {
                period.first_day()
            }
        }
    }

    /// The last day that the date may mean.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Exact(period) | Self::Approximate(period) | Self::Interval(_, period) => {
                period.last_day()
            }
        }
    }

    /// The days of an event with this date. For an interval, the first and the last day. For other dates, only the last
    /// day that the date may mean.
    #[must_use]
    pub fn event_days(self) -> (NaiveDate, Option<NaiveDate>) {
        match self {
            Self::Interval(first, last) => (first.first_day(), Some(last.last_day())),
            Self::Exact(_) | Self::Approximate(_) => (self.last_day(), None),
        }
    }

    /// The EDTF text, unless the date is an exact day. It is stored beside [`Self::last_day`].
    #[must_use]
    pub fn text_beside_last_day(self) -> Option<String> {
        (self != Self::day(self.last_day())).then(|| self.to_string())
    }

    /// The EDTF text, unless the date is an exact day or an interval of days. It is stored beside [`Self::event_days`].
    #[must_use]
    pub fn text_beside_event_days(self) -> Option<String> {
        let (first, last) = self.event_days();
        (self != Self::days(first, last)).then(|| self.to_string())
    }

    /// The date and its last day, for messages: `2015-02 (last day 2015-02-28)`. An exact day is printed alone.
    #[must_use]
    pub fn with_last_day(self) -> String {
        match self.as_day() {
            Some(day) => day.to_string(),
            None => format!("{self} (last day {})", self.last_day()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first_day();
        match self {
            Self::Day(_) => write!(formatter, "{day}"),
            Self::Month(_) => write!(formatter, "{:04}-{:02}", day.year(), day.month()),
            Self::Year(_) => write!(formatter, "{:04}", day.year()),
        }
    }
}

impl fmt::Display for EdtfDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(period) => write!(formatter, "{period}"),
            Self::Approximate(period) => write!(formatter, "{period}~"),
            Self::Interval(first, last) => write!(formatter, "{first}/{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period() -> impl Strategy<Value = Period> {
        (1_i32..=9999, 1_u32..=12, 1_u32..=31, 0..3).prop_filter_map(
            "no such day",
            |(year, month, day, precision)| match precision {
                0 => NaiveDate::from_ymd_opt(year, month, day).map(Period::Day),
                1 => NaiveDate::from_ymd_opt(year, month, 1).map(Period::Month),
                _ => NaiveDate::from_ymd_opt(year, 1, 1).map(Period::Year),
            },
        )
    }

    fn date() -> impl Strategy<Value = EdtfDate> {
        prop_oneof![
            period().prop_map(EdtfDate::Exact),
            period().prop_map(EdtfDate::Approximate),
            (period(), period()).prop_map(|(one, other)| {
                if one.first_day() <= other.last_day() {
                    EdtfDate::Interval(one, other)
                } else {
                    EdtfDate::Interval(other, one)
                }
            }),
        ]
    }

    #[test]
    fn dates_have_their_first_and_last_day() {
        for (text, first, last) in [
            ("2015-02-14", "2015-02-14", "2015-02-14"),
            ("2015-02", "2015-02-01", "2015-02-28"),
            ("2016-02", "2016-02-01", "2016-02-29"),
            ("2015-12", "2015-12-01", "2015-12-31"),
            ("2015", "2015-01-01", "2015-12-31"),
            ("9999", "9999-01-01", "9999-12-31"),
            ("2015-02-14~", "2015-02-14", "2015-02-14"),
            ("2015-02~", "2015-02-01", "2015-02-28"),
            ("2015~", "2015-01-01", "2015-12-31"),
            ("2015-02-01/2015-02-14", "2015-02-01", "2015-02-14"),
            ("2015-02/2015-03-14", "2015-02-01", "2015-03-14"),
            ("2014/2015-02", "2014-01-01", "2015-02-28"),
        ] {
            let date = EdtfDate::parse(text).unwrap();
            assert_eq!((date.first_day(), date.last_day()), (day(first), day(last)), "{text}");
        }
    }

    #[test]
    fn only_dates_of_the_supported_forms_are_accepted() {
        for text in [
            "",
            "~",
            "/",
            "2015-13",
            "2015-00",
            "2015-02-30",
            "2015-2-14",
            "2015-02-1",
            "15-02-14",
            "0000",
            "12015",
            "+2015",
            "-2015",
            "20150214",
            "2015-02-14-01",
            " 2015",
            "2015?",
            "2015%",
            "201X",
            "2015-21",
            "2015-02-14T10:00",
            "2015~~",
            "~2015",
            "2015-02-01~/2015-02-14",
            "2015-02-01/2015-02-14~",
            "2015/2016/2017",
            "2015/",
            "/2015",
            "2015/..",
            "February 2015",
            "٢٠١٥",
        ] {
            let message = EdtfDate::parse(text).unwrap_err();
            assert!(message.contains(FORMS) && message.contains(&quote(text)), "{text}: {message}");
        }
        let message = EdtfDate::parse("2015-03/2015-02").unwrap_err();
        assert_eq!(
            message,
            "“2015-03/2015-02” ends before it begins: write the earlier date first"
        );
    }

    #[test]
    fn only_an_exact_day_is_a_day() {
        let date = |text| EdtfDate::parse(text).unwrap();
        assert_eq!(date("2015-02-14").as_day(), Some(day("2015-02-14")));
        assert_eq!(date("2015-02-14").with_last_day(), "2015-02-14");
        for (text, printed) in [
            ("2015-02", "2015-02 (last day 2015-02-28)"),
            ("2015-02-14~", "2015-02-14~ (last day 2015-02-14)"),
            ("2015-02-01/2015-02-14", "2015-02-01/2015-02-14 (last day 2015-02-14)"),
        ] {
            assert_eq!(date(text).as_day(), None, "{text}");
            assert_eq!(date(text).with_last_day(), printed);
        }
    }

    proptest! {
        #[test]
        fn printed_date_parses_to_the_same_date(date in date()) {
            prop_assert_eq!(EdtfDate::parse(&date.to_string()), Ok(date));
        }

        #[test]
        fn parsed_text_prints_as_it_was_written(text in "[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?(~|/[0-9]{4}(-0[1-9])?)?") {
            if let Ok(date) = EdtfDate::parse(&text) {
                prop_assert_eq!(date.to_string(), text);
            }
        }

        #[test]
        fn any_text_is_parsed_without_panic(text in "[-0-9~/]{0,24}|.{0,12}") {
            let _ = EdtfDate::parse(&text);
        }

        #[test]
        fn last_day_is_not_before_the_first(date in date()) {
            prop_assert!(date.first_day() <= date.last_day());
        }

        #[test]
        fn last_day_is_the_last_that_the_text_names(period in period()) {
            // The text of a day begins with the text of its period. The day after `last` belongs to the next period.
            let last = EdtfDate::Exact(period).last_day();
            let text = period.to_string();
            prop_assert!(last.to_string().starts_with(&text));
            prop_assert!(!last.succ_opt().unwrap().to_string().starts_with(&text));
        }

        #[test]
        fn days_and_the_text_that_is_stored_with_them_give_the_date_back(date in date()) {
            let stored = |text: Option<String>, days| text.map_or(Ok(days), |text| EdtfDate::parse(&text));
            prop_assert_eq!(stored(date.text_beside_last_day(), EdtfDate::day(date.last_day())), Ok(date));
            let (first, last) = date.event_days();
            prop_assert_eq!(stored(date.text_beside_event_days(), EdtfDate::days(first, last)), Ok(date));
            prop_assert_eq!(last.unwrap_or(first), date.last_day());
        }
    }
}
