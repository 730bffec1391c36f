//! Languages of sources, as tags of BCP 47 (RFC 5646) with a language code of ISO 639.

use isolang::Language;
use language_tags::LanguageTag;

use super::{ValidationErrorCode, ValidationErrors, text};

/// The maximum length of a language tag, in characters (RFC 5646, section 4.4.1).
pub const MAX_TAG: usize = 35;

/// Checks a language tag: `en`, `uk`, `pt-BR`.
pub fn check(errors: &mut ValidationErrors, path: &str, tag: Option<&str>) {
    let Some(tag) = tag.filter(|tag| !is_valid(tag)) else { return };
    let message = format!(
        "{} is not a BCP 47 language tag with the shortest ISO 639 code, such as en, uk or pt-BR",
        text::quote(tag)
    );
    errors.add(ValidationErrorCode::Invalid, path, message);
}

fn is_valid(tag: &str) -> bool {
    let parsed = LanguageTag::parse(tag).ok().filter(|parsed| parsed.validate().is_ok());
    // The parser normalizes upper and lower case. A tag that differs from its normal form is invalid, so equal tags are
    // equal strings.
    parsed.is_some_and(|parsed| parsed.as_str() == tag && is_language(parsed.primary_language()))
        && tag.len() <= MAX_TAG
}

/// Whether this is the shortest code of a language.
fn is_language(code: &str) -> bool {
    Language::from_639_1(code).is_some()
        || Language::from_639_3(code).is_some_and(|language| language.to_639_1().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_known_languages_are_valid() {
        for tag in ["en", "uk", "ru", "ga", "sr-Latn", "pt-BR", "zh-Hant-TW", "rue", "es-419"] {
            assert!(is_valid(tag), "{tag}");
        }
    }

    #[test]
    fn other_texts_are_invalid() {
        let long = format!("en-x-{}", "abcdefgh-".repeat(4));
        let long = long.trim_end_matches('-');
        for tag in [
            "",
            " ",
            "english",
            "English",
            "xx",
            "eng",
            "EN",
            "en-us",
            "en_US",
            "en-",
            "i-klingon",
            "x-own",
            "uk ",
            "\u{0}",
            long,
        ] {
            assert!(!is_valid(tag), "{tag:?}");
        }
    }
}
