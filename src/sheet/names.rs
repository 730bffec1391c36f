//! Finds the records that cells name.

use std::collections::{HashMap, HashSet};

use super::column::plain;
use crate::db::common_name::{self, CommonNames};
use crate::db::{DbConnection, Error};

/// The names of the recorded parties, agreements and proposals.
#[derive(Debug, Clone, Default)]
pub struct Names {
    party_slugs: HashSet<String>,
    /// The slugs of parties by name. `None` if several parties have the name.
    parties: HashMap<String, Option<String>>,
    instrument_slugs: HashMap<String, String>,
    /// The slugs of agreements and proposals by name. `None` if several have the name.
    instruments: HashMap<String, Option<String>>,
}

/// Words that may come before a number.
const NUMBER_WORDS: [&str; 7] = ["clause ", "caveat ", "article ", "art. ", "art ", "point ", "§"];

impl Names {
    /// The names of these parties, and of these agreements and proposals.
    #[must_use]
    pub fn new(parties: &[CommonNames], instruments: &[CommonNames]) -> Self {
        Self {
            party_slugs: parties.iter().map(|party| party.slug.clone()).collect(),
            parties: slugs_by_name(parties),
            instrument_slugs: instruments
                .iter()
                .map(|instrument| (plain(&instrument.slug), instrument.slug.clone()))
                .collect(),
            instruments: slugs_by_name(instruments),
        }
    }

    /// The names of all records that are not archived.
    ///
    /// # Errors
    /// Database errors.
    pub fn load(connection: &mut DbConnection) -> Result<Self, Error> {
        let parties = common_name::of_parties(connection)?;
        Ok(Self::new(&parties, &common_name::of_instruments(connection)?))
    }

    /// The slug of the party with this slug, or of the only party with this name. If there is no such party,
    /// returns the text of the cell.
    #[must_use]
    pub fn party(&self, cell: &str) -> String {
        let called = || self.parties.get(&plain(cell)).cloned().flatten();
        let slug = if self.party_slugs.contains(cell) { None } else { called() };
        slug.unwrap_or_else(|| cell.to_owned())
    }

    /// The name of a clause, caveat or proposal for the API: `minsk-2/9` for `minsk-2/9`, `Minsk II, 9`, `Minsk II 9` or
    /// `Minsk II, clause 9`. If the text has none of these forms, returns the text of the cell.
    #[must_use]
    pub fn subject(&self, cell: &str) -> String {
        let is_separator = |c: char| c == ',' || c == '/' || c.is_whitespace();
        if let Some(slug) = self.instrument(cell) {
            return slug.to_owned();
        }
        for (index, _) in cell.match_indices(is_separator) {
            let (owner, number) = cell.split_at(index);
            let Some(slug) = self.instrument(owner.trim_end_matches(is_separator)) else {
                continue;
            };
            let number = without_word(number.trim_start_matches(is_separator));
            if !number.is_empty() && !number.contains(char::is_whitespace) {
                return format!("{slug}/{number}");
            }
        }
        cell.to_owned()
    }

    /// The slug of the agreement or proposal with this slug, or of the only one with this name.
    fn instrument(&self, text: &str) -> Option<&str> {
        let text = plain(text);
        let named = || self.instruments.get(&text)?.as_ref();
        self.instrument_slugs.get(&text).or_else(named).map(String::as_str)
    }
}

/// The slugs of the records by name. `None` if several have the name.
fn slugs_by_name(records: &[CommonNames]) -> HashMap<String, Option<String>> {
    let mut slugs = HashMap::new();
    for CommonNames { slug, names } in records {
        for name in names {
            let only = slugs.entry(plain(name)).or_insert_with(|| Some(slug.clone()));
            if only.as_ref() != Some(slug) {
                *only = None;
            }
        }
    }
    slugs
}

/// The number without the word before it.
fn without_word(number: &str) -> &str {
    let word = NUMBER_WORDS.iter().find_map(|word| {
        let start = number.get(..word.len())?;
        start.eq_ignore_ascii_case(word).then_some(word.len())
    });
    word.and_then(|length| number.get(length..)).unwrap_or(number).trim_start()
}
