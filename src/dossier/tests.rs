//! Tests of the reader without a database. Tests of imports are in `tests/`.

use proptest::prelude::*;

use super::document::Document;
use super::names::Names;
use super::{File, LocatedError, embedded, read_all};
use crate::domain::suggestion::did_you_mean;

/// A dossier with all kinds of records.
const EVERYTHING: &str = r#"
[[topic]]
slug = "security"
name = "Security"

[[party]]
slug = "north"
name = "North"
short_name = "North"
kind = "STATE"

[[source]]
slug = "gazette"
title = "The Gazette"
kind = "PRESS"
published_on = 2020-01-01

[[agreement]]
slug = "truce"
title = "Truce"
short_title = "Truce"
kind = "PROTOCOL"
adoption = """\
  Signed, \
  and sealed."""
agreed_on = 2020-01-01
summary = "A truce."
external_ids = [{ scheme = "PA-X", value = "1" }]

[[agreement.party]]
party = "north"
role = "SIGNATORY"

[[agreement.clause]]
number = "1"
heading = "Fire"
summary = "It ceases."
nature = "CONTINUING"
topic = "security"
obligations = [{ party = "north", role = "OBLIGED" }]
deadlines = [
  { rule = "At once", due_on = 2020-01-01 },
]

[[proposal]]
slug = "plan"
title = "Plan"
summary = "A plan."
standing = "OFFICIAL"
made_on = 2020-01-02
proposed_by = ["north"]
addressed_to = []

[[proposal.caveat]]
number = "P-1"
kind = "DEMAND"
heading = "More"
summary = "More."
topic = "security"
clause_links = [{ clause = "truce/1", kind = "OVERLAPS" }]

[[precondition]]
kind = "BEFORE_START"
step = "plan/P-1"
requires = "truce/1"

[[event]]
slug = "shots"
happened_on = 2020-02-01
kind = "VIOLATION"
title = "Shots"
summary = "Shots."
concerns = ["truce/1", "plan"]

[[event.assessment]]
of = "truce/1"
status = "BREACHED"
note = "Shots."
"#;

fn errors_of(text: &str) -> Vec<LocatedError> {
    let file = File { name: "test.toml".to_owned(), text: text.to_owned() };
    let mut errors = Vec::new();
    let documents = [Document::parse(&file, &mut errors)];
    read_all(&documents, Names::none(), &mut errors);
    errors.sort();
    errors
}

fn messages(text: &str) -> Vec<String> {
    errors_of(text).iter().map(|error| format!("{}: {}", error.line, error.message)).collect()
}

#[test]
fn embedded_dossiers_have_no_errors() {
    let (files, mut errors) = (embedded(), Vec::new());
    let documents: Vec<Document<'_>> =
        files.iter().map(|file| Document::parse(file, &mut errors)).collect();
    let import_set = read_all(&documents, Names::none(), &mut errors);
    assert_eq!(errors, []);
    assert!(import_set.events.len() > 100);
}

#[test]
fn every_kind_of_record_is_read() {
    assert_eq!(messages(EVERYTHING), Vec::<String>::new());
}

#[test]
fn syntax_error_causes_no_other_errors() {
    // A syntax error on a line must not also be reported as a missing field or an unknown record.
    for (right, wrong) in [
        ("title = \"The Gazette\"", "title = The Gazette"),
        ("title = \"The Gazette\"", "title ="),
        ("slug = \"north\"", "slug = \"north"),
        ("[[party]]", "[[party]"),
        ("proposed_by = [\"north\"]", "proposed_by = [\"north\", , ]"),
        ("concerns = [\"truce/1\", \"plan\"]", "concerns = [\n\"truce/1\",\nplan\"\n]"),
        ("made_on = 2020-01-02", "made_on = 2020-13-02"),
        ("and sealed.\"\"\"", "and sealed.\""),
        ("  { rule = \"At once\", due_on = 2020-01-01 },", "  { rule = \"At once\", due_on = },"),
    ] {
        assert!(EVERYTHING.contains(right));
        let messages = messages(&EVERYTHING.replacen(right, wrong, 1));
        assert!(!messages.is_empty());
        assert!(messages.iter().all(|m| m.contains("is not valid TOML")), "{wrong}: {messages:#?}");
    }
}

