//! Bounds and forms of texts. The same bounds stand as checks in the database.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{FaultCode, Faults};

/// Largest length of a slug, in characters.
pub const SLUG: usize = 80;
/// Largest length of a clause's or caveat's number, in characters.
pub const NUMBER: usize = 32;
/// Largest length of a title, name, heading or place, in characters.
pub const LINE: usize = 300;
/// Largest length of an address, in characters.
pub const URL: usize = 2_000;
/// Largest length of a summary, note or text, in characters.
pub const PROSE: usize = 20_000;

/// A quotation of `text` for a message, shortened when it is long.
#[must_use]
pub fn quote(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(SHOWN).collect();
    let ellipsis = if characters.next().is_some() { "…" } else { "" };
    format!("“{start}{ellipsis}”")
}

/// Checks a text that must not be empty: visible characters, at most `longest` of them, and no control characters but
/// line breaks and tabs (PostgreSQL cannot store NUL, and nobody can see the others).
pub fn check(faults: &mut Faults, path: &str, text: &str, longest: usize) {
    let length = text.chars().count();
    if text.trim().is_empty() {
        faults.add(FaultCode::Invalid, path, "must not be empty");
    } else if length > longest {
        let message =
            format!("has {length} characters, {} too many; at most {longest}", length - longest);
        faults.add(FaultCode::TooLong, path, message);
    }
    let odd = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if let Some(odd) = odd {
        let message = format!(
            "contains the control character U+{:04X}, which is not allowed",
            u32::from(odd)
        );
        faults.add(FaultCode::Invalid, path, message);
    }
}

/// Checks a text that may be left out.
pub fn check_optional(faults: &mut Faults, path: &str, text: Option<&str>, longest: usize) {
    if let Some(text) = text {
        check(faults, path, text, longest);
    }
}

/// Checks a slug: lower-case letters, digits and single hyphens between them.
pub fn check_slug(faults: &mut Faults, path: &str, slug: &str) {
    let length = slug.chars().count();
    if length > SLUG {
        faults.add(
            FaultCode::TooLong,
            path,
            format!("has {length} characters; a slug has at most {SLUG}"),
        );
    } else if !is_slug(slug) {
        let message = format!(
            "{} is not a slug: lower-case letters a to z, digits, and single hyphens between them",
            quote(slug)
        );
        faults.add(FaultCode::Invalid, path, message);
    }
}

fn is_slug(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// Checks a clause's or caveat's number: letters, digits, dots and hyphens, as in `4`, `10.a`, `UR-1`.
pub fn check_number(faults: &mut Faults, path: &str, number: &str) {
    let length = number.chars().count();
    if length > NUMBER {
        faults.add(
            FaultCode::TooLong,
            path,
            format!("has {length} characters; a number has at most {NUMBER}"),
        );
    } else if number.is_empty()
        || !number.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    {
        let message = format!("{} is not a number like 4, 10.a or UR-1", quote(number));
        faults.add(FaultCode::Invalid, path, message);
    }
}

/// Checks an address: `http` or `https`, with a host.
pub fn check_url(faults: &mut Faults, path: &str, address: Option<&str>) {
    let Some(address) = address else { return };
    let length = address.chars().count();
    let parsed = url::Url::parse(address).ok();
    if length > URL {
        faults.add(
            FaultCode::TooLong,
            path,
            format!("has {length} characters; an address has at most {URL}"),
        );
    } else if !parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    {
        let message =
            format!("{} is not an address that starts with https:// or http://", quote(address));
        faults.add(FaultCode::Invalid, path, message);
    }
}

/// `text` without case and accents, so that both databases find the same with the same plain comparison.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(fold_character).collect()
}

/// What a character is without case and accents: nothing, for an accent of its own; several characters, for a ligature.
pub fn fold_character(character: char) -> impl Iterator<Item = char> {
    std::iter::once(character)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fold_drops_case_and_accents_in_latin_and_cyrillic() {
        assert_eq!(fold("Élysée ЁЛКА Київ"), "elysee елка киів");
    }

    proptest! {
        #[test]
        fn fold_is_stable(text in ".{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn fold_of_characters_is_that_of_the_text_decomposed_as_a_whole(text in ".{0,40}") {
            let whole: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(fold(&text), whole.replace(char::is_whitespace, " "));
        }

        #[test]
        fn slugs_of_words_and_hyphens_are_accepted(slug in "[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,4}") {
            let mut faults = Faults::default();
            check_slug(&mut faults, "slug", &slug);
            prop_assert!(faults.is_empty());
        }

        #[test]
        fn texts_with_control_characters_are_refused(before in "[a-z]{1,5}", odd in "[\u{0}-\u{8}]") {
            let mut faults = Faults::default();
            check(&mut faults, "note", &format!("{before}{odd}"), PROSE);
            prop_assert_eq!(faults.0.len(), 1);
        }
    }
}
