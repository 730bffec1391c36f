//! Dates in cells.

use chrono::NaiveDate;

use crate::domain::edtf::EdtfDate;
use crate::domain::text::quote;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Parses a date in the format of the API, or a day in a usual format, such as `5 March 2022`, `March 5, 2022`, `05.03.2022`
/// or `25/03/2022`.
///
/// # Errors
/// A sentence that describes the error.
pub fn parse(cell: &str) -> Result<EdtfDate, String> {
    if let Ok(date) = EdtfDate::parse(cell) {
        return Ok(date);
    }
    let mut days = candidates(cell);
    days.dedup();
    match days.as_slice() {
        [] => Err(format!(
            "{} is not a date. Write 2022-03-05, 5 March 2022 or 05.03.2022.",
            quote(cell)
        )),
        [day] => Ok(EdtfDate::day(*day)),
        [first, other, ..] => Err(format!(
            "{} can mean {} or {}. Write the month as a word, or the date as 2022-03-05.",
            quote(cell),
            first.format("%-d %b %Y"),
            other.format("%-d %b %Y")
        )),
    }
}

/// The days that the text may mean.
fn candidates(text: &str) -> Vec<NaiveDate> {
    let plain = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    // A numeric date may be followed by a time.
    let date = plain.split([' ', 't']).next().unwrap_or_default();
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = date.split(separator).collect();
        if let [year, month, day] = parts.as_slice()
            && year.len() == 4
        {
            return day_of(year, month, day).into_iter().collect();
        }
    }
    let parts: Vec<&str> = plain.split('.').map(str::trim_start).collect();
    if let [day, month, year] = parts.as_slice()
        && let Some(day) = day_of(year, month, day)
    {
        return vec![day];
    }
    for separator in ['/', '-'] {
        let parts: Vec<&str> = plain.split(separator).collect();
        if let [first, second, year] = parts.as_slice() {
            let days = [day_of(year, second, first), day_of(year, first, second)];
            return days.into_iter().flatten().collect();
        }
    }
    in_words(&plain).into_iter().collect()
}

/// Parses a day with the name of its month: `5 march 2022`, `5th of mar. 2022`, `sat, march 5, 2022`.
fn in_words(plain: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = plain.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        [weekday, rest @ ..] if WEEKDAYS.iter().any(|name| weekday.starts_with(name)) => rest,
        words => words,
    };
    let month = |word: &str| {
        let word = word.trim_end_matches('.');
        let index = MONTHS.iter().position(|name| word.starts_with(name))?;
        word.bytes().all(|byte| byte.is_ascii_lowercase()).then(|| (index + 1).to_string())
    };
    let day = |word: &str| {
        let endings = ["st", "nd", "rd", "th", "."];
        endings.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word).to_owned()
    };
    match *words {
        [first, "of", second, year] | [first, second, year] => match month(second) {
            Some(month) => day_of(year, &month, &day(first)),
            None => day_of(year, &month(first)?, &day(second)),
        },
        _ => None,
    }
}

fn day_of(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str, most: usize| {
        let is_number =
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = number(year, 4).filter(|_| year.len() == 4).filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(day, 2)?)
}
