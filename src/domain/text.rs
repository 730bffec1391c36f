//! Limits and normal forms of texts. Constraints in the database enforce the same limits.

use std::borrow::Cow;

use caseless::Caseless;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{ValidationErrorCode, ValidationErrors};

/// The maximum length of a slug, in characters.
pub const MAX_SLUG: usize = 80;
/// The maximum length of a number, in characters.
pub const MAX_NUMBER: usize = 32;
/// The maximum length of a title, name, heading or place, in characters.
pub const MAX_LINE: usize = 300;
/// The maximum length of a URL, in characters.
pub const MAX_URL: usize = 2_000;
/// The maximum length of a summary, note or text, in characters.
pub const MAX_PROSE: usize = 20_000;

/// `text` in quotation marks, for messages. Long texts are shortened.
#[must_use]
pub fn quote(text: &str) -> String {
    const MAX_QUOTED_LENGTH: usize = 60;
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(MAX_QUOTED_LENGTH).collect();
    let ellipsis = if characters.next().is_some() { "…" } else { "" };
    format!("“{start}{ellipsis}”")
}

/// Normalizes a text: line feeds as line ends, no trailing spaces or tabs, no byte order mark.
#[must_use]
pub fn tidy(text: &str) -> Cow<'_, str> {
    let is_tidy = |line: &str| !line.ends_with([' ', '\t']);
    if !text.starts_with('\u{feff}') && !text.contains('\r') && text.split('\n').all(is_tidy) {
        return Cow::Borrowed(text);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> =
        text.split('\n').map(|line| line.trim_end_matches([' ', '\t'])).collect();
    Cow::Owned(lines.join("\n"))
}

/// Checks a required text field. It must have at least one visible character, and at most `max_length` characters. The
/// only valid control characters are line breaks and tabs: PostgreSQL cannot store NUL, and the others are invisible.
/// U+FFFE and U+FFFF are invalid, because XML cannot contain them.
pub fn check(errors: &mut ValidationErrors, path: &str, text: &str, max_length: usize) {
    let length = text.chars().count();
    let is_invalid_control = |c: &char| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let control = text.chars().find(is_invalid_control);
    if text.trim().is_empty() {
        errors.add(ValidationErrorCode::Invalid, path, "must not be empty");
    } else if length > max_length {
        let message = format!(
            "has {length} characters, {} too many; at most {max_length}",
            length - max_length
        );
        errors.add(ValidationErrorCode::TooLong, path, message);
    } else if !text.chars().any(is_visible) && control.is_none() {
        errors.add(ValidationErrorCode::Invalid, path, "has no visible character");
    }
    if let Some(control) = control {
        let message =
            format!("contains the character U+{:04X}, which is not allowed", u32::from(control));
        errors.add(ValidationErrorCode::Invalid, path, message);
    }
}

/// Checks an optional text field.
pub fn check_optional(
    errors: &mut ValidationErrors,
    path: &str,
    text: Option<&str>,
    max_length: usize,
) {
    if let Some(text) = text {
        check(errors, path, text, max_length);
    }
}

/// Checks a name or title. Invisible characters are invalid, because two names could then look the same.
pub fn check_name(errors: &mut ValidationErrors, path: &str, name: &str, max_length: usize) {
    let before = errors.0.len();
    check(errors, path, name, max_length);
    if errors.0.len() > before {
        return;
    }
    if let Some(hidden) = name.chars().find(|character| is_hidden(*character)) {
        let message = format!(
            "contains the invisible character U+{:04X}, which is not allowed in names",
            u32::from(hidden)
        );
        errors.add(ValidationErrorCode::Invalid, path, message);
    }
}

/// Checks an optional name.
pub fn check_name_optional(
    errors: &mut ValidationErrors,
    path: &str,
    name: Option<&str>,
    max_length: usize,
) {
    if let Some(name) = name {
        check_name(errors, path, name, max_length);
    }
}

