//! Creating several clauses of an agreement in one request: all or none, in order, optionally with the agreement.

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

const AGREEMENT: &str = "agreement { slug clauses(first: 200) { nodes { number position heading summary text nature parent { number } topic { slug } } } }";

fn clause(number: &str, parent: Option<&str>) -> Value {
    json!({
        "number": number, "parentNumber": parent, "heading": format!("Clause {number}"), "summary": "They agree.",
        "text": "The sides agree.", "nature": "ONE_OFF", "topicId": "@security"
    })
}

fn agreement(clauses: &Value) -> Value {
    json!({
        "slug": "accord", "title": "Accord of the river", "shortTitle": "Accord", "kind": "TREATY", "adoption": "Signed.",
        "agreedOn": "2020-01-01", "summary": "Peace.", "clauses": clauses
    })
}

/// The code and the path of each error.
fn errors(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().unwrap().iter().map(|error| {
        let path: Vec<&str> =
            error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        (error["code"].as_str().unwrap().to_owned(), path.join("."))
    });
    errors.collect()
}

fn check_integrity(app: &TestApp) {
    let mut session = app.db().session(Access::Read).unwrap();
    assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
}

on_both_databases! {
    fn agreement_is_created_with_its_clauses_in_order(app: Empty) {
        let w = World::new(&app);
        let clauses = json!([clause("1", None), clause("1.a", Some("1")), clause("1.a.i", Some("1.a")), clause("2", None)]);
        let before = app.log_position();
        let payload = w.apply("createAgreementWithClauses", &agreement(&clauses), AGREEMENT);
        assert_eq!(app.log_position(), before + 5, "the agreement and each clause have an entry in the log");
        let nodes = payload["agreement"]["clauses"]["nodes"].as_array().unwrap().clone();
        let shown: Vec<_> = nodes.iter().map(|node| (node["number"].as_str().unwrap(), node["position"].as_i64().unwrap(), node["parent"]["number"].as_str())).collect();
        assert_eq!(shown, [("1", 1, None), ("1.a", 2, Some("1")), ("1.a.i", 3, Some("1.a")), ("2", 4, None)]);
        assert_eq!(nodes[0], json!({
            "number": "1", "position": 1, "heading": "Clause 1", "summary": "They agree.", "text": "The sides agree.",
            "nature": "ONE_OFF", "parent": null, "topic": { "slug": "security" }
        }));
        let found = app.data("{ search(query: \"accord 1.a.i\", first: 1) { nodes { item { ... on Clause { reference } } } } }", json!({}));
        assert_eq!(found["search"]["nodes"][0]["item"]["reference"], "Accord, 1.a.i");
        check_integrity(&app);
    }

    fn clauses_are_added_after_the_last_clause(app: Empty) {
        let w = World::new(&app);
        let input = json!({ "agreementId": "@treaty", "clauses": [clause("2", None), clause("2.1", Some("2"))] });
        let payload = w.apply("createClauses", &input, AGREEMENT);
        let numbers: Vec<_> = payload["agreement"]["clauses"]["nodes"].as_array().unwrap().iter().map(|node| node["number"].clone()).collect();
        assert_eq!(numbers, ["1", "1.a", "2", "2.1"]);
        check_integrity(&app);
    }

    fn errors_contain_the_path_of_their_clause(app: Empty) {
        let w = World::new(&app);
        let before = app.log_position();
        let wrong = [
            clause("1", Some("0")),
            with(clause("1", None), &json!({ "heading": " " })),
            with(clause("2 b", None), &json!({ "topicId": "@security" })),
        ];
        let payload = w.mutate("createAgreementWithClauses", &with(agreement(&json!(wrong)), &json!({ "slug": "No slug" })), "agreement { id }");
        let at = |code: &str, path: &str| (code.to_owned(), path.to_owned());
        assert_eq!(errors(&payload), [
            at("INVALID", "input.slug"),
            at("NOT_FOUND", "input.clauses.0.parentNumber"),
            at("INVALID", "input.clauses.1.heading"),
            at("DUPLICATE", "input.clauses.1.number"),
            at("INVALID", "input.clauses.2.number"),
        ]);
        assert_eq!(payload["agreement"], Value::Null);
        // Errors that depend on stored records: a number that is taken, and an id that is not the id of a topic.
        let topic = with(clause("9", None), &json!({ "topicId": "@north" }));
        let input = json!({ "agreementId": "@treaty", "clauses": [clause("3", None), topic] });
        assert_eq!(errors(&w.mutate("createClauses", &input, "")), [at("INVALID", "input.clauses.1.topicId")]);
        let input = json!({ "agreementId": "@treaty", "clauses": [clause("3", None), clause("1.a", None)] });
        assert_eq!(errors(&w.mutate("createClauses", &input, "")), [at("DUPLICATE", "input.clauses.1.number")]);
        let input = json!({ "agreementId": "@treaty", "clauses": [] });
        assert_eq!(errors(&w.mutate("createClauses", &input, "")), [at("OUT_OF_RANGE", "input.clauses")]);
        // The input of the agreement alone would be valid.
        let input = agreement(&json!([clause("1", None), clause("1", None)]));
        assert_eq!(errors(&w.mutate("createAgreementWithClauses", &input, "")), [at("DUPLICATE", "input.clauses.1.number")]);
        assert_eq!(app.log_position(), before);
        assert_eq!(app.data("{ agreement(slug: \"accord\") { id } }", json!({}))["agreement"], Value::Null);
    }

    fn repeated_creation_is_carried_out_once(app: Empty) {
        let w = World::new(&app);
        let input = with(agreement(&json!([clause("1", None)])), &json!({ "idempotencyKey": "k" }));
        let first = w.apply("createAgreementWithClauses", &input, "agreement { id }");
        let position = app.log_position();
        assert_eq!(w.apply("createAgreementWithClauses", &input, "agreement { id }"), first);
        assert_eq!(app.log_position(), position);
    }

    fn thousand_clauses_are_created_in_one_request(app: Empty) {
        let w = World::new(&app);
        let clauses: Vec<Value> = (1..=1000).map(|number| clause(&number.to_string(), None)).collect();
        w.apply("createAgreementWithClauses", &agreement(&json!(clauses)), "agreement { id }");
        let count = app.data("{ agreement(slug: \"accord\") { clauses(first: 0) { totalCount } } }", json!({}));
        assert_eq!(count["agreement"]["clauses"]["totalCount"], 1000);
        check_integrity(&app);
    }
}
