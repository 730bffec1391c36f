//! The schedule by which the server sends undelivered messages again.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};

/// The longest time that a receiver can ask the server to wait with `Retry-After`.
pub const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);
/// The maximum number of delays in a schedule.
const MAX_DELAYS: usize = 50;
/// The longest delay in a schedule.
const MAX_DELAY: Duration = Duration::from_hours(7 * 24);

/// The delays between the attempts to deliver a message. After the last attempt has failed, the webhook is disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetrySchedule(Vec<Duration>);

impl Default for RetrySchedule {
    /// The schedule that the specification recommends: ten attempts within three and a half days.
    fn default() -> Self {
        const SECONDS: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        Self(SECONDS.map(Duration::from_secs).to_vec())
    }
}

impl RetrySchedule {
    /// Parses delays that are separated by commas, such as `5s,5m,2h`.
    ///
    /// # Errors
    /// A message that names the invalid delay and the valid form.
    pub fn parse(text: &str) -> Result<Self, String> {
        let delays: Result<Vec<Duration>, String> = text.split(',').map(parse_delay).collect();
        let delays = delays?;
        if delays.len() > MAX_DELAYS {
            return Err(format!("has {} delays; at most {MAX_DELAYS} are valid", delays.len()));
        }
        Ok(Self(delays))
    }

    /// The delay after this number of failed attempts. `None` if the number is 0, or if there are no more attempts.
    #[must_use]
    pub fn delay_after(&self, failures: i32) -> Option<Duration> {
        let index = usize::try_from(failures.checked_sub(1)?).ok()?;
        self.0.get(index).copied()
    }
}

impl fmt::Display for RetrySchedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, delay) in self.0.iter().enumerate() {
            let seconds = delay.as_secs();
            let (number, unit) = match seconds {
                seconds if seconds > 0 && seconds.is_multiple_of(3_600) => (seconds / 3_600, 'h'),
                seconds if seconds > 0 && seconds.is_multiple_of(60) => (seconds / 60, 'm'),
                seconds => (seconds, 's'),
            };
            let comma = if index > 0 { "," } else { "" };
            write!(formatter, "{comma}{number}{unit}")?;
        }
        Ok(())
    }
}

fn parse_delay(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let factor = match text.chars().next_back() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        _ => 0_u64,
    };
    let digits = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| is_number && factor > 0);
    let seconds = number.and_then(|number| number.checked_mul(factor));
    let delay = seconds.map(Duration::from_secs).filter(|delay| *delay <= MAX_DELAY);
    delay.ok_or_else(|| {
        format!(
            "{} is not a delay of at most seven days; valid: a whole number with s, m or h, such as 5m",
            super::text::quote(text)
        )
    })
}

/// The time for which a receiver asks the server to wait, from the value of its header `Retry-After`: a number of
/// seconds, or an HTTP date. At most [`MAX_RETRY_AFTER`]. None if the value is invalid.
#[must_use]
pub fn retry_after(value: &str, now: NaiveDateTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if let Ok(seconds) = value.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = DateTime::parse_from_rfc2822(value).ok()?.naive_utc();
        until.signed_duration_since(now).to_std().unwrap_or_default()
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEFAULT: &str = "5s,5m,30m,2h,5h,10h,14h,20h,24h";

    #[test]
    fn default_schedule_has_ten_attempts() {
        let schedule = RetrySchedule::default();
        assert_eq!(schedule.to_string(), DEFAULT);
        assert_eq!(RetrySchedule::parse(DEFAULT), Ok(schedule.clone()));
        assert_eq!(schedule.delay_after(0), None);
        assert_eq!(schedule.delay_after(1), Some(Duration::from_secs(5)));
        assert_eq!(schedule.delay_after(9), Some(Duration::from_hours(24)));
        assert_eq!(schedule.delay_after(10), None);
        assert_eq!(schedule.delay_after(i32::MIN), None);
    }

    #[test]
    fn invalid_delays_are_named() {
        for (text, part) in [
            ("", "“” is not a delay"),
            ("5s,,5m", "“” is not a delay"),
            ("5s,five", "“five” is not a delay"),
            ("5", "“5” is not a delay"),
            ("+5s", "“+5s” is not a delay"),
            ("5d", "“5d” is not a delay"),
            ("s", "“s” is not a delay"),
            ("169h", "“169h” is not a delay"),
            ("99999999999999999999h", "is not a delay"),
            ("5é", "“5é” is not a delay"),
        ] {
            let message = RetrySchedule::parse(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
        let message = RetrySchedule::parse(&["1s"; 51].join(",")).unwrap_err();
        assert!(message.contains("has 51 delays"), "{message}");
    }

    #[test]
    fn retry_after_is_seconds_or_a_time() {
        let now = DateTime::parse_from_rfc3339("1994-11-06T08:49:30Z").unwrap().naive_utc();
        for (value, expected) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("86400", Some(3_600)),
            ("18446744073709551615", Some(3_600)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(value, now), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn schedule_is_parsed_as_it_was_written(seconds in prop::collection::vec(0_u64..600_000, 1..50)) {
            let schedule = RetrySchedule(seconds.into_iter().map(Duration::from_secs).collect());
            prop_assert_eq!(RetrySchedule::parse(&schedule.to_string()), Ok(schedule));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,40}") {
            let _ = RetrySchedule::parse(&text);
            let wait = retry_after(&text, NaiveDateTime::default());
            prop_assert!(wait.is_none_or(|wait| wait <= MAX_RETRY_AFTER));
        }
    }
}
