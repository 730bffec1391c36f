//! Labels of codes, such as “Not started” for `NOT_STARTED`.

/// Codes whose label is not the code in words.
const EXCEPTIONS: [(&str, &str); 2] = [("UNASSESSED", "Not assessed"), ("ONE_OFF", "One-off")];

/// The label of a code.
pub(super) fn label(code: &str) -> String {
    if let Some((_, label)) = EXCEPTIONS.iter().find(|(exception, _)| *exception == code) {
        return (*label).to_owned();
    }
    let words = code.replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_are_codes_in_words() {
        assert_eq!(label("NOT_STARTED"), "Not started");
        assert_eq!(label("UNASSESSED"), "Not assessed");
        assert_eq!(label("DE_FACTO_AUTHORITY"), "De facto authority");
        assert_eq!(label(""), "");
    }
}
