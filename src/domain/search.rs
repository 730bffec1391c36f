//! Search: splitting texts into words, weighting matches, and cutting excerpts.
//!
//! Relevance is computed here and in `db::search`, in integers, so both databases give the same ranking. A record matches if it
//! contains all words of the query. The last word may be a prefix. The score of a word depends on its field ([`Field`]), the
//! number of its occurrences, and its rarity among all records ([`rarity`]). A record whose reference equals the query comes
//! first ([`REFERENCE`]).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::string_enum::string_enum;
use super::text::fold;
use words::{runs, words};

mod excerpt;
mod spelling;
#[cfg(test)]
mod tests;
mod words;

pub use excerpt::{Excerpt, excerpt};
pub use spelling::{Candidate, MAX_RARE_RECORDS, Tolerance, can_match_misspelt, suggestions};

/// Increase this version when the same records would produce a different index. Servers rebuild older indexes when they
/// start.
pub const VERSION: i32 = 6;
/// The maximum length of a query, in characters.
pub const MAX_QUERY_LENGTH: usize = 200;
/// The maximum number of different words in a query.
pub const MAX_WORDS: usize = 16;
/// The number of significant characters of a word. Longer words are equal if these characters are equal.
pub const MAX_WORD_LENGTH: usize = 64;
/// The score of a record whose reference equals the query. Greater than the score of a name plus the scores of all words.
pub const REFERENCE: i32 = 2_000_000;
/// The score of a proposal, caveat or party if each word is in its name or in the name of its container. Greater than
/// the scores of all words together. Agreements and clauses get twice this score.
pub const NAMED: i32 = 700_000;
/// The deduction if a word matches only with a misspelt letter. Greater than all scores together.
pub const MISSPELT: i32 = 5_000_000;
/// The minimum weight of a word in a name. Words that do not occur in a name weigh less.
pub const NAME_WEIGHT: i32 = 40;
/// The weight that an assessed record gets for a word in the note of its assessment or in the title of the evidence.
pub const MENTION_WEIGHT: i32 = 4;
/// The weight of a word that a record inherits from the name of its container. It is half of the minimum weight of a
/// word in the record's own name.
const INHERITED: i32 = NAME_WEIGHT / 2;

string_enum! {
    /// The kinds of records that can be searched. A kind of container comes before the kind of the records in it.
    SearchKind {
        /// Agreements.
        Agreement = "agreement",
        /// Clauses.
        Clause = "clause",
        /// Proposals.
        Proposal = "proposal",
        /// Caveats.
        Caveat = "caveat",
        /// Events.
        Event = "event",
        /// Parties.
        Party = "party",
        /// Sources.
        Source = "source",
    }
}

/// The field of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A name: title, heading, number.
    Name,
    /// The title of an event or source. Such a title describes rather than names.
    Title,
    /// A label with little meaning by itself: a slug, a place, a number without dots.
    Label,
    /// A summary.
    Summary,
    /// A verbatim text or a note.
    Text,
}

impl Field {
    /// The weight of a word that occurs `times` times in this field. More than three occurrences count as three.
    fn weight(self, times: i32) -> i32 {
        let weight = match self {
            Self::Name => NAME_WEIGHT / 2,
            Self::Title => 8,
            Self::Label => 4,
            Self::Summary => 3,
            Self::Text => 2,
        };
        weight * (times.min(3) + 1)
    }
}

/// A text of a record, with its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedText<'a> {
    /// The field.
    pub field: Field,
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether the records in this record inherit the text as part of their names: `Minsk II` in `Minsk II, 9`.
    pub is_inherited: bool,
}

impl<'a> IndexedText<'a> {
    /// A text in this field.
    pub fn new(field: Field, text: impl Into<Cow<'a, str>>) -> Self {
        Self { field, text: text.into(), is_inherited: false }
    }

    /// The same text, inherited by the records in this record.
    #[must_use]
    pub fn inherited(self) -> Self {
        Self { is_inherited: true, ..self }
    }