/// Whether a character is visible by itself.
fn is_visible(character: char) -> bool {
    // Braille's blank cell is a symbol in Unicode, but looks like a space.
    const BLANK: char = '\u{2800}';
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    let is_mark_or_format = matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::NonspacingMark
            | GeneralCategory::EnclosingMark
    );
    !character.is_whitespace() && character != BLANK && !is_mark_or_format && !is_hidden(character)
}

/// Whether a character is invisible and only affects other characters. Hidden characters are the default-ignorable
/// characters, such as zero-width spaces and direction controls, and the line and paragraph separators.
fn is_hidden(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Checks a slug: lower-case letters and digits, with single hyphens between them.
pub fn check_slug(errors: &mut ValidationErrors, path: &str, slug: &str) {
    let length = slug.chars().count();
    if length > MAX_SLUG {
        errors.add(
            ValidationErrorCode::TooLong,
            path,
            format!("has {length} characters; a slug has at most {MAX_SLUG}"),
        );
    } else if !is_slug(slug) {
        let message = format!(
            "{} is not a slug; valid: lower-case letters a to z, digits, and single hyphens between them",
            quote(slug)
        );
        errors.add(ValidationErrorCode::Invalid, path, message);
    }
}

fn is_slug(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// The maximum length of a slug that is generated from a title, in characters. A number may follow.
const MAX_GENERATED_SLUG: usize = 60;

/// Generates a slug from a title: its letters and digits, with hyphens between words. `None` if the title has no letter from a
/// to z and no digit.
#[must_use]
pub fn slug_of(title: &str) -> Option<String> {
    let words = fold(title);
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() >= MAX_GENERATED_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    (!slug.is_empty()).then_some(slug)
}

/// Checks a number: letters, digits, dots and hyphens, as in `4`, `10.a`, `UR-1`.
pub fn check_number(errors: &mut ValidationErrors, path: &str, number: &str) {
    let length = number.chars().count();
    if length > MAX_NUMBER {
        errors.add(
            ValidationErrorCode::TooLong,
            path,
            format!("has {length} characters; a number has at most {MAX_NUMBER}"),
        );
    } else if number.is_empty()
        || !number.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    {
        let message = format!("{} is not a number like 4, 10.a or UR-1", quote(number));
        errors.add(ValidationErrorCode::Invalid, path, message);
    }
}

/// Checks a URL: `http` or `https`, with a host.
pub fn check_url(errors: &mut ValidationErrors, path: &str, address: Option<&str>) {
    let Some(address) = address else { return };
    let length = address.chars().count();
    let parsed = url::Url::parse(address).ok();
    if length > MAX_URL {
        errors.add(
            ValidationErrorCode::TooLong,
            path,
            format!("has {length} characters; an address has at most {MAX_URL}"),
        );
    } else if !parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    {
        let message =
            format!("{} is not an address that starts with https:// or http://", quote(address));
        errors.add(ValidationErrorCode::Invalid, path, message);
    }
}

/// Folds a text for comparison: removes case, accents, apostrophes and invisible characters. Folded texts compare the same in
/// both databases.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(fold_character).filter(|c| !is_apostrophe(*c)).collect()
}

/// Folds a character. An accent or invisible character becomes nothing; a ligature or `ß` becomes several characters;
/// white space becomes a space.
pub fn fold_character(character: char) -> impl Iterator<Item = char> {
    std::iter::once(character)
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_default_ignorable(*c))
        .default_case_fold()
        .map(base_letter)
}

