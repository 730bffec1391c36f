//! Each rule reports the error in a dossier that is otherwise valid.

use clausewatch::dossier::File;

use super::{
    Records, breaches_without_breaker_or_reason, clauses_without_criteria,
    high_confidence_from_party_statements, home_pages, interpretations_without_a_statement,
    parents_with_more_progress_than_their_parts, parts_without_citations, repeated_notes,
};

const SOUND: &str = r#"
[[source]]
slug = "text"
kind = "OFFICIAL_TEXT"
url = "https://example.org/text"

[[source]]
slug = "claim"
kind = "PARTY_STATEMENT"
url = "https://example.org/?id=1"

[[agreement]]
slug = "pact"

[[agreement.clause]]
number = "1"
source = "text"
source_locator = "article 1"
criteria = [{ status = "COMPLETE", text = "The point is done." }]

[[agreement.clause]]
number = "1.a"
parent = "1"
source = "text"
source_locator = "article 1, first sentence"
criteria = [{ status = "COMPLETE", text = "The part is done." }]
obligations = [{ party = "north", role = "OBLIGED", source = "text" }]

[[event]]
slug = "signing"
happened_on = 2000-01-01
confidence = "HIGH"
sources = ["text", { source = "claim", locator = "page 2" }]

[[event.assessment]]
of = "pact/1.a"
status = "PARTIAL"
note = "A part was done."

[[event.assessment]]
of = "pact/1"
status = "PARTIAL"
note = "The only point was done in part."

[[assessment]]
of = "pact/1.a"
status = "BREACHED"
effective_on = "2001-02"
note = "Fire was reported. Each side names the other."
evidence = ["text"]

[[assessment]]
of = "pact/1"
status = "NOT_STARTED"
effective_on = 2001-01-31
note = "The step was undone."
evidence = ["text"]

[[assessment]]
of = "pact/1"
status = "COMPLETE"
effective_on = 2002-01-01
held_by = "north"
confidence = "HIGH"
note = "North holds that it has done its part."
evidence = ["claim"]

[[interpretation]]
of = "pact/1.a"
term = "part"
meaning = "A half."
held_by = "north"
stated_on = 2001-01-01
source = "claim"
confidence = "HIGH"
"#;

/// The errors that a rule reports in the valid dossier after a replacement.
fn found(rule: fn(&Records) -> Vec<String>, from: &str, to: &str) -> Vec<String> {
    assert!(SOUND.contains(from), "{from}");
    let file = File { name: "broken.toml".to_owned(), text: SOUND.replacen(from, to, 1) };
    rule(&Records::of(&[file]))
}

#[test]
fn valid_dossier_follows_all_rules() {
    for rule in [
        clauses_without_criteria,
        parts_without_citations,
        home_pages,
        high_confidence_from_party_statements,
        parents_with_more_progress_than_their_parts,
        repeated_notes,
        breaches_without_breaker_or_reason,
        interpretations_without_a_statement,
    ] {
        assert!(found(rule, "pact", "pact").is_empty());
    }
}

#[test]
fn clause_without_criteria_is_reported() {
    let criteria = r#"criteria = [{ status = "COMPLETE", text = "The part is done." }]"#;
    assert_eq!(found(clauses_without_criteria, criteria, ""), ["pact/1.a"]);
}

#[test]
fn clause_without_citation_is_reported() {
    assert_eq!(found(parts_without_citations, "source_locator = \"article 1\"", ""), ["pact/1"]);
    assert_eq!(
        found(parts_without_citations, ", source = \"text\"", ""),
        ["pact/1.a: obligations"]
    );
}

#[test]
fn home_page_is_reported() {
    assert_eq!(
        found(home_pages, "example.org/text", "example.org/"),
        ["text: https://example.org/"]
    );
}

#[test]
fn high_confidence_from_a_claim_is_reported() {
    let faults = found(high_confidence_from_party_statements, r#"["text", {"#, "[{");
    assert_eq!(
        faults,
        [
            "pact/1.a on 2000-01-01 by the neutral record",
            "pact/1 on 2000-01-01 by the neutral record"
        ]
    );
}

#[test]
fn parent_with_more_progress_than_its_parts_is_reported() {
    // On the last day of February, the progress of the part decreases, but the parent keeps its status.
    let faults = found(
        parents_with_more_progress_than_their_parts,
        "effective_on = 2001-01-31",
        "effective_on = 2001-03-31",
    );
    assert_eq!(faults, ["pact/1 on 2001-02-31 by the neutral record"]);
}

#[test]
fn interpretation_without_a_statement_is_reported() {
    let rule = interpretations_without_a_statement;
    let source = "stated_on = 2001-01-01\nsource = \"claim\"";
    assert_eq!(found(rule, source, "stated_on = 2001-01-01"), ["pact/1.a by north: part"]);
    assert_eq!(found(rule, "\"PARTY_STATEMENT\"", "\"PRESS\""), ["pact/1.a by north: part"]);
}

#[test]
fn repeated_note_is_reported() {
    let faults = found(repeated_notes, "The step was undone.", "A part was done.");
    assert_eq!(
        faults,
        [
            "pact/1 on 2001-01-31 by the neutral record, pact/1.a on 2000-01-01 by the neutral record: A part was done."
        ]
    );
}

#[test]
fn breach_with_neither_breaker_nor_reason_is_reported() {
    let faults = found(breaches_without_breaker_or_reason, " Each side names the other.", "");
    assert_eq!(faults, ["pact/1.a on 2001-02-31 by the neutral record"]);
}
