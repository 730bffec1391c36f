//! Identifiers according to the Akoma Ntoso Naming Convention 1.0: addresses of works, and ids of elements.

use std::collections::HashSet;

use isolang::Language;

/// The country in addresses of works. An agreement belongs to no country, so this is `XX`, a code that ISO 3166-1
/// reserves for users.
pub const COUNTRY: &str = "xx";

/// The address of an agreement as a work, such as `/akn/xx/act/treaty/2015-02-12/minsk-2`.
pub fn work(kind: &str, agreed_on: &str, slug: &str) -> String {
    format!("/akn/{COUNTRY}/act/{}/{agreed_on}/{slug}", token(kind))
}

/// Converts a code to a part of an address, such as `PACKAGE_OF_MEASURES` to `package-of-measures`.
pub fn token(code: &str) -> String {
    code.to_lowercase().replace('_', "-")
}

/// The code of ISO 639-3 for a language tag, such as `ukr` for `uk`. `und` if there is none.
pub fn language(tag: Option<&str>) -> String {
    let primary = tag.and_then(|tag| tag.split('-').next()).unwrap_or_default();
    let language = Language::from_639_1(primary).or_else(|| Language::from_639_3(primary));
    language.map_or("und", |language| language.to_639_3()).to_owned()
}

/// Assigns the ids of clauses. No id is used twice.
#[derive(Default)]
pub struct ClauseIds {
    used: HashSet<String>,
}

impl ClauseIds {
    /// Assigns an id to the clause with this number, such as `cl_4`, or `cl_4__cl_a` inside clause 4. `parent` is the
    /// id and the number of the clause that contains it.
    pub fn assign(&mut self, number: &str, parent: Option<(&str, &str)>) -> String {
        let own = parent.and_then(|(_, parent)| own_part(number, parent)).unwrap_or(number);
        let own = [own, number].into_iter().map(part).find(|part| !part.is_empty());
        let own = own.unwrap_or_else(|| "nn".to_owned());
        let prefix = parent.map(|(id, _)| format!("{id}__")).unwrap_or_default();
        let id = format!("{prefix}cl_{own}");
        let repeated = (2..).map(|count| format!("{id}_{count}"));
        let mut ids = std::iter::once(id.clone()).chain(repeated);
        let id = ids.find(|id| !self.used.contains(id)).unwrap_or(id);
        self.used.insert(id.clone());
        id
    }
}

/// The number of a clause without the number of the clause that contains it, such as `a` for `4a` or `4.a` in clause 4.
/// None if `number` does not begin with `parent`. `40` does not begin with the number 4, and `II` does not begin with
/// the number I.
fn own_part<'a>(number: &'a str, parent: &str) -> Option<&'a str> {
    let rest = number.strip_prefix(parent)?;
    let (last, next) = (parent.chars().next_back()?, rest.chars().next()?);
    let are_digits = last.is_numeric() && next.is_numeric();
    let are_letters = last.is_alphabetic() && next.is_alphabetic();
    (!are_digits && !are_letters).then_some(rest)
}

/// Converts a number to a part of an id. Keeps letters and digits, and replaces everything between them with a hyphen.
fn part(number: &str) -> String {
    let words = number.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_numbers_and_are_unique() {
        let mut ids = ClauseIds::default();
        assert_eq!(ids.assign("4", None), "cl_4");
        assert_eq!(ids.assign("4.a", Some(("cl_4", "4"))), "cl_4__cl_a");
        assert_eq!(ids.assign("4 a", Some(("cl_4", "4"))), "cl_4__cl_a_2");
        assert_eq!(ids.assign("Annex II, 3", None), "cl_Annex-II-3");
        assert_eq!(ids.assign("7", Some(("cl_4", "4"))), "cl_4__cl_7");
        assert_eq!(ids.assign("§", None), "cl_nn");
    }

    #[test]
    fn ids_omit_the_number_of_the_container_only_if_the_number_begins_with_it() {
        for (number, parent, expected) in [
            ("4.a", "4", "cl_a"),
            ("4-a", "4", "cl_a"),
            ("4a", "4", "cl_a"),
            ("4.10", "4", "cl_10"),
            ("A1", "A", "cl_1"),
            ("UR-1", "UR", "cl_1"),
            ("10", "1", "cl_10"),
            ("10.a", "1", "cl_10-a"),
            ("4.10", "4.1", "cl_4-10"),
            ("II", "I", "cl_II"),
            ("4", "4", "cl_4"),
            ("4.", "4", "cl_4"),
        ] {
            let id = ClauseIds::default().assign(number, Some(("x", parent)));
            assert_eq!(id, format!("x__{expected}"), "{number} in {parent}");
        }
    }

    #[test]
    fn languages_have_three_letters() {
        for (tag, expected) in
            [(Some("uk"), "ukr"), (Some("pt-BR"), "por"), (Some("rue"), "rue"), (None, "und")]
        {
            assert_eq!(language(tag), expected);
        }
    }
}
