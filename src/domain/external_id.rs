//! External identifiers: the identifiers that records have in other collections.

use super::content::{Fields, check_distinct};
use super::suggestion::did_you_mean;
use super::text::{self, quote};
use super::{ValidationErrorCode, ValidationErrors};

/// An external identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdContent {
    /// The name of the scheme: `PA-X`.
    pub scheme: String,
    /// The identifier in the scheme.
    pub value: String,
}

impl ExternalIdContent {
    /// Adds the fields of an identifier, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        fields.text("scheme", &self.scheme).text("value", &self.value)
    }
}

/// A scheme of identifiers.
#[derive(Debug)]
pub struct Scheme {
    /// The name: `PA-X`.
    pub name: &'static str,
    /// The valid form in words, for messages.
    form: &'static str,
    has_form: fn(&str) -> bool,
    /// The address of a record is this address followed by its identifier. `None` if the scheme has no URLs.
    base: Option<&'static str>,
}

/// All schemes.
pub const SCHEMES: &[Scheme] = &[
    Scheme {
        name: "WIKIDATA",
        form: "Q and a number, such as Q212",
        has_form: is_wikidata_item,
        base: Some("https://www.wikidata.org/wiki/"),
    },
    Scheme {
        name: "ISO-3166",
        form: "two or three capital letters, such as UA or UKR",
        has_form: is_country_code,
        base: None,
    },
    Scheme {
        name: "PA-X",
        form: "digits, such as 1364",
        has_form: is_number,
        base: Some("https://pax.peaceagreements.org/agreements/"),
    },
    Scheme::of_any_form("PAM"),
    Scheme { name: "UCDP", form: "digits, such as 13246", has_form: is_number, base: None },
    Scheme::of_any_form("UNTS"),
    Scheme {
        name: "UN",
        form: "a document symbol, such as S/RES/2202 (2015), or a symbol and a part, such as S/RES/2202 (2015), annex I",
        has_form: is_document_symbol,
        base: Some("https://undocs.org/"),
    },
    Scheme::of_any_form("UN meeting"),
    Scheme::of_any_form("UN press release"),
    Scheme::of_any_form("OSCE"),
    Scheme {
        name: "DOI",
        form: "“10.”, a number, a slash and a suffix, such as 10.1177/0022343318798242",
        has_form: is_doi,
        base: Some("https://doi.org/"),
    },
    Scheme {
        name: "ISBN",
        form: "10 or 13 digits without hyphens, ending with the check digit, such as 9780300268775",
        has_form: is_isbn,
        base: None,
    },
    Scheme {
        name: "CELEX",
        form: "the sector, the year, the type and the number, such as 32014R0833",
        has_form: is_celex,
        base: None,
    },
    Scheme::of_any_form("REPORT"),
];

impl Scheme {
    /// A scheme without addresses, whose identifiers can have any form.
    const fn of_any_form(name: &'static str) -> Self {
        let has_form = |value: &str| !value.contains(char::is_control);
        Self { name, form: "one line of text", has_form, base: None }
    }

    /// The scheme with this name.
    ///
    /// # Errors
    /// A sentence that names the valid schemes.
    pub fn named(name: &str) -> Result<&'static Self, String> {
        SCHEMES.iter().find(|scheme| scheme.name == name).ok_or_else(|| {
            let names: Vec<&str> = SCHEMES.iter().map(|scheme| scheme.name).collect();
            let suggestion = did_you_mean(name, names.iter().copied());
            format!("{} is not a scheme{suggestion}; valid: {}", quote(name), names.join(", "))
        })
    }

    /// The address of a record of the scheme. `None` if the scheme has no addresses.
    #[must_use]
    pub fn address(&self, value: &str) -> Option<String> {
        // Only a UN document symbol can contain a space, or be followed by a part of the document. The address omits
        // both.
        let value = value.split(", ").next().unwrap_or_default().replace(' ', "");
        let mut address = url::Url::parse(self.base?).ok()?;
        address.set_path(&format!("{}{value}", address.path()));
        Some(address.into())
    }
}

/// The form in which look-ups compare an identifier: without spaces, and with the letters A to Z in lower case.
#[must_use]
pub fn look_up_key(value: &str) -> String {
    value.replace(' ', "").to_ascii_lowercase()
}

