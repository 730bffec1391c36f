//! The day and the viewpoint of a page, which are parameters of its address.

use chrono::{Months, NaiveDate};
use url::form_urlencoded;

use crate::domain::day;
use crate::domain::text::quote;

/// The day and the viewpoint of a page.
pub struct View {
    /// The page shows the statuses at the end of this day. `None` for the latest day.
    pub as_of: Option<NaiveDate>,
    /// The first and the last day of a period: the parameters `from` and `to`.
    pub period: (Option<NaiveDate>, Option<NaiveDate>),
    /// The id or slug of the party that holds the view. None for the neutral record.
    pub held_by: Option<String>,
}

impl View {
    /// The view in a query string. Empty values count as missing. Reads `from` and `to` only if `has_period`.
    ///
    /// # Errors
    /// Fails with a message if a day is invalid.
    pub fn parse(query: &str, has_period: bool) -> Result<Self, String> {
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let value = pairs.find(|(key, _)| key == name)?.1.into_owned();
            (!value.is_empty()).then_some(value)
        };
        let day = |name| value(name).map(|text| parse_day(&text)).transpose();
        Ok(Self {
            as_of: day("asOf")?,
            period: if has_period { (day("from")?, day("to")?) } else { (None, None) },
            held_by: value("heldBy"),
        })
    }

    /// The day as `YYYY-MM-DD`. Default: today, so assessments with a later day have no effect yet.
    pub fn day(&self) -> String {
        self.as_of.unwrap_or_else(day::today).to_string()
    }

    /// The two days of a comparison in the format of the API, in order. `to` defaults to today, and `from` to one year
    /// before `to`.
    pub fn days(&self) -> (String, String) {
        let (from, to) = self.period;
        let to = to.unwrap_or_else(day::today);
        let from = from.unwrap_or_else(|| to.checked_sub_months(Months::new(12)).unwrap_or(to));
        (from.min(to).to_string(), from.max(to).to_string())
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    day.filter(|day| day.to_string() == text)
        .ok_or_else(|| format!("{} is not a valid date. Write dates as 2022-02-24.", quote(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_and_viewpoint_are_read_from_the_query() {
        let view =
            View::parse("a=b&asOf=2015-02-12&heldBy=ru&asOf=2016-01-01&to=x", false).unwrap();
        assert_eq!((view.day().as_str(), view.held_by.as_deref()), ("2015-02-12", Some("ru")));
        let empty = View::parse("asOf=&heldBy=", true).unwrap();
        assert!(empty.as_of.is_none() && empty.held_by.is_none());
        let compared = View::parse("from=2016-02-29&to=2015-01-01", true).unwrap();
        assert_eq!(compared.days(), ("2015-01-01".to_owned(), "2016-02-29".to_owned()));
        for text in ["2015-2-12", "2015-02-30", "12.2.2015", "+2015-02-12", "%3Cscript%3E"] {
            assert!(View::parse(&format!("asOf={text}"), false).is_err(), "{text}");
        }
    }
}
