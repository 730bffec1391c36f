//! Releases: named positions of the change log.

use super::{ValidationErrorCode, ValidationErrors, text};

/// The maximum length of a name, in characters.
pub const MAX_NAME: usize = 100;

/// The content of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseContent {
    /// The name, such as `2026-11` or `v1.0`.
    pub name: String,
    /// The title of the data set.
    pub title: Option<String>,
    /// What a reader should know about this release.
    pub notes: Option<String>,
}

impl ReleaseContent {
    /// Adds an error for each invalid value.
    pub fn check(&self, errors: &mut ValidationErrors) {
        let length = self.name.chars().count();
        if length > MAX_NAME {
            let message =
                format!("has {length} characters; the name of a release has at most {MAX_NAME}");
            errors.add(ValidationErrorCode::TooLong, "name", message);
        } else if !is_name(&self.name) {
            let message = format!(
                "{} cannot be the name of a release; valid: lower-case letters a to z and digits, with single dots or \
                 hyphens between them, such as 2026-11 or v1.0",
                text::quote(&self.name)
            );
            errors.add(ValidationErrorCode::Invalid, "name", message);
        }
        text::check_name_optional(errors, "title", self.title.as_deref(), text::MAX_LINE);
        text::check_optional(errors, "notes", self.notes.as_deref(), text::MAX_PROSE);
    }
}

/// Whether a text can be the name of a release: lower-case letters and digits, with single dots or hyphens between them.
/// Such a text can also be the name of a folder.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split(['.', '-']).all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_with_single_dots_or_hyphens() {
        for name in ["2026-11", "v1.0", "a", "minsk-2.final"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", ".", "..", "../a", "a/b", "A", "v1..0", "-a", "a-", "a b", "ü", "v1_0"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