/// Checks the external identifiers of a record. Accepts identifiers that are already stored, because an earlier version
/// accepted any scheme.
pub fn check(
    errors: &mut ValidationErrors,
    external_ids: &[ExternalIdContent],
    stored: &[ExternalIdContent],
) {
    for (index, external_id) in external_ids.iter().enumerate() {
        if stored.contains(external_id) {
            continue;
        }
        let path = format!("external_ids.{index}.value");
        let value = &external_id.value;
        text::check_name(errors, &path, value, text::MAX_LINE);
        match Scheme::named(&external_id.scheme) {
            Ok(scheme) if (scheme.has_form)(value) => {}
            // An error in this value has already been reported.
            Ok(_) if errors.0.iter().any(|error| error.path.iter().eq(path.split('.'))) => {}
            Ok(scheme) => {
                let message = format!(
                    "{} is not an identifier of the scheme {}; valid: {}",
                    quote(value),
                    scheme.name,
                    scheme.form
                );
                errors.add(ValidationErrorCode::Invalid, &path, message);
            }
            Err(message) => {
                let path = format!("external_ids.{index}.scheme");
                errors.add(ValidationErrorCode::Invalid, &path, message);
            }
        }
    }
    check_distinct(errors, "external_ids", external_ids);
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_wikidata_item(value: &str) -> bool {
    value.strip_prefix('Q').is_some_and(|number| is_number(number) && !number.starts_with('0'))
}

fn is_country_code(value: &str) -> bool {
    matches!(value.len(), 2 | 3) && value.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether the text is the symbol of a United Nations document, such as `S/RES/2202 (2015)`. A comma and a part of the
/// document may follow the symbol.
fn is_document_symbol(value: &str) -> bool {
    let symbol = value.split_once(", ").map_or(value, |(symbol, _)| symbol);
    // A symbol may contain one space, before the year in brackets.
    let symbol = symbol.replacen(" (", "(", 1);
    let is_in_symbol =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'(' | b')');
    symbol.starts_with(|first: char| first.is_ascii_uppercase())
        && symbol.split('/').count() > 1
        && symbol.split('/').all(|part| !part.is_empty())
        && symbol.bytes().all(is_in_symbol)
}

fn is_doi(value: &str) -> bool {
    let parts = value.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(registrant, suffix)| {
        registrant.split('.').all(is_number)
            && !suffix.is_empty()
            && !suffix.contains(char::is_whitespace)
    })
}

fn is_isbn(value: &str) -> bool {
    let digit = |(index, character): (usize, char)| match character {
        'X' if index == 9 && value.len() == 10 => Some(10),
        other => other.to_digit(10),
    };
    let digits: Option<Vec<u32>> = value.chars().enumerate().map(digit).collect();
    let Some(digits) = digits else { return false };
    match digits.len() {
        10 => {
            (1..=10).rev().zip(&digits).map(|(weight, digit)| weight * digit).sum::<u32>() % 11 == 0
        }
        13 => {
            [1, 3].iter().cycle().zip(&digits).map(|(weight, digit)| weight * digit).sum::<u32>()
                % 10
                == 0
        }
        _ => false,
    }
}

