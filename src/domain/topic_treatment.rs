//! Treatments of topics: how fully an agreement treats a topic, according to the codes of a dataset. A treatment describes the
//! text of the agreement. It is neither a status nor an assessment.

use std::collections::HashMap;

use super::content::Fields;
use super::text::quote;
use super::{ValidationErrorCode, ValidationErrors, pa_x};

/// The scheme of the codes of the PA-X Peace Agreements Database.
pub const PA_X: &str = "PA-X";

/// The schemes of codes.
pub const SCHEMES: &[&str] = &[PA_X];

/// The highest extent: the agreement treats the topic in detail.
pub const MAX_EXTENT: i32 = 3;

/// The maximum length of a code, in characters.
const MAX_CODE: usize = 40;

/// The maximum number of treatments of an agreement. PA-X has about 230 codes.
const MAX_TREATMENTS: usize = 500;

/// The content of a treatment. If a dataset states that an agreement does not mention a topic (0), no treatment
/// is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicTreatmentContent {
    /// The scheme of the code: one of [`SCHEMES`].
    pub scheme: String,
    /// The code of the topic in the scheme: `HrGen`.
    pub code: String,
    /// 1: mentioned, or “yes” if the topic is coded only as yes or no. 2: treated more fully. 3: treated in detail.
    pub extent: i32,
}

impl TopicTreatmentContent {
    /// The fields, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        fields.text("scheme", &self.scheme).text("code", &self.code).integer("extent", self.extent)
    }
}

/// The name of a topic of a scheme. `None` if the code is unknown.
#[must_use]
pub fn label(scheme: &str, code: &str) -> Option<&'static str> {
    if scheme == PA_X { pa_x::topic(code).map(|(_, label)| label) } else { None }
}

/// Checks the scheme of a code.
///
/// # Errors
/// A sentence that names the valid schemes.
pub fn check_scheme(scheme: &str) -> Result<(), String> {
    if SCHEMES.contains(&scheme) {
        return Ok(());
    }
    let schemes = SCHEMES.join(", ");
    Err(format!("{} is not a scheme of topics; valid values: {schemes}", quote(scheme)))
}

/// Checks the form of a code. Codes that are not in our list of labels are valid: a new version of a dataset can add codes.
///
/// # Errors
/// A sentence that names the valid form.
pub fn check_code(code: &str) -> Result<(), String> {
    let is_code = (1..=MAX_CODE).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_code {
        return Ok(());
    }
    Err(format!(
        "{} is not a code of a topic; valid: at most {MAX_CODE} letters a to z, digits and underscores, such as HrGen",
        quote(code)
    ))
}

/// Checks an extent.
///
/// # Errors
/// A sentence that names the valid values.
pub fn check_extent(extent: i32) -> Result<(), String> {
    if (1..=MAX_EXTENT).contains(&extent) {
        return Ok(());
    }
    Err(format!(
        "{extent} is not an extent; valid: 1 (mentioned), 2 (treated more fully) or 3 (treated in detail)"
    ))
}

/// Adds the errors of the treatments of an agreement: invalid values and repeated codes.
pub fn check(errors: &mut ValidationErrors, treatments: &[TopicTreatmentContent]) {
    if treatments.len() > MAX_TREATMENTS {
        let message =
            format!("has {} items; at most {MAX_TREATMENTS} are allowed", treatments.len());
        errors.add(ValidationErrorCode::TooLong, "topic_treatments", message);
        return;
    }
    let mut first_items = HashMap::new();
    for (index, treatment) in treatments.iter().enumerate() {
        let TopicTreatmentContent { scheme, code, extent } = treatment;
        let path = |field: &str| format!("topic_treatments.{index}.{field}");
        if let Err(message) = check_scheme(scheme) {
            errors.add(ValidationErrorCode::Invalid, &path("scheme"), message);
        }
        if let Err(message) = check_code(code) {
            errors.add(ValidationErrorCode::Invalid, &path("code"), message);
        }
        if let Err(message) = check_extent(*extent) {
            errors.add(ValidationErrorCode::OutOfRange, &path("extent"), message);
        }
        let first = *first_items.entry((scheme, code)).or_insert(index);
        if first != index {
            let message = format!("item {first} of topic_treatments already has the code {code}");
            errors.add(ValidationErrorCode::Duplicate, &path("code"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn treatment(scheme: &str, code: &str, extent: i32) -> TopicTreatmentContent {
        TopicTreatmentContent { scheme: scheme.to_owned(), code: code.to_owned(), extent }
    }

    fn paths(treatments: &[TopicTreatmentContent]) -> Vec<String> {
        let mut errors = ValidationErrors::default();
        check(&mut errors, treatments);
        errors.0.iter().map(|error| error.path.join(".")).collect()
    }

    #[test]
    fn invalid_treatments_are_reported_with_their_field() {
        let valid = [treatment(PA_X, "HrGen", 1), treatment(PA_X, "Ce", 3)];
        assert!(paths(&valid).is_empty());
        let most = (0..MAX_TREATMENTS).map(|number| treatment(PA_X, &format!("C{number}"), 1));
        assert!(paths(&most.collect::<Vec<_>>()).is_empty());
        let invalid = [
            treatment("PAX", "HrGen", 1),
            treatment(PA_X, "Hr Gen", 2),
            treatment(PA_X, "Ce", 4),
            treatment(PA_X, "Ce", 1),
            treatment(PA_X, "", 0),
        ];
        let expected = ["0.scheme", "1.code", "2.extent", "3.code", "4.code", "4.extent"];
        assert_eq!(paths(&invalid), expected.map(|path| format!("topic_treatments.{path}")));
        assert_eq!(
            paths(&vec![treatment(PA_X, "Ce", 1); MAX_TREATMENTS + 1]),
            ["topic_treatments"]
        );
    }

    #[test]
    fn known_codes_have_labels() {
        assert_eq!(label(PA_X, "HrGen"), Some("Human rights and rule of law"));
        assert_eq!(label(PA_X, "Unknown"), None);
        assert_eq!(label("PAM", "HrGen"), None);
    }

    proptest! {
        #[test]
        fn any_code_is_checked_without_panic(code in ".{0,60}", extent in any::<i32>()) {
            let is_valid = check_code(&code).is_ok() && check_extent(extent).is_ok();
            prop_assert_eq!(paths(&[treatment(PA_X, &code, extent)]).is_empty(), is_valid);
        }
    }
}
