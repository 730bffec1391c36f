//! Search: what a text's words are, how much each weighs, and which piece of a text is shown with a match.
//!
//! The rule of relevance is written here and in `db::search`, in whole numbers, so that every database ranks alike. A
//! record is found when it has every word that is asked for, the last of them as the beginning of a word. Each word
//! counts by where it stands ([`Field`]) and how often, and by how rare it is among all records ([`rarity`]). What is
//! asked for by its reference comes before all else ([`REFERENCE`]).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::choice::choice;
use super::text::fold_character;

/// Counts up when the same records would make another index: an older one is made anew at the start of a server.
pub const VERSION: i32 = 3;
/// Largest length of what is searched for, in characters.
pub const LONGEST_QUERY: usize = 200;
/// How many different words can be searched for at once.
pub const MOST_WORDS: usize = 16;
/// How many characters of a word count; longer ones are alike if they begin alike.
pub const LONGEST_WORD: usize = 64;
/// What it counts that a record's own reference was asked for: more than all words together can.
pub const REFERENCE: i32 = 1_000_000;
/// How many characters an excerpt has; more where a single word is longer.
const EXCERPT: usize = 200;
/// How many of them stand before the first match.
const LEAD: usize = 40;
/// The weight of a word of a container's name for what is in it: half of what it has in a name of its own.
const LENT: i32 = 8;

choice! {
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
        /// Sources.
        Source = "source",
    }
}

/// Where in a record a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// In what the record is called: title, heading, number.
    Name,
    /// In a label, which tells little by itself: a slug, a place, a number without its dots.
    Label,
    /// In what is said about it.
    Summary,
    /// In what it says itself.
    Text,
}

impl Field {
    /// How much a word weighs that stands there so many times. The second and third time add to it, more do not.
    fn weight(self, times: i32) -> i32 {
        let weight = match self {
            Self::Name => 8,
            Self::Label => 4,
            Self::Summary => 3,
            Self::Text => 2,
        };
        weight * (times.min(3) + 1)
    }
}

/// A text of a record, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'a> {
    /// Where it stands.
    pub field: Field,
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether it names what is in the record, too, as `Minsk II` does in `Minsk II, 9`.
    pub is_lent: bool,
}

impl<'a> Passage<'a> {
    /// A text that stands there.
    pub fn new(field: Field, text: impl Into<Cow<'a, str>>) -> Self {
        Self { field, text: text.into(), is_lent: false }
    }

    /// The same, as a name that what is in the record is called by, too.
    #[must_use]
    pub fn lent(self) -> Self {
        Self { is_lent: true, ..self }
    }

    /// The passages of a clause or caveat, of its number, heading, summary and text.
    #[must_use]
    pub fn of_point(texts: &[Option<&'a str>]) -> Vec<Self> {
        let &[Some(number), Some(heading), Some(summary), text] = texts else { return Vec::new() };
        let mut passages = vec![
            Self::new(Field::Name, format!("{number} {heading}")),
            Self::new(Field::Summary, summary),
        ];
        passages.extend(text.map(|text| Self::new(Field::Text, text)));
        // `4.a` is found as `4a`, too.
        let run_together = number.replace(['.', '-'], "");
        if run_together != number {
            passages.push(Self::new(Field::Label, run_together));
        }
        passages
    }
}

/// The words of a text as one, as references are compared: `Minsk II, 11.a` and `minsk ii 11a` are the same.
#[must_use]
pub fn run_together(text: &str) -> String {
    words(text).into_iter().map(|word| word.folded).collect()
}

/// How much a word weighs in a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// For the record itself.
    pub own: i32,
    /// For what is in the record; 0 for nothing.
    pub lent: i32,
}

