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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_longer_than_any_slug_with_a_number_get_no_suggestion() {
        let longest = text::MAX_SLUG + text::MAX_NUMBER;
        for (length, is_suggested) in [(longest, true), (longest + 1, false)] {
            let name = "a".repeat(length);
            let written = name.replacen('a', "b", 1);
            let suggestion = did_you_mean(&written, [name.as_str()].into_iter());
            assert_eq!(!suggestion.is_empty(), is_suggested, "{length}: {suggestion}");
        }
    }
}
