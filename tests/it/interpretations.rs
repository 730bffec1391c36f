//! Interpretations: the meanings that parties give to terms of a clause or caveat. `mutations` and `changes` test
//! recording, reading, logging and archiving of each field.

use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::on_both_databases;
use crate::support::world::{World, with};

/// The base dossier with an interpretation of clause 1 and these additional lines.
fn reading(lines: &str) -> String {
    format!(
        "{BASE}\n[[interpretation]]\nof = \"truce/1\"\nheld_by = \"north\"\nstated_on = 2020-02-01\n{lines}\n"
    )
}

/// The meanings in a connection.
fn meanings(connection: &Value) -> Vec<&str> {
    let nodes = connection["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["meaning"].as_str().unwrap()).collect()
}

on_both_databases! {
    fn interpretations_are_listed_by_day_and_filtered_by_holder_and_day(app: Empty) {
        let mut w = World::new(&app);
        for (name, subject, holder, day) in [
            ("late", "@two", "@north", "2016-09-01"),
            ("early", "@two", "@north", "2016-06-01"),
            ("other", "@ask", "@south", "2016-08-01"),
        ] {
            let input = json!({ "subjectId": subject, "meaning": name, "heldById": holder, "statedOn": day });
            w.create(name, "Interpretation", input);
        }
        for (arguments, expected) in [
            ("", vec!["early", "Above 100 mm.", "late"]),
            ("(heldBy: \"north\")", vec!["early", "late"]),
            ("(asOf: \"2016-07-02\")", vec!["early", "Above 100 mm."]),
            ("(asOf: \"2016-07-01\")", vec!["early"]),
            ("(heldBy: \"south\", asOf: \"2016-07-01\")", vec![]),
            ("(first: 1)", vec!["early"]),
            ("(last: 1)", vec!["late"]),
        ] {
            let record = w.read("two", &format!("interpretations{arguments} {{ nodes {{ meaning }} }}"));
            assert_eq!(meanings(&record["interpretations"]), expected, "{arguments}");
        }
        let record = w.read("ask", "interpretations { totalCount nodes { meaning subject { __typename } } }");
        assert_eq!(record["interpretations"], json!({ "totalCount": 1, "nodes": [{ "meaning": "other", "subject": { "__typename": "Caveat" } }] }));
        for (arguments, expected) in [
            ("", vec!["early", "Above 100 mm.", "other", "late"]),
            ("(heldBy: \"south\")", vec!["Above 100 mm.", "other"]),
            ("(asOf: \"2016-08-01\")", vec!["early", "Above 100 mm.", "other"]),
        ] {
            let data = app.data(&format!("{{ interpretations{arguments} {{ nodes {{ meaning }} }} }}"), json!({}));
            assert_eq!(meanings(&data["interpretations"]), expected, "{arguments}");
        }
        for (archived, expected) in [
            ("offer", vec!["early", "Above 100 mm.", "late"]),
            ("treaty", vec![]),
        ] {
            w.change("archive", archived, &json!({}));
            let data = app.data("{ interpretations { nodes { meaning } } }", json!({}));
            assert_eq!(meanings(&data["interpretations"]), expected, "the interpretations of {archived} must be excluded");
        }
        let record = w.read("two", "interpretations { totalCount }");
        assert_eq!(record["interpretations"]["totalCount"], 3, "a clause of an archived agreement can be read by its id");
        let (code, message) = app.error("{ interpretations(heldBy: \"nobody\") { totalCount } }", json!({}));
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("“nobody”` is neither the id nor the slug of a party"), "{message}");
    }

    fn invalid_interpretations_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        let valid = json!({ "subjectId": "@one", "meaning": "So.", "heldById": "@north", "statedOn": "2016-07-02" });
        for (patch, code, path, words) in [
            (json!({ "subjectId": "@offer" }), "INVALID", "subjectId", "is an id of kind proposal, not clause or caveat"),
            (json!({ "subjectId": "@north" }), "INVALID", "subjectId", "is an id of kind party, not clause or caveat"),
            (json!({ "heldById": "@one" }), "INVALID", "heldById", "is an id of kind clause, not party"),
            (json!({ "statedOn": "9999-01-01" }), "OUT_OF_RANGE", "statedOn", "9999-01-01 is in the future; the latest day is "),
            (json!({ "meaning": " " }), "INVALID", "meaning", "empty"),
            (json!({ "term": "x".repeat(301) }), "TOO_LONG", "term", "301"),
            (json!({ "sourceLocator": "p. 1" }), "INVALID", "sourceLocator", "no source is given"),
            (json!({ "subjectId": "@two", "heldById": "@south", "term": "heavy" }), "DUPLICATE", "statedOn", "already has an interpretation"),
        ] {
            let errors = w.reject("createInterpretation", &with(valid.clone(), &patch));
            let [(actual, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!((actual.as_str(), at.as_str()), (code, path), "{message}");
            assert!(message.contains(words), "{message}");
        }
        let data = app.data("{ interpretations { totalCount } }", json!({}));
        assert_eq!(data["interpretations"]["totalCount"], 1);
    }

    fn interpretations_in_a_dossier_are_added_and_changed_once(app: Empty) {
        let query = "{ clause(agreement: \"truce\", number: \"1\") { interpretations { nodes { term meaning confidence note } } } }";
        let stored = || app.data(query, json!({}))["clause"]["interpretations"]["nodes"].take();
        let whole = "meaning = \"No shot.\"\nconfidence = \"HIGH\"";
        let row = json!({ "term": null, "meaning": "No shot.", "confidence": "HIGH", "note": null });
        assert_eq!(import_text(&app, &reading(whole)).interpretations.created, 1);
        assert_eq!(stored(), json!([row]));
        let position = app.log_position();
        assert_eq!(import_text(&app, &reading(whole)).interpretations.unchanged, 1);
        assert_eq!(app.log_position(), position);
        let changed = "meaning = \"No shell.\"\nnote = \"Oral.\"";
        assert_eq!(import_text(&app, &reading(changed)).interpretations.updated, 1);
        let changed = json!({ "term": null, "meaning": "No shell.", "confidence": "MEDIUM", "note": "Oral." });
        assert_eq!(stored(), json!([changed]));
        // A different term is a new interpretation.
        assert_eq!(import_text(&app, &reading("term = \"fire\"\nmeaning = \"Any.\"")).interpretations.created, 1);
        assert_eq!(stored().as_array().unwrap().len(), 2);
    }

    fn invalid_dossier_interpretations_are_reported_with_file_and_line(app: Empty) {
        import_text(&app, BASE);
        let position = app.log_position();
        let line = reading("").lines().position(|line| line == "[[interpretation]]").unwrap() + 1;
        let again = "meaning = \"A.\"\n[[interpretation]]\nof = \"truce/1\"\nheld_by = \"north\"\nstated_on = 2020-02-01\nmeaning = \"B.\"";
        let offer = "\n[[proposal]]\nslug = \"offer\"\ntitle = \"Offer\"\nsummary = \"An offer.\"\nstanding = \"OFFICIAL\"\n\
                     made_on = 2020-01-02\nproposed_by = [\"north\"]\naddressed_to = [\"south\"]\n";
        for (text, at, words) in [
            (reading(""), line, "meaning: is missing"),
            (reading("meaning = \"A.\"").replace("held_by = \"north\"", "held_by = \"nroth\""), line + 2, "held_by: there is no party “nroth” (did you mean “north”?)"),
            (reading("meaning = \"A.\"").replace("stated_on = 2020-02-01", "stated_on = 9999-02-01"), line + 3, "stated_on: 9999-02-01 is in the future"),
            (reading("meaning = \"A.\"\nsource_locator = \"p. 1\""), line + 5, "source_locator: “p. 1” is a place in a source, but no source is given"),
            (format!("{}{offer}", reading("meaning = \"A.\"").replace("[[interpretation]]\nof = \"truce/1\"", "[[interpretation]]\nof = \"offer\"")), line + 1, "of: is a proposal; expected a clause or a caveat"),
            (reading(again), line + 5, "is already defined"),
        ] {
            let error = import(&app, &[file("truce.toml", &text)]).expect_err(words).to_string();
            let faults: Vec<&str> = error.lines().filter(|line| line.starts_with("truce.toml:")).collect();
            assert_eq!(faults.len(), 1, "{error}");
            assert!(faults[0].starts_with(&format!("truce.toml:{at}: ")) && faults[0].contains(words), "{error}");
        }
        assert_eq!(app.log_position(), position);
    }
}
