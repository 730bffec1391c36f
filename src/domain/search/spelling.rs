//! Misspellings: similar words, and how to find them in the index without reading all words.

use strsim::osa_distance;

use super::Term;
use super::words::is_unspaced;

/// The minimum length of a long query word. Only a long word can match with a misspelt letter.
const MIN_MISSPELT_LENGTH: usize = 5;
/// The minimum length of a word that a misspelt word can match.
const MIN_LENGTH: usize = 3;
/// A query word also matches similar words if fewer than this many records contain it. A more frequent word is probably spelt
/// correctly.
pub const MAX_RARE_RECORDS: i64 = 10;
/// The maximum number of suggested words.
pub const MAX_SUGGESTIONS: usize = 5;

/// An indexed word that is similar to a word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The folded word.
    pub word: String,
    /// The word as a record spells it.
    pub spelling: String,
    /// The number of records that contain it.
    pub records: i64,
}

/// Whether a misspelt word can match this word, which must consist of letters in a script with spaces. Numbers must match
/// exactly.
#[must_use]
pub fn can_match_misspelt(word: &str) -> bool {
    word.chars().count() >= MIN_LENGTH && word.chars().all(|c| c.is_alphabetic() && !is_unspaced(c))
}

/// How many letters of a query word may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// For matches: one letter in a long word, none in a shorter word.
    Find,
    /// For suggestions: two letters in a long word, one letter in a shorter word.
    Suggest,
}

impl Term {
    /// The maximum number of letters that may be missing, added, replaced or swapped.
    #[must_use]
    pub fn edits(&self, tolerance: Tolerance) -> usize {
        let is_long = self.word.chars().count() >= MIN_MISSPELT_LENGTH;
        match tolerance {
            _ if !can_match_misspelt(&self.word) => 0,
            Tolerance::Find => usize::from(is_long),
            Tolerance::Suggest => 1 + usize::from(is_long),
        }
    }

    /// The start of the word, and its end in reverse. For one edit, each is half of the word. A single edit changes
    /// only one half, so a similar word still begins or ends with the other half. For two edits, each is a third. A
    /// word in which the edits change both thirds is not suggested.
    #[must_use]
    pub fn ends(&self, edits: usize) -> [String; 2] {
        let length = self.word.chars().count();
        let [start, end] = [length, length.saturating_sub(1)].map(|length| length / (edits + 1));
        [
            self.word.chars().take(start.max(1)).collect(),
            self.word.chars().rev().take(end.max(1)).collect(),
        ]
    }

    /// The edit distance between this term and `word`. `None` if it is above `edits`, or if the word matches without a
    /// misspelling.
    fn distance(&self, word: &str, edits: usize) -> Option<usize> {
        let distance = osa_distance(&self.word, word);
        (distance <= edits && !self.finds(word)).then_some(distance)
    }

    /// Whether `word` is similar to this term without matching it exactly.
    #[must_use]
    pub fn is_near(&self, word: &str, tolerance: Tolerance) -> bool {
        self.distance(word, self.edits(tolerance)).is_some()
    }

    /// The similar words among the candidates.
    #[must_use]
    pub fn near_words(&self, candidates: &[Candidate]) -> Vec<String> {
        let words = candidates.iter().map(|candidate| &candidate.word);
        words.filter(|word| self.is_near(word, Tolerance::Find)).cloned().collect()
    }
}

