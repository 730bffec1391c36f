//! Intervals: the distances between the days of a time series.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::string_enum::string_enum;

string_enum! {
    /// The distance between the points of a series.
    Interval {
        /// A day.
        Day = "day",
        /// A week, from Monday to Sunday (ISO 8601).
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A calendar quarter.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

/// The maximum number of points in a series.
pub const MAX_POINTS: usize = 1_000;

/// The reason why a series is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSeries {
    /// The end is before the start.
    Backwards,
    /// The series would have more than [`MAX_POINTS`] points.
    TooLong,
}

impl Interval {
    /// The last day of the interval that contains `day`. `None` if the calendar of `chrono` ends before that day.
    #[must_use]
    pub fn last_day(self, day: NaiveDate) -> Option<NaiveDate> {
        let first_of_next = |first: NaiveDate, months: u32| {
            first.checked_add_months(Months::new(months))?.checked_sub_days(Days::new(1))
        };
        let first_of_month = day.with_day(1)?;
        match self {
            Self::Day => Some(day),
            Self::Week => {
                let until_sunday = 6 - day.weekday().num_days_from_monday();
                day.checked_add_days(Days::new(u64::from(until_sunday)))
            }
            Self::Month => first_of_next(first_of_month, 1),
            Self::Quarter => first_of_next(first_of_month.with_month(day.month0() / 3 * 3 + 1)?, 3),
            Self::Year => first_of_next(first_of_month.with_month(1)?, 12),
        }
    }

    /// The days of a series: the last day of each interval, starting with the interval that contains `from`, and finally
    /// `to`.
    ///
    /// # Errors
    /// `to` is before `from`, or there are too many days.
    pub fn points(self, from: NaiveDate, to: NaiveDate) -> Result<Vec<NaiveDate>, NoSeries> {
        if from > to {
            return Err(NoSeries::Backwards);
        }
        let mut points = Vec::new();
        let mut next = self.last_day(from);
        while let Some(day) = next.filter(|day| *day < to) {
            points.push(day);
            if points.len() >= MAX_POINTS {
                return Err(NoSeries::TooLong);
            }
            next = day.succ_opt().and_then(|day| self.last_day(day));
        }
        points.push(to);
        Ok(points)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::StringEnum;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn points_are_the_ends_of_intervals_and_the_last_day() {
        let texts = |every: Interval, from: &str, to: &str| -> Vec<String> {
            every.points(day(from), day(to)).unwrap().iter().map(NaiveDate::to_string).collect()
        };
        let months = texts(Interval::Month, "2015-12-15", "2016-03-10");
        assert_eq!(months, ["2015-12-31", "2016-01-31", "2016-02-29", "2016-03-10"]);
        let quarters = texts(Interval::Quarter, "2015-02-12", "2015-12-31");
        assert_eq!(quarters, ["2015-03-31", "2015-06-30", "2015-09-30", "2015-12-31"]);
        assert_eq!(texts(Interval::Year, "2015-02-12", "2016-02-12"), ["2015-12-31", "2016-02-12"]);
        // 15 February 2015 was a Sunday.
        assert_eq!(texts(Interval::Week, "2015-02-12", "2015-02-17"), ["2015-02-15", "2015-02-17"]);
        assert_eq!(texts(Interval::Day, "2015-02-12", "2015-02-13"), ["2015-02-12", "2015-02-13"]);
    }

    #[test]
    fn series_that_end_before_they_begin_or_are_too_long_are_rejected() {
        let points = |from: &str, to: &str| Interval::Day.points(day(from), day(to));
        assert_eq!(points("2015-02-13", "2015-02-12"), Err(NoSeries::Backwards));
        assert_eq!(
            points("2015-01-01", "2017-09-27").map(|points| points.len()),
            Err(NoSeries::TooLong)
        );
        assert_eq!(points("2015-01-01", "2017-09-26").map(|points| points.len()), Ok(MAX_POINTS));
        assert_eq!(Interval::Day.points(NaiveDate::MIN, NaiveDate::MAX), Err(NoSeries::TooLong));
    }

    proptest! {
        #[test]
        fn points_rise_from_the_first_day_to_the_last(
            start in 0u64..3_000_000, length in 0u64..30_000, every in prop::sample::select(Interval::ALL)
        ) {
            let from = NaiveDate::from_ymd_opt(1, 1, 1).unwrap() + Days::new(start);
            let to = from + Days::new(length);
            if let Ok(points) = every.points(from, to) {
                prop_assert!(points.is_sorted_by(|earlier, later| earlier < later));
                prop_assert_eq!(points.last(), Some(&to));
                for point in &points {
                    prop_assert!((from..=to).contains(point));
                    prop_assert!(*point == to || every.last_day(*point) == Some(*point));
                }
            } else {
                prop_assert!(length >= 999);
            }
        }
    }
}
