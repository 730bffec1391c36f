//! Words of texts, and their positions.
//!
//! A word is a run of letters and digits. In scripts without spaces (Chinese, Japanese, Thai), each pair of adjacent
//! letters is a word, so a search for any two adjacent letters finds the text, and no dictionary is needed. An
//! apostrophe between letters does not end a word: `об'єкт` is `обєкт`. The parts of such a word are also words:
//! `russia` finds `Russia's`.

use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::LineBreak;

use super::MAX_WORD_LENGTH;
use crate::domain::text::{fold_character, is_apostrophe};

/// A word of a text.
#[derive(Debug)]
pub(super) struct Word {
    /// The folded word, see [`fold`](crate::domain::text::fold).
    pub(super) folded: String,
    /// Its range in bytes.
    pub(super) bytes: Range<usize>,
    /// Its range in characters.
    pub(super) characters: Range<usize>,
}

/// The words of a text, ordered by their start. Words may overlap.
pub(super) fn words(text: &str) -> Vec<Word> {
    runs(text).iter().flat_map(Run::words).collect()
}

/// A run of adjacent letters and digits. Either all of them belong to scripts that separate words with spaces, or none do.
#[derive(Debug)]
pub(super) struct Run {
    letters: Vec<Letter>,
    /// Whether the script has no spaces between words.
    pub(super) is_unspaced: bool,
    /// The indexes of the letters that follow an apostrophe.
    apostrophes: Vec<usize>,
}

/// A letter of the folded text. Several letters may come from the same character.
#[derive(Debug)]
struct Letter {
    folded: char,
    bytes: Range<usize>,
    characters: Range<usize>,
}

impl Run {
    /// The words to index for the run.
    fn words(&self) -> Vec<Word> {
        let length = self.letters.len();
        let mut bounds: Vec<Range<usize>> = Vec::new();
        if self.is_unspaced {
            bounds.extend((0..length).map(|first| first..(first + 2).min(length)));
        } else {
            bounds.push(0..length);
            let starts = std::iter::once(0).chain(self.apostrophes.iter().copied());
            let ends = self.apostrophes.iter().copied().chain([length]);
            bounds.extend(starts.zip(ends).map(|(start, end)| start..end));
            if self.apostrophes.is_empty() {
                bounds.truncate(1);
            }
        }
        bounds.into_iter().filter_map(|bounds| word(self.letters.get(bounds)?)).collect()
    }

    /// The words to search for: the fewest that cover all letters of the run.
    pub(super) fn searched(&self) -> Vec<String> {
        let letters = self.letters.as_slice();
        if !self.is_unspaced {
            return word(letters).map(|word| word.folded).into_iter().collect();
        }
        let is_odd = letters.len() % 2 == 1;
        let last = letters.get(letters.len().saturating_sub(2)..).filter(|_| is_odd);
        let pairs = letters.chunks_exact(2).chain(last);
        pairs.filter_map(|pair| Some(word(pair)?.folded)).collect()
    }
}

/// Joins adjacent letters into a word.
fn word(letters: &[Letter]) -> Option<Word> {
    let (first, last) = (letters.first()?, letters.last()?);
    Some(Word {
        folded: letters.iter().take(MAX_WORD_LENGTH).map(|letter| letter.folded).collect(),
        bytes: first.bytes.start..last.bytes.end,
        characters: first.characters.start..last.characters.end,
    })
}

/// The runs of a text, in order.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    // Whether the next letter may extend the last run, and whether the next letter follows an apostrophe.
    let (mut is_open, mut is_behind_apostrophe) = (false, false);
    for (position, (start, character)) in text.char_indices().enumerate() {
        let end = start + character.len_utf8();
        for folded in fold_character(character) {
            let last = runs.last_mut().filter(|_| is_open);
            if is_apostrophe(folded) {
                let is_first = !is_behind_apostrophe;
                is_behind_apostrophe = is_first
                    && last.is_some_and(|run| !run.is_unspaced && run.ends_with_alphabetic());
                is_open = is_behind_apostrophe;
                continue;
            }
            if !folded.is_alphanumeric() {
                (is_open, is_behind_apostrophe) = (false, false);
                continue;
            }
            let is_unspaced = is_unspaced(folded);
            let characters = position..position + 1;
            let letter = Letter { folded, bytes: start..end, characters };
            let goes_on = !is_behind_apostrophe || folded.is_alphabetic();
            let last = last.filter(|run| goes_on && run.is_unspaced == is_unspaced);
            if let Some(run) = last {
                if is_behind_apostrophe {
                    run.apostrophes.push(run.letters.len());
                }
                run.letters.push(letter);
            } else {
                runs.push(Run { letters: vec![letter], is_unspaced, apostrophes: Vec::new() });
            }
            (is_open, is_behind_apostrophe) = (true, false);
        }
        // A combining accent folds to nothing and belongs to the preceding letter.
        let is_attached = is_open && !is_behind_apostrophe;
        let last = runs.last_mut().filter(|_| is_attached);
        if let Some(letter) = last.and_then(|run| run.letters.last_mut()) {
            letter.bytes.end = end;
            letter.characters.end = position + 1;
        }
    }
    runs
}

impl Run {
    fn ends_with_alphabetic(&self) -> bool {
        self.letters.last().is_some_and(|letter| letter.folded.is_alphabetic())
    }
}

/// Whether a letter belongs to a script without spaces. Unicode allows line breaks beside the letters of such scripts.
pub(super) fn is_unspaced(letter: char) -> bool {
    !letter.is_ascii()
        && matches!(
            CodePointMapData::<LineBreak>::new().get(letter),
            LineBreak::ComplexContext
                | LineBreak::Ideographic
                | LineBreak::ConditionalJapaneseStarter
                | LineBreak::Nonstarter
        )
}
