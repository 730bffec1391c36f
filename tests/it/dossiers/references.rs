//! References between the records of dossiers: forward references, references from both sides, and cycles.

use clausewatch::dossier::Counts;
use serde_json::Value;

use super::*;

/// The pairs of caveats that are exchanged for each other, in both directions.
fn exchanges(app: &TestApp) -> Vec<String> {
    let query = "{ caveats { nodes { number inExchangeFor { number } } } }";
    let data = app.data(query, json!({}));
    let mut pairs = Vec::new();
    for caveat in data["caveats"]["nodes"].as_array().unwrap() {
        for other in caveat["inExchangeFor"].as_array().unwrap() {
            let (one, other) = (caveat["number"].as_str(), other["number"].as_str());
            pairs.push(format!("{} for {}", one.unwrap(), other.unwrap()));
        }
    }
    pairs.sort();
    pairs
}

on_both_databases! {
    fn forward_references_cost_one_change_per_record(app: Empty) {
        let text = format!("{PROPOSALS}{BASE}");
        let summary = import_text(&app, &text);
        assert_eq!(summary.caveats, Counts { created: 4, ..Counts::default() });
        assert_eq!(app.log_position(), 1 + 2 + 1 + 1 + 2 + 2 + 4 + 1 + 1);
        let query = r#"{ proposal(slug: "answer") { respondsTo { slug } caveat(number: "A-1") { answers { number } } } }"#;
        assert_eq!(
            app.data(query, json!({}))["proposal"],
            json!({ "respondsTo": { "slug": "offer" }, "caveat": { "answers": [{ "number": "O-1" }] } })
        );
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-1 for O-3", "O-2 for O-1", "O-3 for O-1"]);
        assert!(import_text(&app, &text).is_unchanged());
    }

    fn exchange_exists_while_one_side_states_it(app: Empty) {
        import_text(&app, &format!("{PROPOSALS}{BASE}"));
        let other_side = PROPOSALS
            .replace("in_exchange_for = [\"offer/O-2\", \"offer/O-3\"]\n", "")
            .replace("heading = \"Gold\"", "heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]");
        assert!(import_text(&app, &other_side).is_unchanged());
        let nobody = other_side
            .replace("heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]", "heading = \"Gold\"");
        assert_eq!(import_text(&app, &nobody).caveats.updated, 1);
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-2 for O-1"]);
        assert!(import_text(&app, &nobody).is_unchanged());
    }

    fn new_caveat_exchanged_for_an_existing_one_is_linked_once(app: Empty) {
        let without = PROPOSALS.replace(", \"offer/O-3\"]", "]");
        let (without, _) = without.split_once("[[proposal.caveat]]\nnumber = \"O-3\"").unwrap();
        import_text(&app, &format!("{without}{BASE}"));
        let summary = import_text(&app, PROPOSALS);
        assert_eq!(summary.caveats, Counts { created: 1, updated: 0, unchanged: 3 });
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-1 for O-3", "O-2 for O-1", "O-3 for O-1"]);
        assert!(import_text(&app, PROPOSALS).is_unchanged());
    }

    fn new_records_in_a_cycle_are_logged_once_each(app: Empty) {
        let cycle = BASE.replace(
            "summary = \"A truce.\"",
            "summary = \"A truce.\"\nrelations = [{ kind = \"IMPLEMENTS\", agreement = \"peace\" }]",
        ) + r#"
[[agreement]]
slug = "peace"
title = "Peace"
short_title = "Peace"
kind = "TREATY"
adoption = "Signed."
agreed_on = 2020-06-01
summary = "Peace."
relations = [{ kind = "EXTENDS", agreement = "truce" }]
"#;
        let summary = import_text(&app, &cycle);
        assert_eq!(summary.agreements, Counts { created: 2, ..Counts::default() });
        assert_eq!(app.log_position(), 1 + 2 + 1 + 2 + 2 + 1 + 1);
        let changes = app.data(
            "{ changes { nodes { action subject { ... on Agreement { slug version } } after { name value } } } }",
            json!({}),
        );
        let relations = |slug: &str| -> Vec<Value> {
            let changes = changes["changes"]["nodes"].as_array().unwrap().iter();
            let of_agreement = changes.filter(|change| change["subject"]["slug"] == slug);
            of_agreement
                .map(|change| {
                    let fields = change["after"].as_array().unwrap().iter();
                    let kinds = fields.filter(|field| field["name"] == "relations.0.kind");
                    let kinds: Vec<&Value> = kinds.map(|field| &field["value"]).collect();
                    json!([change["action"], change["subject"]["version"], kinds])
                })
                .collect()
        };
        assert_eq!(relations("truce"), [json!(["CREATED", 1, ["IMPLEMENTS"]])], "{changes:#}");
        assert_eq!(relations("peace"), [json!(["CREATED", 1, ["EXTENDS"]])], "{changes:#}");
        let query = "{ agreements { nodes { relations { kind agreement { slug } } } } }";
        assert_eq!(
            app.data(query, json!({}))["agreements"]["nodes"],
            json!([
                { "relations": [{ "kind": "IMPLEMENTS", "agreement": { "slug": "peace" } }] },
                { "relations": [{ "kind": "EXTENDS", "agreement": { "slug": "truce" } }] },
            ])
        );
        assert!(import_text(&app, &cycle).is_unchanged());
    }
}
