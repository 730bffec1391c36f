//! Reading records by their ids with `node` and `nodes`.

use std::collections::{BTreeMap, BTreeSet};

use clausewatch::domain::{GlobalId, Kind, StringEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::connections::texts;
use crate::support::{TestApp, on_both_databases};

/// Queries some records of every type with their ids.
const EVERYTHING: &str = r#"{
    topics { __typename id }
    interpretations { nodes { __typename id } }
    agreement(slug: "minsk-2") {
        __typename id
        source { __typename id }
        externalIds { __typename id }
        parties { __typename id party { __typename id } }
        relations { __typename id }
        endings { __typename id }
        clauses {
            nodes {
                __typename id
                obligations { __typename id }
                deadlines { __typename id }
                preconditions { __typename id }
                assessments(first: 2) { nodes { __typename id } }
                events(first: 2) { nodes { __typename id } }
                statusChecks(first: 2) { nodes { __typename id } }
            }
        }
    }
    proposal(slug: "neutral-ukraine-test") {
        __typename id
        assessments { nodes { __typename id } }
        caveats { nodes { __typename id clauseLinks { __typename id } assessments { nodes { __typename id } } } }
    }
}"#;

/// Adds the ids in an answer to `found`, grouped by type.
fn collect(value: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(name)), Some(Value::String(id))) =
                (fields.get("__typename"), fields.get("id"))
            {
                found.entry(name.clone()).or_default().insert(id.clone());
            }
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// Some ids for every type that has ids.
fn some_of_every_type(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    // The sample contains no status checks.
    let input = json!({ "subjectId": app.clause_id("minsk-2", "9"), "checkedOn": "2026-11-01" });
    let mutation = "mutation($input: RecordStatusCheckInput!) { recordStatusCheck(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["recordStatusCheck"]["userErrors"], json!([]));
    let mut found = BTreeMap::new();
    collect(&app.data(EVERYTHING, json!({})), &mut found);
    let query = "{ __type(name: \"Node\") { possibleTypes { name } } }";
    let types = app.data(query, json!({}));
    let mut types = texts(&types["__type"]["possibleTypes"], "/name");
    // Tokens and webhooks are visible only to admins, and submissions only to editors. See `access`, `webhooks` and `review`. Only the command
    // `release` creates releases. See `releases`.
    types.retain(|name| !["Token", "Webhook", "Submission", "Release"].contains(name));
    types.sort_unstable();
    assert_eq!(found.keys().collect::<Vec<_>>(), types, "the test must cover every type");
    assert_eq!(types.len(), 21);
    found
}

on_both_databases! {
    fn node_returns_records_of_every_type(app: Sample) {
        for (name, ids) in some_of_every_type(&app) {
            for id in ids.iter().take(3) {
                let found = app.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id }));
                assert_eq!(found["node"], json!({ "__typename": name, "id": id }));
            }
        }
    }

    fn nodes_are_returned_in_the_requested_order(app: Sample) {
        // The requested ids alternate between the types, although each SQL statement reads records of only one type.
        let found = some_of_every_type(&app);
        let mut expected = Vec::new();
        for turn in 0..5 {
            for (name, ids) in &found {
                expected.extend(ids.iter().rev().nth(turn).map(|id| json!({ "__typename": name, "id": id })));
            }
        }
        assert!(expected.len() > 60, "{}", expected.len());
        // An id can be requested twice.
        expected.push(expected[0].clone());
        let ids: Vec<Value> = expected.iter().map(|node| node["id"].clone()).collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
        assert_eq!(app.data(query, json!({ "ids": ids }))["nodes"], Value::from(expected));
        assert_eq!(app.data(query, json!({ "ids": [] }))["nodes"], json!([]));
    }

    fn unknown_ids_return_null_in_their_positions(app: SharedSample) {
        let known = app.clause_id("minsk-2", "9");
        let uuid = Uuid::from_u128(7);
        let unknown: Vec<String> =
            Kind::ALL.iter().map(|kind| GlobalId { kind: *kind, uuid }.encode()).collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        for id in &unknown {
            let found = app.data(query, json!({ "ids": [id, known, id] }));
            assert_eq!(found["nodes"], json!([null, { "id": known }, null]));
        }
        let one = app.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": unknown[0] }));
        assert_eq!(one, json!({ "node": null }));
    }

    fn id_with_the_wrong_type_returns_null(app: Sample) {
        let query = "query($id: ID!) { node(id: $id) { __typename id } }";
        let mut tried = 0;
        for (name, ids) in some_of_every_type(&app) {
            let id = ids.first().expect("every type has a record");
            let GlobalId { kind, uuid } = GlobalId::decode(id).expect("the id is valid");
            for other in Kind::ALL.iter().copied().filter(|other| *other != kind) {
                let id = GlobalId { kind: other, uuid }.encode();
                assert_eq!(app.data(query, json!({ "id": id }))["node"], Value::Null, "{name} as {other:?}");
                tried += 1;
            }
        }
        assert_eq!(tried, 21 * 24);
    }

    fn archived_record_is_unlisted_but_readable_by_id(app: Sample) {
        let id = app.clause_id("minsk-2", "9");
        let archive = "mutation($id: ID!) { archiveClause(input: { clauseId: $id }) { userErrors { message } } }";
        app.data(archive, json!({ "id": id }));
        let query = "query($id: ID!) { node(id: $id) { __typename ... on Clause { number } } \
                     clause(agreement: \"minsk-2\", number: \"9\") { id } \
                     agreement(slug: \"minsk-2\") { clauses { totalCount nodes { id } } clause(number: \"9\") { id } } }";
        let data = app.data(query, json!({ "id": id }));
        assert_eq!(data["node"], json!({ "__typename": "Clause", "number": "9" }));
        assert_eq!(data["clause"], Value::Null);
        assert_eq!(data["agreement"]["clause"], Value::Null);
        assert_eq!(data["agreement"]["clauses"]["totalCount"], 28);
        assert!(!texts(&data["agreement"]["clauses"]["nodes"], "/id").contains(&id.as_str()));
    }
}