/// Whether a character is used as an apostrophe.
#[must_use]
pub const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`')
}

/// Whether a character is invisible and irrelevant for comparison, such as a soft hyphen or a zero-width space.
fn is_default_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Replaces a letter that Unicode does not decompose with the plain letter that people type if their keyboard lacks it.
/// White space becomes a space. Other characters stay the same.
fn base_letter(character: char) -> char {
    match character {
        'ґ' => 'г',
        'đ' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'ŧ' => 't',
        white if white.is_whitespace() => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fold_drops_case_and_accents_in_latin_and_cyrillic() {
        assert_eq!(fold("Élysée ЁЛКА Київ"), "elysee елка киів");
    }

    #[test]
    fn invisible_characters_are_hidden_and_letters_of_all_scripts_are_visible() {
        use icu_properties::props::BidiControl;

        let bidi = CodePointSetData::new::<BidiControl>();
        for character in bidi.iter_ranges().flatten().filter_map(char::from_u32) {
            assert!(is_hidden(character), "U+{:04X}", u32::from(character));
        }
        for character in
            "\u{ad}\u{34f}\u{115f}\u{200b}\u{200d}\u{2028}\u{2060}\u{3164}\u{fe0f}\u{feff}\u{e0041}"
                .chars()
        {
            assert!(
                is_hidden(character) && !is_visible(character),
                "U+{:04X}",
                u32::from(character)
            );
        }
        for character in " \u{a0}\u{301}\u{2003}\u{2800}\u{3000}".chars() {
            assert!(
                !is_hidden(character) && !is_visible(character),
                "U+{:04X}",
                u32::from(character)
            );
        }
        for character in "aЯїع한字ก🕊–§".chars() {
            assert!(is_visible(character) && !is_hidden(character), "{character}");
        }
    }

    #[test]
    fn tidy_text_does_not_depend_on_line_endings() {
        assert_eq!(tidy("\u{feff}a \t\r\n\r\n  b\rc  "), "a\n\n  b\nc");
        assert!(matches!(tidy("a b\n\n\tc\n"), Cow::Borrowed("a b\n\n\tc\n")));
    }

    #[test]
    fn fold_makes_spellings_of_a_word_equal() {
        for (folded, spellings) in [
            ("обєкт", ["об'єкт", "об\u{2019}єкт", "об\u{2bc}єкт", "ОБʼЄКТ", "обєкт"]),
            ("strasse", ["Straße", "STRASSE", "STRAẞE", "stra\u{ad}ße", "s\u{200b}traße"]),
            ("λογοσ", ["λόγος", "ΛΌΓΟΣ", "λογοσ", "λογο\u{2060}ς", "\u{feff}ΛΟΓΟΣ"]),
            ("ганок", ["ґанок", "ганок", "ҐАНОК", "г\u{200d}анок", "Ганок"]),
            (
                "lodz odense dakovo",
                [
                    "Łódź Ødense Đakovo",
                    "lodz odense dakovo",
                    "ŁÓDŹ ØDENSE ĐAKOVO",
                    "łódź\u{a0}ødense\tđakovo",
                    "Lo\u{301}dz\nOdense Dakovo",
                ],
            ),
        ] {
            for spelling in spellings {
                assert_eq!(fold(spelling), folded, "{spelling:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn fold_is_stable(text in ".{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn fold_of_characters_is_that_of_the_text_decomposed_as_a_whole(text in ".{0,40}") {
            let decomposed = text.nfkd().filter(|c| !is_combining_mark(*c) && !is_default_ignorable(*c) && !is_apostrophe(*c));
            let whole: String = decomposed.default_case_fold().map(base_letter).collect();
            prop_assert_eq!(fold(&text), whole);
        }

        #[test]
        fn fold_of_upper_and_lower_case_is_the_same(text in "[a-zа-яґєіїα-ωßſıłøđ' \u{2019}]{0,40}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
            prop_assert_eq!(fold(&text.to_lowercase()), fold(&text));
        }

        #[test]
        fn tidy_is_stable(text in "[\u{feff}\r\n\t ab]{0,12}") {
            let once = tidy(&text).into_owned();
            prop_assume!(!once.starts_with('\u{feff}'));
            prop_assert_eq!(tidy(&once), once.as_str());
        }

        #[test]
        fn slugs_of_words_and_hyphens_are_accepted(slug in "[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,4}") {
            let mut errors = ValidationErrors::default();
            check_slug(&mut errors, "slug", &slug);
            prop_assert!(errors.is_empty());
        }

        #[test]
        fn texts_with_control_characters_are_rejected(before in "[a-z]{1,5}", odd in "[\u{0}-\u{8}]") {
            let mut errors = ValidationErrors::default();
            check(&mut errors, "note", &format!("{before}{odd}"), MAX_PROSE);
            prop_assert_eq!(errors.0.len(), 1);
        }
    }
}