/// The suggestions for these query words, which have no matches. The most similar words come first, then the most frequent.
#[must_use]
pub fn suggestions(terms: &[&Term], candidates: &[Candidate]) -> Vec<String> {
    let mut ranked: Vec<(usize, i64, &str)> = Vec::new();
    for term in terms {
        let edits = term.edits(Tolerance::Suggest);
        let near = candidates.iter().filter(|candidate| candidate.records > 0);
        let near = near.filter_map(|candidate| {
            let distance = term.distance(&candidate.word, edits)?;
            Some((distance, -candidate.records, candidate.spelling.as_str()))
        });
        ranked.extend(near);
    }
    ranked.sort_unstable();
    let mut suggestions: Vec<String> = Vec::new();
    for (_, _, spelling) in ranked {
        if suggestions.len() < MAX_SUGGESTIONS && !suggestions.iter().any(|known| known == spelling)
        {
            suggestions.push(spelling.to_owned());
        }
    }
    suggestions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::search::terms;

    fn term(word: &str) -> Term {
        terms(word).remove(0)
    }

    fn candidate(spelling: &str, records: i64) -> Candidate {
        let word = crate::domain::text::fold(spelling);
        Candidate { word, spelling: spelling.to_owned(), records }
    }

    #[test]
    fn words_of_five_letters_may_have_one_wrong() {
        let near =
            |word: &str, other: &str| !term(word).near_words(&[candidate(other, 1)]).is_empty();
        for misspelt in [
            "debalcseve",
            "debaltsevo",
            "debaltsev",
            "edbaltseve",
            "debbaltseve",
            "ebaltseve",
            "дебальцеве",
        ] {
            assert_eq!(
                near(misspelt, "debaltseve"),
                misspelt.is_ascii() && misspelt != "debaltsev",
                "{misspelt}"
            );
        }
        assert!(near("putni", "putin") && near("putim", "putin") && near("radda", "rada"));
        assert!(
            !near("puti", "putin") && !near("20150", "2015") && !near("putin", "putin"),
            "short, a number, the same"
        );
        assert!(!near("debal", "debaltseve"), "found as a beginning anyway");
    }

    #[test]
    fn suggestions_are_the_most_similar_words_in_their_original_spelling() {
        let candidates = [
            candidate("Київ", 1),
            candidate("Kyiv", 9),
            candidate("ceasefire", 20),
            candidate("cease", 30),
            candidate("Debaltseve", 8),
        ];
        let suggested =
            |query: &str| suggestions(&terms(query).iter().collect::<Vec<_>>(), &candidates);
        assert_eq!(suggested("kiyv"), ["Kyiv"]);
        assert_eq!(suggested("кіив"), ["Київ"]);
        assert_eq!(suggested("ceasfyre"), ["ceasefire"]);
        assert_eq!(suggested("debalzeve ceasfyre"), ["ceasefire", "Debaltseve"]);
        assert_eq!(suggested("nothing"), Vec::<String>::new());
    }

    #[test]
    fn suggestions_are_distinct_limited_and_have_records() {
        let spellings = ["treaty", "treatz", "treatx", "treatw", "treatv", "treatu", "treats"];
        let candidates = spellings.iter().zip((1..=7).rev());
        let candidates: Vec<_> =
            candidates.map(|(word, records)| candidate(word, records)).collect();
        let (one, other) = (term("treatq"), term("treatr"));
        assert_eq!(suggestions(&[&one, &other], &candidates), spellings[..MAX_SUGGESTIONS]);
        let rare = [candidate("ceasefire", 0)];
        assert_eq!(suggestions(&[&term("ceasfyre")], &rare), Vec::<String>::new());
    }

    #[test]
    fn ends_are_half_of_the_word_or_a_third() {
        assert_eq!(term("ceasefire").ends(1), ["ceas", "erif"]);
        assert_eq!(term("ceasefire").ends(2), ["cea", "er"]);
        assert_eq!(term("ab").ends(2), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn every_word_with_one_edit_keeps_an_end(word in "[a-eа-д]{4,12}", at in any::<prop::sample::Index>(), letter in "[a-eа-д]", edit in 0usize..4) {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at.index(letters.len());
            match edit {
                0 => letters[at] = letter.chars().next().unwrap(),
                1 => letters.insert(at, letter.chars().next().unwrap()),
                2 => { letters.remove(at); }
                _ => { let other = (at + 1).min(letters.len() - 1); letters.swap(at, other); }
            }
            let misspelt: String = letters.into_iter().collect();
            prop_assert!(osa_distance(&misspelt, &word) <= 1);
            let [start, end] = term(&misspelt).ends(1);
            let reversed: String = word.chars().rev().collect();
            prop_assert!(word.starts_with(&start) || reversed.starts_with(&end), "{misspelt}: {start} {end}");
        }
    }
}