/// The words of a record, and how much each weighs.
#[must_use]
pub fn index(passages: &[Passage<'_>]) -> BTreeMap<String, Weight> {
    let mut index: BTreeMap<String, Weight> = BTreeMap::new();
    for field in [Field::Name, Field::Label, Field::Summary, Field::Text] {
        let mut times: BTreeMap<String, i32> = BTreeMap::new();
        for passage in passages.iter().filter(|passage| passage.field == field) {
            for word in words(&passage.text) {
                if passage.is_lent {
                    index.entry(word.folded.clone()).or_default().lent = LENT;
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

/// A word that is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The word, without case and accents.
    pub word: String,
    /// Whether it may be the beginning of a longer word.
    pub is_prefix: bool,
}

impl Term {
    /// The last of the words that it finds, in the order of their characters' numbers; itself is the first.
    #[must_use]
    pub fn last(&self) -> String {
        // No word has this character, and none is greater.
        let end = if self.is_prefix { "\u{10FFFF}" } else { "" };
        format!("{}{end}", self.word)
    }

    fn finds(&self, word: &str) -> bool {
        if self.is_prefix { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// The words of a query, each once; the last may be the beginning of a longer word. Everything but letters and digits
/// parts words and means nothing else.
#[must_use]
pub fn terms(query: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut words = words(query).into_iter().peekable();
    while let Some(word) = words.next() {
        // A last word that came before as a whole word is that word, and no beginning.
        if !terms.iter().any(|term| term.word == word.folded) {
            terms.push(Term { word: word.folded, is_prefix: words.peek().is_none() });
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

/// A piece of a record's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The piece, with `…` where it was cut.
    pub text: String,
    /// The words that were searched for, as ranges of UTF-16 code units of the piece, in order and apart.
    pub matches: Vec<Range<usize>>,
}

/// The piece of a record's texts that shows the most of the words, the first of equals: that of a text where a name shows
/// no more, and that of a label where nothing else shows any.
#[must_use]
pub fn excerpt(passages: &[Passage<'_>], terms: &[Term]) -> Excerpt {
    let candidates = passages.iter().map(|passage| {
        let words = words(&passage.text);
        let shown = words.iter().fold(0, |found, word| found | mask(terms, word)).count_ones();
        (passage, words, shown)
    });
    // Of equals, `max_by_key` takes the last.
    let best = candidates.rev().max_by_key(|(passage, _, shown)| match passage.field {
        Field::Summary | Field::Text => (*shown > 0, *shown, 2),
        Field::Name => (*shown > 0, *shown, 1),
        Field::Label => (false, *shown, 0),
    });
    best.map_or(Excerpt { text: String::new(), matches: Vec::new() }, |(passage, words, _)| {
        cut(&passage.text, &words, terms)
    })
}

/// Which of the terms find a word, one bit each; there are not more than [`MOST_WORDS`].
fn mask(terms: &[Term], word: &Word) -> u32 {
    terms.iter().fold(0, |mask, term| mask << 1 | u32::from(term.finds(&word.folded)))
}

/// Cuts the piece that shows the most terms, then the most matches, out of a text.
fn cut(text: &str, words: &[Word], terms: &[Term]) -> Excerpt {
    let hits: Vec<(&Word, u32)> =
        words.iter().map(|word| (word, mask(terms, word))).filter(|(_, mask)| *mask != 0).collect();
    let pieces = hits.iter().enumerate().map(|(first, (word, _))| {
        let until = word.characters.start.saturating_sub(LEAD) + EXCERPT;
        let shown = hits.iter().skip(first).take_while(|(word, _)| word.characters.end <= until);
        let (found, count) =
            shown.fold((0, 0usize), |(found, count), (_, mask)| (found | mask, count + 1));
        (*word, found.count_ones(), count)
    });
    let anchor =
        pieces.rev().max_by_key(|(_, found, count)| (*found, *count)).map(|(word, ..)| word);
    let piece = borders(text, words, anchor);
    let before = if piece.start > 0 { "…" } else { "" };
    let after = if piece.end < text.len() { "…" } else { "" };
    let shown = text.get(piece.clone()).unwrap_or_default();
    let units =
        |bytes: &Range<usize>| text.get(bytes.clone()).unwrap_or_default().encode_utf16().count();
    let mut matches: Vec<Range<usize>> = Vec::new();
    let (mut at, mut unit) = (piece.start, before.encode_utf16().count());
    for (word, _) in hits {
        // One character can make several words; they are one match.
        if word.bytes.start < at || word.bytes.end > piece.end {
            continue;
        }
        let start = unit + units(&(at..word.bytes.start));
        unit = start + units(&word.bytes);
        at = word.bytes.end;
        matches.push(start..unit);
    }
    Excerpt { text: format!("{before}{shown}{after}"), matches }
}

/// The bytes of the piece around a word, between words.
fn borders(text: &str, words: &[Word], anchor: Option<&Word>) -> Range<usize> {
    let length = text.chars().count();
    if length <= EXCERPT {
        return 0..text.len();
    }
    let (from, anchored) = anchor
        .map_or((0, 0), |anchor| (anchor.characters.start.saturating_sub(LEAD), anchor.bytes.end));
    let until = from + EXCERPT;
    let first = words.iter().find(|word| from > 0 && word.characters.start >= from);
    let last = words.iter().rev().find(|word| until < length && word.characters.end <= until);
    let start = first.map_or(0, |word| word.bytes.start);
    let end = if until < length {
        last.map_or(0, |word| word.bytes.end).max(anchored)
    } else {
        text.len()
    };
    start..end
}

/// A word of a text.
#[derive(Debug)]
struct Word {
    /// Without case and accents.
    folded: String,
    /// Where it stands, in bytes.
    bytes: Range<usize>,
    /// Where it stands, in characters.
    characters: Range<usize>,
}

/// The words of a text, in order: letters and digits that nothing else parts.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut goes_on = false;
    for (position, (start, character)) in text.char_indices().enumerate() {
        let end = start + character.len_utf8();
        for folded in fold_character(character) {
            if !folded.is_alphanumeric() {
                goes_on = false;
                continue;
            }
            if !goes_on {
                goes_on = true;
                let folded = String::new();
                words.push(Word { folded, bytes: start..end, characters: position..position });
            }
            if let Some(word) = words.last_mut() {
                word.bytes.end = end;
                word.characters.end = position + 1;
                if word.folded.chars().count() < LONGEST_WORD {
                    word.folded.push(folded);
                }
            }
        }
        // An accent of its own folds to nothing, and belongs to the word that it stands in.
        if goes_on && let Some(word) = words.last_mut() {
            word.bytes.end = end;
            word.characters.end = position + 1;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    /// The pieces of an excerpt that its ranges mark.
    fn marked(excerpt: &Excerpt) -> Vec<String> {
        let units: Vec<u16> = excerpt.text.encode_utf16().collect();
        let piece = |range: &Range<usize>| String::from_utf16(&units[range.clone()]).unwrap();
        excerpt.matches.iter().map(piece).collect()
    }

    fn shown(texts: &[(Field, &str)], query: &str) -> Excerpt {
        let passages: Vec<_> =
            texts.iter().map(|(field, text)| Passage::new(*field, *text)).collect();
        excerpt(&passages, &terms(query))
    }

    #[test]
    fn words_are_letters_and_digits_without_case_and_accents() {
        assert_eq!(
            folded("Élysée, ЁЛКА—Київ: \"10.a\" (NEAR/2)"),
            ["elysee", "елка", "киів", "10", "a", "near", "2"]
        );
        assert_eq!(folded("\u{0}\u{7}.,*\"' %_\\ — 🕊"), Vec::<String>::new());
        assert_eq!(folded("e\u{301}te\u{301}"), ["ete"], "accents of their own belong to the word");
        assert_eq!(folded(&"x".repeat(20_000)), ["x".repeat(LONGEST_WORD)]);
    }

    #[test]
    fn references_are_the_same_however_they_are_parted() {
        for query in ["Minsk II, 11.a", "minsk ii 11a", "MINSK-II 11-A"] {
            assert_eq!(run_together(query), "minskii11a", "{query}");
        }
    }

    #[test]
    fn terms_are_whole_words_but_for_the_last() {
        let of = |query: &str| -> Vec<String> { terms(query).iter().map(Term::last).collect() };
        assert_eq!(of("Minsk II, 9"), ["minsk", "ii", "9\u{10FFFF}"]);
        assert_eq!(of("peace peace"), ["peace"]);
        assert_eq!(of("peace pea"), ["peace", "pea\u{10FFFF}"]);
        assert_eq!(of(" *.,"), Vec::<String>::new());
    }

    /// When this fails, the same records make another index than before, and `VERSION` must count up.
    #[test]
    fn index_is_that_of_this_version() {
        let mut passages = Passage::of_point(&[
            Some("4.a"),
            Some("Local elections"),
            Some("Elections, elections, ELECTIONS in some areas."),
            Some("Elections"),
        ]);
        passages.push(Passage::new(Field::Name, "Law").lent());
        let index: Vec<String> = index(&passages)
            .into_iter()
            .map(|(word, Weight { own, lent })| format!("{word} {own} {lent}"))
            .collect();
        assert_eq!(VERSION, 3);
        assert_eq!(
            index,
            [
                "4 16 0",
                "4a 8 0",
                "a 16 0",
                "areas 6 0",
                "elections 32 0",
                "in 6 0",
                "law 16 8",
                "local 16 0",
                "some 6 0"
            ]
        );
    }

    #[test]
    fn rarity_grows_by_eight_each_time_that_half_as_many_records_have_the_word() {
        let found = [1024, 512, 256, 200, 2, 1];
        assert_eq!(found.map(|found| rarity(1024, found)), [8, 16, 24, 26, 80, 88]);
        assert_eq!((rarity(0, 0), rarity(1, 5), rarity(i64::MAX, 1) > 0), (8, 8, true));
    }

    #[test]
    fn excerpt_prefers_the_passage_with_most_words_and_texts_to_names() {
        let texts = [
            (Field::Name, "9 State border"),
            (Field::Summary, "The border of the state."),
            (Field::Text, "Border"),
        ];
        assert_eq!(shown(&texts, "border").text, "The border of the state.");
        let label = [(Field::Name, "Border"), (Field::Label, "state-border")];
        assert_eq!(shown(&label, "state border").text, "Border");
        assert_eq!(shown(&label, "state").text, "state-border");
        let both = shown(&texts, "9 bord");
        assert_eq!(
            (both.text.as_str(), marked(&both)),
            ("9 State border", vec!["9".to_owned(), "border".to_owned()])
        );
    }

    #[test]
    fn excerpt_of_a_long_text_shows_the_most_words_between_whole_words() {
        let filler = "lorem ipsum dolor sit amet ".repeat(20);
        let text =
            format!("Border. {filler}The Ukrainian border, ревізія кордону 🕊 and border. {filler}");
        let found = shown(&[(Field::Summary, &text)], "кордону border");
        assert_eq!(marked(&found), ["border", "кордону", "border"]);
        assert!(found.text.starts_with("…") && found.text.ends_with("…"), "{}", found.text);
        assert!(found.text.chars().count() <= EXCERPT + 2, "{}", found.text);
        assert!(text.contains(found.text.trim_matches('…')));
        let none = shown(&[(Field::Summary, &text)], "nowhere");
        assert!(none.text.starts_with("Border. lorem") && none.matches.is_empty(), "{none:?}");
    }

    #[test]
    fn excerpt_marks_one_character_that_makes_several_words_once() {
        let found = shown(&[(Field::Summary, "So: \u{FDFA}!")], "\u{FDFA}");
        assert_eq!(marked(&found), ["\u{FDFA}"]);
    }

    /// Texts in which words meet often, with accents, ligatures and characters of two UTF-16 units.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[ab\u{e9}\u{301}Ёк. 🕊\u{FDFA}ﬁ]{0,300}", "([a-c]{1,3}[ .,]){0,200}", ".{0,60}",]
    }

    proptest! {
        #[test]
        fn excerpt_marks_words_that_begin_as_asked_in_order_and_apart(text in text(), query in text()) {
            let mut terms = terms(&query);
            terms.truncate(MOST_WORDS);
            let found = excerpt(&[Passage::new(Field::Text, text.as_str())], &terms);
            let mut end = 0;
            for range in &found.matches {
                prop_assert!(end <= range.start && range.start < range.end, "{:?}", found.matches);
                end = range.end;
            }
            prop_assert!(end <= found.text.encode_utf16().count());
            for piece in marked(&found) {
                let begins = |word: &String| terms.iter().any(|term| word.starts_with(&term.word));
                prop_assert!(folded(&piece).iter().any(begins), "{piece:?}");
            }
            prop_assert!(text.contains(found.text.trim_matches('…')) || text.contains('…'));
            let index = index(&[Passage::new(Field::Text, text.as_str())]);
            let is_found = terms.iter().any(|term| index.keys().any(|word| term.finds(word)));
            prop_assert_eq!(is_found, !found.matches.is_empty(), "{:?}", found);
        }

        #[test]
        fn every_word_of_a_text_finds_it(text in text()) {
            let index = index(&[Passage::new(Field::Summary, text.as_str())]);
            for word in words(&text) {
                for term in terms(&word.folded) {
                    let found = index.range(term.word.clone()..=term.last()).next();
                    prop_assert!(found.is_some(), "{:?} is not found", term.word);
                }
            }
        }

        #[test]
        fn rarity_falls_as_more_records_have_the_word(documents in 1i64..1_000_000, found in 1i64..1_000_000, more in 0i64..1_000) {
            prop_assert!(rarity(documents, found) >= rarity(documents, found + more));
            prop_assert!((8..=8 * 22).contains(&rarity(documents, found)));
        }
    }
}