fn is_celex(value: &str) -> bool {
    let mut rest = value.chars().peekable();
    let sector =
        rest.next().is_some_and(|first| first.is_ascii_digit() || matches!(first, 'C' | 'E'));
    let year = rest.by_ref().take(4).filter(char::is_ascii_digit).count() == 4;
    let mut letters = 0;
    while rest.next_if(char::is_ascii_uppercase).is_some() {
        letters += 1;
    }
    let number = rest.peek().is_some_and(char::is_ascii_digit);
    let is_in_number =
        |other: char| other.is_ascii_alphanumeric() || matches!(other, '(' | ')' | '-');
    sector && year && matches!(letters, 1 | 2) && number && rest.all(is_in_number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_valid(scheme: &str, value: &str) -> bool {
        let mut errors = ValidationErrors::default();
        let external_id = ExternalIdContent { scheme: scheme.to_owned(), value: value.to_owned() };
        check(&mut errors, &[external_id], &[]);
        errors.is_empty()
    }

    #[test]
    fn values_have_the_form_of_their_scheme() {
        for (scheme, valid, invalid) in [
            ("WIKIDATA", vec!["Q1", "Q212"], vec!["212", "Q", "Q012", "q212", "Q21a", "P31"]),
            ("ISO-3166", vec!["UA", "UKR"], vec!["U", "ua", "UKRA", "U1", "804"]),
            ("PA-X", vec!["1364"], vec!["", "1364a", "-1", "1 364"]),
            ("UCDP", vec!["13246"], vec!["1-234"]),
            (
                "UN",
                vec![
                    "S/RES/2202 (2015)",
                    "S/RES/2202(2015)",
                    "S/2015/135",
                    "A/RES/ES-11/1",
                    "S/PV.7384",
                    "S/2015/135, annex I",
                ],
                vec![
                    "2202",
                    "SRES2202",
                    "S//2202",
                    "/S/2202",
                    "S/RES/2202/",
                    "S /RES/2202",
                    "s/res/2202",
                ],
            ),
            (
                "DOI",
                vec!["10.1177/0022343318798242", "10.1000.10/a(b)<c>#1"],
                vec![
                    "10.1177",
                    "10.1177/",
                    "10./x",
                    "10.11a/x",
                    "https://doi.org/10.1/x",
                    "10.1/a b",
                ],
            ),
            (
                "ISBN",
                vec!["9780300268775", "0306406152", "080442957X"],
                vec![
                    "9780300268776",
                    "978-0300268775",
                    "0306406153",
                    "X804429570",
                    // X is valid only as the last of 10 characters. If it meant 10 in every place, the check
                    // digits of the next two numbers would be right.
                    "X000000050",
                    "000000000X000",
                    "123",
                ],
            ),
            (
                "CELEX",
                vec!["32014R0833", "02014R0833-20220721", "52015PC0001(01)", "22014A0529(01)"],
                vec![
                    "2014R0833",
                    "X2014R0833",
                    "32014r0833",
                    "32014R",
                    "32014ABC1",
                    "320140833",
                    "32014R0833 a",
                ],
            ),
            ("UNTS", vec!["I-52401", "2114 UNTS 473"], vec!["", "a\nb"]),
        ] {
            for value in valid {
                assert!(is_valid(scheme, value), "{scheme} {value}");
            }
            for value in invalid {
                assert!(!is_valid(scheme, value), "{scheme} {value}");
            }
        }
    }

    #[test]
    fn unknown_scheme_is_refused_unless_it_is_stored() {
        let given = ExternalIdContent { scheme: "PAX".to_owned(), value: "1".to_owned() };
        let mut errors = ValidationErrors::default();
        check(&mut errors, std::slice::from_ref(&given), &[]);
        let message = &errors.0[0].message;
        assert!(message.contains("“PAX” is not a scheme (did you mean “PA-X”?)"), "{message}");
        assert!(SCHEMES.iter().all(|scheme| message.contains(scheme.name)), "{message}");
        let mut errors = ValidationErrors::default();
        check(&mut errors, std::slice::from_ref(&given), std::slice::from_ref(&given));
        assert!(errors.is_empty());
    }

    #[test]
    fn addresses_lead_to_the_record_in_the_other_collection() {
        for (scheme, value, address) in [
            ("WIKIDATA", "Q212", Some("https://www.wikidata.org/wiki/Q212")),
            ("PA-X", "1364", Some("https://pax.peaceagreements.org/agreements/1364")),
            ("UN", "S/RES/2202 (2015), annex I", Some("https://undocs.org/S/RES/2202(2015)")),
            ("DOI", "10.1/a?b#c", Some("https://doi.org/10.1/a%3Fb%23c")),
            ("ISO-3166", "UA", None),
        ] {
            assert_eq!(
                Scheme::named(scheme).unwrap().address(value).as_deref(),
                address,
                "{value}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_value_is_checked_without_panic(value in ".{0,20}") {
            for scheme in SCHEMES {
                is_valid(scheme.name, &value);
                let _ = scheme.address(&value);
            }
        }

        #[test]
        fn one_wrong_digit_makes_an_isbn_invalid(index in 0_usize..13, shift in 1_u32..10) {
            let mut digits: Vec<char> = "9780300268775".chars().collect();
            digits[index] = char::from_digit((digits[index].to_digit(10).unwrap() + shift) % 10, 10).unwrap();
            prop_assert!(!is_isbn(&digits.into_iter().collect::<String>()));
        }
    }
}
