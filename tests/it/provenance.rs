//! Provenance: the source, its locator, the confidence and the note, for every kind of record that has them.

use serde_json::{Value, json};

use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

/// A dossier that states provenance for every kind of record that can have it.
fn with_provenance(place: &str) -> String {
    let provenance = format!(
        "source = \"gazette\", source_locator = \"{place}\", confidence = \"LOW\", note = \"Unclear.\""
    );
    let lines = provenance.replace(", ", "\n");
    let base = BASE
        .replace(
            "summary = \"A truce.\"\n",
            &format!("summary = \"A truce.\"\n{lines}\n[[agreement.party]]\nparty = \"north\"\nrole = \"SIGNATORY\"\n{lines}\n"),
        )
        .replace(
            "summary = \"They leave.\"\n",
            &format!(
                "summary = \"They leave.\"\n{lines}\n\
                 obligations = [{{ party = \"north\", role = \"OBLIGED\", {provenance} }}]\n\
                 deadlines = [{{ rule = \"Soon\", {provenance} }}]\n"
            ),
        );
    format!(
        "{base}
[[proposal]]
slug = \"offer\"
title = \"Offer\"
summary = \"An offer.\"
standing = \"OFFICIAL\"
made_on = 2020-03-01
proposed_by = [\"north\"]
addressed_to = [\"south\"]
{lines}

[[proposal.caveat]]
number = \"O-1\"
kind = \"OFFER\"
heading = \"Peace\"
summary = \"Peace.\"
topic = \"security\"
owed_by = []
owed_to = []
{lines}

[[precondition]]
kind = \"BEFORE_START\"
step = \"truce/2\"
requires = \"truce/1\"
{lines}
"
    )
}

/// The provenance in the database, for each kind of record.
fn stored(app: &TestApp) -> Value {
    let fields = "source { slug } sourceLocator confidence note";
    let query = format!(
        r#"{{
            agreement(slug: "truce") {{ {fields} parties {{ {fields} }} }}
            clause(agreement: "truce", number: "2") {{ {fields} obligations {{ {fields} }} deadlines {{ {fields} }} preconditions {{ {fields} }} }}
            proposal(slug: "offer") {{ {fields} caveat(number: "O-1") {{ {fields} }} }}
        }}"#
    );
    app.data(&query, json!({}))
}

/// The source locators, in the order of the fields.
fn places(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(map) => {
            let own = map.get("sourceLocator").and_then(Value::as_str);
            own.into_iter()
                .chain(map.values().filter(|value| !value.is_string()).flat_map(places))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(places).collect(),
        _ => Vec::new(),
    }
}

