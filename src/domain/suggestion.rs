//! Guesses what was meant by a name that does not exist.

use super::text::{self, quote};

/// ` (did you mean “…”?)`, where a name comes close to the one that was written; otherwise nothing.
#[must_use]
pub fn did_you_mean<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    // A third of the letters wrong is as far as a slip goes.
    let length = written.chars().count();
    if length > text::SLUG + text::NUMBER {
        return String::new();
    }
    let bound = length.div_ceil(3);
    let distance = |name: &&str| strsim::damerau_levenshtein(written, name);
    let near = names.map(|name| (distance(&name), name)).filter(|(far, _)| *far <= bound).min();
    near.map_or_else(String::new, |(_, name)| format!(" (did you mean {}?)", quote(name)))
}