    /// The texts of a clause or caveat. `texts` are number, heading, summary, text, note and interpretations.
    #[must_use]
    pub fn of_point(texts: &[Option<&'a str>]) -> Vec<Self> {
        let &[Some(number), Some(heading), Some(summary), text, note, interpretations] = texts
        else {
            return Vec::new();
        };
        let mut indexed_texts = vec![
            Self::new(Field::Name, format!("{number} {heading}")),
            Self::new(Field::Summary, summary),
        ];
        let texts = [text, note, interpretations].into_iter().flatten();
        indexed_texts.extend(texts.map(|text| Self::new(Field::Text, text)));
        // A search for `4a` also finds the number `4.a`.
        let run_together = number.replace(['.', '-'], "");
        if run_together != number {
            indexed_texts.push(Self::new(Field::Label, run_together));
        }
        indexed_texts
    }
}

/// The folded letters and digits of a text, for comparing references: `Minsk II, 11.a` and `minsk ii 11a` are equal.
#[must_use]
pub fn run_together(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The weight of a word in a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// The weight for the record itself.
    pub own: i32,
    /// The weight for the records in this record. 0 if they do not inherit the word.
    pub inherited: i32,
}

/// The words of a record, with their weights.
#[must_use]
pub fn index(indexed_texts: &[IndexedText<'_>]) -> BTreeMap<String, Weight> {
    let mut index: BTreeMap<String, Weight> = BTreeMap::new();
    for field in [Field::Name, Field::Title, Field::Label, Field::Summary, Field::Text] {
        let mut times: BTreeMap<String, i32> = BTreeMap::new();
        for indexed_text in indexed_texts.iter().filter(|indexed_text| indexed_text.field == field)
        {
            for word in words(&indexed_text.text) {
                if indexed_text.is_inherited {
                    index.entry(word.folded.clone()).or_default().inherited = INHERITED;
                }
                *times.entry(word.folded).or_default() += 1;
            }
        }
        for (word, times) in times {
            index.entry(word).or_default().own += field.weight(times);
        }
    }
    index
}

/// The words of a record that a misspelt word can match, each as the record first spells it.
#[must_use]
pub fn spellings(indexed_texts: &[IndexedText<'_>]) -> BTreeMap<String, String> {
    let mut spellings = BTreeMap::new();
    for indexed_text in indexed_texts {
        for word in words(&indexed_text.text) {
            let spelling = indexed_text.text.get(word.bytes).unwrap_or_default();
            // Longer spellings contain invisible characters or many accents.
            if can_match_misspelt(&word.folded) && spelling.chars().count() <= MAX_WORD_LENGTH {
                spellings.entry(word.folded).or_insert_with(|| spelling.to_owned());
            }
        }
    }
    spellings
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The folded word.
    pub word: String,
    /// Whether the term also matches longer words that begin with `word`.
    pub is_prefix: bool,
    /// Similar indexed words, which also match because one letter may be misspelt.
    pub near: Vec<String>,
}

impl Term {
    fn new(word: String, is_prefix: bool) -> Self {
        Self { word, is_prefix, near: Vec::new() }
    }

    /// The upper bound of the range of matching words, by code points. The word itself is the lower bound.
    #[must_use]
    pub fn last(&self) -> String {
        if self.is_prefix { last_with_prefix(&self.word) } else { self.word.clone() }
    }

    /// Whether a word matches without a misspelling.
    fn finds(&self, word: &str) -> bool {
        if self.is_prefix { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// The upper bound of the range of words with this prefix, by code points.
#[must_use]
pub fn last_with_prefix(prefix: &str) -> String {
    // This is the greatest character, and no word contains it.
    format!("{prefix}\u{10FFFF}")
}

/// The distinct words of a query; the last one may be a prefix. Only letters and digits are significant.
#[must_use]
pub fn terms(query: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut runs = runs(query).into_iter().peekable();
    while let Some(run) = runs.next() {
        let is_last = runs.peek().is_none();
        for word in run.searched() {
            // In scripts without spaces, indexed words are pairs of letters, so a single letter is a prefix.
            let is_single = word.chars().nth(1).is_none();
            let is_prefix = if run.is_unspaced { is_single } else { is_last };
            // If the last word repeats an earlier whole word, it is not a prefix.
            if !terms.iter().any(|term| term.word == word) {
                terms.push(Term::new(word, is_prefix));
            }
        }
    }
    terms
}

/// The rarity of a word: 8 if every record contains it, and 8 more each time the number of records that contain it is halved.
#[must_use]
pub fn rarity(documents: i64, records: i64) -> i64 {
    // The ratio is in units of 1/256. The logarithm is interpolated linearly between powers of 2.
    let ratio = (documents.max(1).saturating_mul(256) / records.max(1)).max(256);
    let whole = ratio.ilog2();
    8 * (i64::from(whole) - 7) + (ratio.saturating_mul(8) >> whole) - 8
}
