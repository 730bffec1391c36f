//! Search: what a text's words are, how much each weighs, and which piece of a text is shown with a match.
//!
//! The rule of relevance is written here and in `db::search`, in whole numbers, so that every database ranks alike. A
//! record is found when it has every word that is asked for, the last of them as the beginning of a word. Each word
//! counts by where it stands ([`Field`]) and how often, and by how rare it is among all records ([`rarity`]). What is
//! asked for by its reference comes before all else ([`REFERENCE`]).

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
pub use spelling::{Candidate, MAX_RARE_RECORDS, Tolerance, can_be_meant, suggestions};

/// Counts up when the same records would make another index: an older one is rebuilt at the start of a server.
pub const VERSION: i32 = 4;
/// Largest length of what is searched for, in characters.
pub const MAX_QUERY_LENGTH: usize = 200;
/// How many different words can be searched for at once.
pub const MAX_WORDS: usize = 16;
/// How many characters of a word count; longer ones are alike if they begin alike.
pub const MAX_WORD_LENGTH: usize = 64;
/// What it counts that a record's own reference was asked for: more than a name and all words together can.
pub const REFERENCE: i32 = 2_000_000;
/// What it counts that every word stands in the name of a proposal, a caveat or a party, or in that of its container: more
/// than all words together can. For an agreement or a clause, it counts twice.
pub const NAMED: i32 = 700_000;
/// What it takes away that a word is found only with a misspelt letter: more than all else together can count.
pub const MISSPELT: i32 = 5_000_000;
/// The weight that a word of a name has at least. A word that stands in no name has less.
pub const NAME_WEIGHT: i32 = 40;
/// The weight of a word that stands in the note of an assessment or in the title of its evidence, for what is assessed.
pub const MENTION_WEIGHT: i32 = 4;
/// The weight of a word of a container's name for what is in it: half of what it has in a name of its own.
const INHERITED: i32 = NAME_WEIGHT / 2;

string_enum! {
    /// The kinds of records that can be searched. Containers come before what is in them.
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

/// Where in a record a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// In what the record is called: title, heading, number.
    Name,
    /// In the title of an event or a source, which says what it is about.
    Title,
    /// In a label, which tells little by itself: a slug, a place, a number without its dots.
    Label,
    /// In what is said about it.
    Summary,
    /// In what it says itself, or in a note.
    Text,
}

impl Field {
    /// How much a word weighs that stands there so many times. The second and third time add to it, more do not.
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

/// A text of a record, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedText<'a> {
    /// Where it stands.
    pub field: Field,
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether it names what is in the record, too, as `Minsk II` does in `Minsk II, 9`.
    pub is_lent: bool,
}

impl<'a> IndexedText<'a> {
    /// A text that stands there.
    pub fn new(field: Field, text: impl Into<Cow<'a, str>>) -> Self {
        Self { field, text: text.into(), is_lent: false }
    }

    /// The same, as a name that what is in the record is called by, too.
    #[must_use]
    pub fn inherited(self) -> Self {
        Self { is_lent: true, ..self }
    }

    /// The passages of a clause or caveat, of its number, heading, summary, text and note.
    #[must_use]
    pub fn of_point(texts: &[Option<&'a str>]) -> Vec<Self> {
        let &[Some(number), Some(heading), Some(summary), text, note] = texts else {
            return Vec::new();
        };
        let mut indexed_texts = vec![
            Self::new(Field::Name, format!("{number} {heading}")),
            Self::new(Field::Summary, summary),
        ];
        indexed_texts
            .extend([text, note].into_iter().flatten().map(|text| Self::new(Field::Text, text)));
        // `4.a` is found as `4a`, too.
        let run_together = number.replace(['.', '-'], "");
        if run_together != number {
            indexed_texts.push(Self::new(Field::Label, run_together));
        }
        indexed_texts
    }
}

/// The letters and digits of a text, as references are compared: `Minsk II, 11.a` and `minsk ii 11a` are the same.
#[must_use]
pub fn run_together(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How much a word weighs in a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// For the record itself.
    pub own: i32,
    /// For what is in the record; 0 for nothing.
    pub inherited: i32,
}

/// The words of a record, and how much each weighs.
#[must_use]
pub fn index(indexed_texts: &[IndexedText<'_>]) -> BTreeMap<String, Weight> {
    let mut index: BTreeMap<String, Weight> = BTreeMap::new();
    for field in [Field::Name, Field::Title, Field::Label, Field::Summary, Field::Text] {
        let mut times: BTreeMap<String, i32> = BTreeMap::new();
        for indexed_text in indexed_texts.iter().filter(|indexed_text| indexed_text.field == field)
        {
            for word in words(&indexed_text.text) {
                if indexed_text.is_lent {
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

/// The words of a record that can be meant by misspelt ones, each as it is written where it stands first.
#[must_use]
pub fn spellings(indexed_texts: &[IndexedText<'_>]) -> BTreeMap<String, String> {
    let mut spellings = BTreeMap::new();
    for indexed_text in indexed_texts {
        for word in words(&indexed_text.text) {
            let spelling = indexed_text.text.get(word.bytes).unwrap_or_default();
            // What is longer has invisible characters or accents without end.
            if can_be_meant(&word.folded) && spelling.chars().count() <= MAX_WORD_LENGTH {
                spellings.entry(word.folded).or_insert_with(|| spelling.to_owned());
            }
        }
    }
    spellings
}

/// A word that is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The word, in the form in which words are compared.
    pub word: String,
    /// Whether it may be the beginning of a longer word.
    pub is_prefix: bool,
    /// Words of the index that are found, too, because one letter may be misspelt.
    pub near: Vec<String>,
}

impl Term {
    fn new(word: String, is_prefix: bool) -> Self {
        Self { word, is_prefix, near: Vec::new() }
    }

    /// The last of the words that it finds, in the order of their characters' numbers; itself is the first.
    #[must_use]
    pub fn last(&self) -> String {
        if self.is_prefix { last_with_prefix(&self.word) } else { self.word.clone() }
    }

    /// Whether it finds a word that is spelt as it is.
    fn finds(&self, word: &str) -> bool {
        if self.is_prefix { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// What no word with this beginning comes after, in the order of their characters' numbers.
#[must_use]
pub fn last_with_prefix(prefix: &str) -> String {
    // No word has this character, and none is greater.
    format!("{prefix}\u{10FFFF}")
}

/// The words of a query, each once; the last may be the beginning of a longer word. Everything but letters and digits
/// parts words and means nothing else.
#[must_use]
pub fn terms(query: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut runs = runs(query).into_iter().peekable();
    while let Some(run) = runs.next() {
        let is_last = runs.peek().is_none();
        for word in run.searched() {
            // In scripts without spaces, the index has pairs of letters: one letter is the beginning of a pair.
            let is_single = word.chars().nth(1).is_none();
            let is_prefix = if run.is_unspaced { is_single } else { is_last };
            // A last word that came before as a whole word is that word, and no beginning.
            if !terms.iter().any(|term| term.word == word) {
                terms.push(Term::new(word, is_prefix));
            }
        }
    }
    terms
}

/// How much finding a word says: 8 for one that every record has, and 8 more each time that half as many have it.
#[must_use]
pub fn rarity(documents: i64, found: i64) -> i64 {
    // In parts of 256. The logarithm to the base 2 runs straight between its whole values.
    let ratio = (documents.max(1).saturating_mul(256) / found.max(1)).max(256);
    let whole = ratio.ilog2();
    8 * (i64::from(whole) - 7) + (ratio.saturating_mul(8) >> whole) - 8
}