#[test]
fn syntax_error_in_a_value_does_not_hide_other_errors() {
    let text = EVERYTHING
        .replace("published_on = 2020-01-01", "published_on = 2020-02-30")
        .replace("kind = \"PRESS\"", "kind = \"RUMOUR\"")
        .replace("party = \"north\", role", "party = \"nroth\", role");
    assert_eq!(
        messages(&text),
        [
            "15: kind: “RUMOUR” must be OFFICIAL_TEXT, MONITOR_REPORT, PARTY_STATEMENT, PRESS, ACADEMIC or LEAK",
            "16: is not valid TOML: invalid date, expected day between 01 and 29",
            "40: obligations.0.party: there is no party “nroth” (did you mean “north”?); expected the slug of a \
             party in this import or in the database",
        ]
    );
}

#[test]
fn wrong_types_are_named() {
    let text = EVERYTHING
        .replace("slug = \"security\"", "slug = 7")
        .replace("proposed_by = [\"north\"]", "proposed_by = \"north\"")
        .replace("external_ids = [{ scheme = \"PA-X\", value = \"1\" }]", "external_ids = [1]")
        .replace("concerns = [\"truce/1\", \"plan\"]", "concerns = [\"truce/1\", true]")
        .replace("standing = \"OFFICIAL\"", "standing = \"official\"\nis_package = \"no\"");
    assert_eq!(
        messages(&text),
        [
            "3: slug: must be a string in quotes, not the number 7",
            "28: external_ids: must be a list of tables: [[…external_ids]] blocks, or [{ … }], not the number 1",
            "49: standing: “official” must be OFFICIAL or UNOFFICIAL",
            "50: is_package: must be true or false, not the string “no”",
            "52: proposed_by: must be a list of strings, such as [\"one\", \"other\"], not the string “north”",
            "74: concerns: must be a list of strings, such as [\"one\", \"other\"], not true",
        ]
    );
}

#[test]
fn suggestions_are_made_for_similar_names_only() {
    let names = || ["minsk-2", "minsk-protocol"].into_iter();
    assert_eq!(did_you_mean("minks-2", names()), " (did you mean “minsk-2”?)");
    assert_eq!(did_you_mean("budapest", names()), "");
    assert_eq!(did_you_mean(&"minsk-2".repeat(100), names()), "");
}

fn check_lines(text: &str) -> Result<(), TestCaseError> {
    let lines = text.lines().count().max(1);
    for error in errors_of(text) {
        prop_assert!((1..=lines).contains(&error.line), "{error} of {lines} lines");
    }
    Ok(())
}

proptest! {
    #[test]
    fn errors_of_any_text_are_within_it(text in "(?s).{0,200}") {
        check_lines(&text)?;
    }

    #[test]
    fn errors_of_any_pieces_of_toml_are_within_them(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "[", "]", "[[", "]]", "{", "}", "=", ",", ".", "\n", " ", "\"", "\"\"\"", "'", "#", "\\",
                "event", "assessment", "agreement", "party", "clause", "slug", "of", "a", "1", "true",
                "2020-02-30", "2020-01-01", "é", "\r",
            ]),
            0..40,
        ),
    ) {
        check_lines(&pieces.concat())?;
    }

    #[test]
    fn errors_of_any_damage_are_within_the_text(
        at in any::<prop::sample::Index>(),
        length in 0usize..30,
        new in "[\\[\\]{}=\"',.#a-z0-9 \n]{0,4}",
    ) {
        // The dossier is ASCII, so each index is a character boundary.
        let start = at.index(EVERYTHING.len());
        let end = (start + length).min(EVERYTHING.len());
        let text = format!("{}{new}{}", &EVERYTHING[..start], &EVERYTHING[end..]);
        check_lines(&text)?;
    }
}
