//! Excerpts of texts that show matches.

use std::ops::Range;

use super::words::{Word, words};
use super::{Field, IndexedText, Term};

/// The length of an excerpt in characters. A longer single word is not cut.
pub(super) const EXCERPT: usize = 200;
/// The number of characters of context before the first match.
const LEAD: usize = 40;

/// An excerpt of a record's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, with `…` where it was cut.
    pub text: String,
    /// The matched words, as disjoint ranges of UTF-16 code units, in order.
    pub matches: Vec<Range<usize>>,
}

/// The excerpt that shows the most words of the query. Among excerpts with the same number of these words, prefers
/// summaries and texts to names and titles. Shows a label only if nothing else matches. If several excerpts are equally
/// good, returns the first.
#[must_use]
pub fn excerpt(indexed_texts: &[IndexedText<'_>], terms: &[Term]) -> Excerpt {
    let candidates = indexed_texts.iter().map(|indexed_text| {
        let words = words(&indexed_text.text);
        let shown =
            words.iter().fold(0, |terms_shown, word| terms_shown | mask(terms, word)).count_ones();
        (indexed_text, words, shown)
    });
    // `max_by_key` returns the last of several equal elements, so the order is reversed.
    let best = candidates.rev().max_by_key(|(indexed_text, _, shown)| match indexed_text.field {
        Field::Summary | Field::Text => (*shown > 0, *shown, 2),
        Field::Name | Field::Title => (*shown > 0, *shown, 1),
        Field::Label => (false, *shown, 0),
    });
    best.map_or(Excerpt { text: String::new(), matches: Vec::new() }, |(indexed_text, words, _)| {
        cut(&indexed_text.text, &words, terms)
    })
}

/// The terms that match a word, as a bit mask. There are at most [`super::MAX_WORDS`] terms.
fn mask(terms: &[Term], word: &Word) -> u32 {
    terms.iter().fold(0, |mask, term| mask << 1 | u32::from(is_found(term, &word.folded)))
}

fn is_found(term: &Term, word: &str) -> bool {
    term.finds(word) || term.near.iter().any(|near| near == word)
}

/// The excerpt of a text that shows the most terms. If several excerpts show the same number of terms, returns the one
/// with the most matches.
fn cut(text: &str, words: &[Word], terms: &[Term]) -> Excerpt {
    let hits: Vec<(&Word, u32)> =
        words.iter().map(|word| (word, mask(terms, word))).filter(|(_, mask)| *mask != 0).collect();
    let pieces = hits.iter().enumerate().map(|(first, (word, _))| {
        let until = word.characters.start.saturating_sub(LEAD) + EXCERPT;
        let shown = hits.iter().skip(first).take_while(|(word, _)| word.characters.end <= until);
        let (terms_shown, count) = shown
            .fold((0, 0usize), |(terms_shown, count), (_, mask)| (terms_shown | mask, count + 1));
        (*word, terms_shown.count_ones(), count)
    });
    let anchor = pieces
        .rev()
        .max_by_key(|(_, terms_shown, count)| (*terms_shown, *count))
        .map(|(word, ..)| word);
    let piece = borders(text, words, anchor);
    let before = if piece.start > 0 { "…" } else { "" };
    let after = if piece.end < text.len() { "…" } else { "" };
    let shown = text.get(piece.clone()).unwrap_or_default();
    let units =
        |bytes: &Range<usize>| text.get(bytes.clone()).unwrap_or_default().encode_utf16().count();
    let (mut at, mut unit) = (piece.start, before.encode_utf16().count());
    let hits = hits.iter().map(|(word, _)| word.bytes.clone());
    let hits = hits.filter(|hit| piece.start <= hit.start && hit.end <= piece.end);
    let mut matches = Vec::new();
    for hit in merged(hits) {
        let start = unit + units(&(at..hit.start));
        unit = start + units(&hit);
        at = hit.end;
        matches.push(start..unit);
    }
    Excerpt { text: format!("{before}{shown}{after}"), matches }
}

/// Merges ranges that touch or overlap. One character may be part of several words, and words of scripts without spaces
/// overlap.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => merged.push(range),
        }
    }
    merged
}

/// The byte range of the excerpt around a word. The range starts and ends between words.
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