on_both_databases! {
    fn provenance_in_a_dossier_is_stored_for_every_kind(app: Empty) {
        import_text(&app, &with_provenance("p. 1"));
        let data = stored(&app);
        assert_eq!(places(&data), ["p. 1"; 8], "{data:#}");
        let one = json!({ "source": { "slug": "gazette" }, "sourceLocator": "p. 1", "confidence": "LOW", "note": "Unclear." });
        assert_eq!(data["agreement"]["parties"], json!([one]));
        assert_eq!(data["clause"]["obligations"], json!([one]));
        assert_eq!(data["clause"]["deadlines"], json!([one]));
        assert_eq!(data["clause"]["preconditions"], json!([one]));
        assert_eq!(data["proposal"]["caveat"], one);

        let position = app.log_position();
        import_text(&app, &with_provenance("p. 1"));
        assert_eq!(app.log_position(), position, "the same dossier changes nothing");
        import_text(&app, &with_provenance("p. 2"));
        assert_eq!(places(&stored(&app)), ["p. 2"; 8]);
        assert_eq!(app.log_position(), position + 5, "each record has one entry, which includes its parts");
    }

    fn records_without_provenance_in_a_dossier_have_the_defaults(app: Empty) {
        let text = with_provenance("p. 1");
        let place = "source_locator = \"p. 1\"";
        let text = text.replace(&format!("source = \"gazette\", {place}, confidence = \"LOW\", note = \"Unclear.\""), "")
            .replace(&format!("source = \"gazette\"\n{place}\nconfidence = \"LOW\"\nnote = \"Unclear.\"\n"), "")
            .replace(", }", " }");
        import_text(&app, &text);
        let none = json!({ "source": null, "sourceLocator": null, "confidence": "MEDIUM", "note": null });
        let data = stored(&app);
        assert_eq!(data["agreement"]["parties"], json!([none]));
        assert_eq!(data["clause"]["obligations"], json!([none]));
        assert_eq!(data["clause"]["deadlines"], json!([none]));
        assert_eq!(data["clause"]["preconditions"], json!([none]));
        assert_eq!(data["proposal"]["caveat"], none);
    }

    fn locator_without_a_source_in_a_dossier_is_an_error(app: Empty) {
        let base = with_provenance("p. 1");
        let lines: Vec<&str> = base.lines().collect();
        let line = |start: &str| 1 + lines.iter().position(|line| line.starts_with(start)).expect(start);
        let needs = "“p. 1” is a place in a source, but no source is given";
        let without = base.replace("source = \"gazette\", ", "").replace("source = \"gazette\"\n", "");
        let faults = faults_of(&app, &[file("test.toml", &without)]);
        assert_eq!(faults.len(), 8, "{faults:#?}");
        for path in ["source_locator", "party.0.source_locator", "obligations.0.source_locator", "deadlines.0.source_locator"] {
            assert!(faults.iter().any(|fault| fault.ends_with(&format!(": {path}: {needs}"))), "{path} in {faults:#?}");
        }
        // Only the missing source is reported. Its locator causes no second error.
        let unknown = base.replace("role = \"OBLIGED\", source = \"gazette\"", "role = \"OBLIGED\", source = \"gazete\"");
        assert_eq!(
            faults_of(&app, &[file("test.toml", &unknown)]),
            [format!(
                "test.toml:{}: obligations.0.source: there is no source “gazete” (did you mean “gazette”?); expected the slug of \
                 a source in this import or in the database",
                line("obligations = ")
            )]
        );
        let long = base.replace("rule = \"Soon\", source = \"gazette\", source_locator = \"p. 1\"",
            &format!("rule = \"Soon\", source = \"gazette\", source_locator = \"{}\"", "x".repeat(301)));
        assert_eq!(
            faults_of(&app, &[file("test.toml", &long)]),
            [format!("test.toml:{}: deadlines.0.source_locator: has 301 characters, 1 too many; at most 300", line("deadlines = "))]
        );
    }

    fn locator_without_a_source_in_an_input_is_rejected(app: Empty) {
        let w = World::new(&app);
        let refusal = |path: &str, place: &str| {
            ("INVALID".to_owned(), path.to_owned(), format!("“{place}” is a place in a source, but no source is given"))
        };
        for (name, place) in [("annex", "p. 1"), ("two", "art. 1, point a"), ("answer", "p. 5"), ("give", "p. 6"), ("order", "p. 7")] {
            let update = format!("update{}", w.kind(name));
            let faults = w.reject(&update, &w.about(name, &json!({ "sourceId": null })));
            assert_eq!(faults, [refusal("sourceLocator", place)], "{name}");
        }
        for (name, field, part) in [
            ("annex", "parties", json!({ "partyId": "@north", "role": "MONITOR" })),
            ("two", "obligations", json!({ "partyId": "@north", "role": "MONITOR" })),
            ("two", "deadlines", json!({ "rule": "Soon" })),
        ] {
            let mut located = part.clone();
            located["sourceLocator"] = json!("p. 9");
            located["heldById"] = json!("@south");
            let update = format!("update{}", w.kind(name));
            let faults = w.reject(&update, &w.about(name, &json!({ field: [part, located] })));
            assert_eq!(faults, [refusal(&format!("{field}.1.sourceLocator"), "p. 9")]);
            let mut unknown = located.clone();
            unknown["sourceId"] = json!("@north");
            let faults = w.reject(&update, &w.about(name, &json!({ field: [unknown] })));
            assert_eq!((faults[0].0.as_str(), faults[0].1.as_str()), ("INVALID", format!("{field}.0.sourceId").as_str()), "{faults:?}");
        }
    }

    fn same_role_with_another_source_is_a_duplicate(app: Empty) {
        let w = World::new(&app);
        let (one, other) = (json!({ "partyId": "@north", "role": "MONITOR" }), json!({ "partyId": "@north", "role": "MONITOR", "note": "N" }));
        for (name, field) in [("annex", "parties"), ("two", "obligations")] {
            let update = format!("update{}", w.kind(name));
            let faults = w.reject(&update, &w.about(name, &json!({ field: [one, other] })));
            assert_eq!(faults, [("DUPLICATE".to_owned(), format!("{field}.1"), format!("repeats item 0 of {field}"))]);
        }
    }
}
