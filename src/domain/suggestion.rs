//! Suggestions for misspelt names.

use super::text::{self, quote};

/// ` (did you mean “…”?)` if a name is similar to `written`; otherwise empty.
#[must_use]
pub fn did_you_mean<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> String {
    // At most a third of the letters may differ.
    let length = written.chars().count();
    if length > text::MAX_SLUG + text::MAX_NUMBER {
        return String::new();
    }
    let bound = length.div_ceil(3);
    let distance = |name: &&str| strsim::damerau_levenshtein(written, name);
    let near = names.map(|name| (distance(&name), name)).filter(|(far, _)| *far <= bound).min();
    near.map_or_else(String::new, |(_, name)| format!(" (did you mean {}?)", quote(name)))
}
