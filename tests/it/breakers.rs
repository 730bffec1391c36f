//! Breakers, which are the parties that breached a clause or caveat. The tests record them with assessments, read and
//! count them, and use them in filters.

use std::collections::BTreeMap;

use clausewatch::db::{Access, integrity};
use clausewatch::dossier::AssessmentCounts;
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::dossiers::{BASE, import_text};
use crate::support::world::{World, with};
use crate::support::{Socket, TestApp, on_both_databases};

/// The names of records in the test world that can be breached.
const BREACHABLE: [&str; 2] = ["one", "ask"];

/// Updates the status of a clause or caveat to BREACHED, and returns the assessment.
fn breach(w: &World<'_>, name: &str, breached_by: &Value, patch: &Value) -> Value {
    let content = json!({ "status": "BREACHED", "effectiveOn": "2016-06-01", "note": "Shots.", "breachedBy": breached_by });
    let input = with(w.about(name, &content), patch);
    let mutation = format!("update{}Status", w.kind(name));
    w.apply(&mutation, &input, "assessment { id breachedBy { slug } }")["assessment"].take()
}

/// The slugs of parties.
fn slugs(parties: &Value) -> Vec<&str> {
    parties.as_array().unwrap().iter().map(|party| party["slug"].as_str().unwrap()).collect()
}

/// The numbers of the clauses that match a filter.
fn matching(app: &TestApp, filter: &str) -> Vec<String> {
    let query =
        format!("{{ clauses(filter: {{ {filter} }}) {{ totalCount nodes {{ number }} }} }}");
    let clauses = app.data(&query, json!({}))["clauses"].take();
    let nodes = clauses["nodes"].as_array().unwrap();
    assert_eq!(clauses["totalCount"], json!(nodes.len()), "{filter}");
    nodes.iter().map(|node| node["number"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn breakers_are_returned_in_order_until_a_later_status(app: Empty) {
        let w = World::new(&app);
        for name in BREACHABLE {
            let breached = breach(&w, name, &json!(["@south", "@north"]), &json!({}));
            assert_eq!(slugs(&breached["breachedBy"]), ["south", "north"], "{name}");
            let query = "query($id: ID!) { node(id: $id) { ... on Assessment { breachedBy { slug } } } }";
            let node = app.data(query, json!({ "id": breached["id"] }))["node"].take();
            assert_eq!(node["breachedBy"], breached["breachedBy"], "{name}");

            let later = json!({ "status": if name == "one" { "PARTIAL" } else { "ACCEPTED" }, "effectiveOn": "2016-07-01", "note": "Quiet." });
            let mutation = format!("update{}Status", w.kind(name));
            w.apply(&mutation, &w.about(name, &later), "assessment { id }");
            let record = w.read(name, "assessment { breachedBy { slug } } earlier: assessment(asOf: \"2016-06-30\") { breachedBy { slug } } \
                                       assessments { nodes { breachedBy { slug } } }");
            assert_eq!(record["assessment"]["breachedBy"], json!([]), "{name}");
            assert_eq!(record["earlier"]["breachedBy"], breached["breachedBy"], "{name}");
            let history = record["assessments"]["nodes"].as_array().unwrap();
            let history: Vec<_> = history.iter().map(|assessment| slugs(&assessment["breachedBy"])).collect();
            assert_eq!(history, [vec![], vec!["south", "north"]], "{name}");
        }
    }

    fn breach_without_breakers_returns_an_empty_list(app: Empty) {
        let w = World::new(&app);
        let input = w.about("one", &json!({ "status": "BREACHED", "effectiveOn": "2016-06-01", "note": "Shots." }));
        let payload = w.apply("updateClauseStatus", &input, "assessment { breachedBy { slug } }");
        assert_eq!(payload["assessment"]["breachedBy"], json!([]));
        let input = w.about("offer", &json!({ "status": "REJECTED", "effectiveOn": "2016-06-01", "note": "No." }));
        let payload = w.apply("updateProposalStatus", &input, "assessment { breachedBy { slug } }");
        assert_eq!(payload["assessment"]["breachedBy"], json!([]));
    }

    fn invalid_breakers_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        // A well-formed party id that no record has. It is a real id with its last letters changed.
        let mut unknown = w.id("north").to_owned();
        unknown.replace_range(unknown.len() - 3.., "AAA");
        for name in BREACHABLE {
            let mutation = format!("update{}Status", w.kind(name));
            for (status, breached_by, code, path, words) in [
                (if name == "one" { "PARTIAL" } else { "ACCEPTED" }, json!(["@north"]), "INVALID", "breachedBy", "must be empty unless the status is BREACHED; the status is "),
                ("BREACHED", json!(["@north", "@south", "@north"]), "DUPLICATE", "breachedBy.2", "repeats item 0"),
                ("BREACHED", json!(["@north", unknown]), "NOT_FOUND", "breachedBy.1", "there is no party with the id"),
                ("BREACHED", json!(["@two"]), "INVALID", "breachedBy.0", "is an id of kind clause, not party"),
                ("BREACHED", json!(["north"]), "INVALID", "breachedBy.0", "is not an id"),
            ] {
                let content = json!({ "status": status, "effectiveOn": "2016-06-01", "note": "So.", "breachedBy": breached_by });
                let errors = w.reject(&mutation, &w.about(name, &content));
                let [(actual, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
                assert_eq!((actual.as_str(), at.as_str()), (code, path), "{message}");
                assert!(message.contains(words), "{message}");
            }
            assert_eq!(w.read(name, "assessments(includeRetracted: true) { totalCount }")["assessments"]["totalCount"], 0);
        }
    }

    fn change_log_names_the_breakers(app: Empty) {
        let w = World::new(&app);
        let position = app.log_position();
        breach(&w, "one", &json!(["@south", "@north"]), &json!({}));
        breach(&w, "one", &json!(["@north"]), &json!({ "effectiveOn": "2016-06-02" }));
        let entries = w.log_since(position);
        let breakers = |side: &str| -> Vec<Vec<String>> {
            let of_entry = |entry: &Value| {
                let fields = entry[side].as_array().unwrap().iter().map(|field| field.as_str().unwrap().to_owned());
                fields.filter(|field| field.contains("breachedBy")).collect()
            };
            entries.iter().map(of_entry).collect()
        };
        let both = ["REFERENCE breachedBy.0 @south", "REFERENCE breachedBy.1 @north"];
        assert_eq!(breakers("after"), [both.to_vec(), vec!["REFERENCE breachedBy.0 @north"]]);
        assert_eq!(breakers("before"), [vec![], both.to_vec()]);
    }

    fn status_event_names_the_breakers(app: Empty) {
        let w = World::new(&app);
        let query = "subscription($after: String) { statusChanged(after: $after) { assessment { breachedBy { slug } } } }";
        let mut socket = Socket::ready(&app.url);
        let variables = json!({ "after": cursor(&app, app.log_position()) });
        socket.subscribe("1", query, variables);
        breach(&w, "one", &json!(["@south", "@north"]), &json!({}));
        let event = socket.event("1");
        assert!(event.to_string().contains(r#""assessment":{"breachedBy":[{"slug":"south"},{"slug":"north"}]}"#), "{event}");
    }

    fn clause_is_contested_if_parties_name_different_breakers(app: Empty) {
        let w = World::new(&app);
        let is_contested = |expected: bool, case: &str| {
            assert_eq!(w.read("one", "isContested")["isContested"], expected, "{case}");
            let contested = matching(&app, &format!("contested: {expected}"));
            assert!(contested.contains(&"1".to_owned()), "{case}: {contested:?}");
        };
        breach(&w, "one", &json!(["@south"]), &json!({ "heldBy": "@north" }));
        is_contested(false, "one party alone");
        breach(&w, "one", &json!(["@north"]), &json!({}));
        is_contested(false, "the neutral record is not a party");
        breach(&w, "one", &json!([]), &json!({ "heldBy": "@south" }));
        is_contested(false, "the other party names no breakers");
        breach(&w, "one", &json!(["@north"]), &json!({ "heldBy": "@south", "effectiveOn": "2016-06-02" }));
        is_contested(true, "each names the other");
        breach(&w, "one", &json!(["@south", "@north"]), &json!({ "heldBy": "@south", "effectiveOn": "2016-06-03" }));
        is_contested(true, "one names both");
        breach(&w, "one", &json!(["@north", "@south"]), &json!({ "heldBy": "@north", "effectiveOn": "2016-06-03" }));
        is_contested(false, "both name both, in another order");
        let on = |day: &str| w.read("one", &format!("isContested(asOf: \"{day}\")"))["isContested"].take();
        assert_eq!([on("2016-06-01"), on("2016-06-02"), on("2016-06-03")], [json!(false), json!(true), json!(false)]);
    }

    fn filter_returns_clauses_by_breaker(app: Empty) {
        let w = World::new(&app);
        breach(&w, "one", &json!(["@south"]), &json!({}));
        breach(&w, "two", &json!(["@north", "@south"]), &json!({}));
        breach(&w, "two", &json!(["@envoy"]), &json!({ "heldBy": "@north" }));
        let quiet = w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-07-01", "note": "Quiet." }));
        w.apply("updateClauseStatus", &quiet, "assessment { id }");
        let north = w.id("north");
        for (filter, breakers, expected) in [
            // The latest status of clause 1 is not a breach.
            ("breachedBy: $breakers", json!(["south"]), vec!["1.a"]),
            ("breachedBy: $breakers", json!([north]), vec!["1.a"]),
            ("breachedBy: $breakers", json!(["north", "south"]), vec!["1.a"]),
            ("breachedBy: $breakers", json!(["envoy"]), vec![]),
            ("breachedBy: $breakers", json!([]), vec![]),
            ("breachedBy: $breakers", Value::Null, vec!["1", "1.a"]),
            ("breachedBy: $breakers, asOf: \"2016-06-30\"", json!(["south"]), vec!["1", "1.a"]),
            ("breachedBy: $breakers, asOf: \"2016-06-30\"", json!(["north"]), vec!["1.a"]),
            ("breachedBy: $breakers, asOf: \"2016-05-31\"", json!(["south"]), vec![]),
            ("breachedBy: $breakers, heldBy: \"north\"", json!(["envoy"]), vec!["1.a"]),
            ("breachedBy: $breakers, heldBy: \"north\"", json!(["south"]), vec![]),
            ("breachedBy: $breakers, status: [PARTIAL]", json!(["south"]), vec![]),
        ] {
            let filter = filter.replace("$breakers", &breakers.to_string());
            assert_eq!(matching(&app, &filter), expected, "{filter}");
        }
        let query = "query($breakers: [ID!]) { clauses(filter: { breachedBy: $breakers }) { totalCount } }";
        for (breaker, words) in [("nobody", "`breachedBy: “nobody”` is neither the id nor the slug of a party"), (w.id("two"), "of kind clause, not party")] {
            let (code, message) = app.error(query, json!({ "breakers": [breaker] }));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains(words), "{message}");
        }
    }

    fn groups_count_breaches_by_breaker(app: Empty) {
        let mut w = World::new(&app);
        w.create("three", "Clause", json!({
            "agreementId": "@annex", "number": "2", "heading": "Prisoners", "summary": "They go home.", "nature": "ONE_OFF",
            "topicId": "@security", "obligations": [{ "partyId": "@north", "role": "OBLIGED" }]
        }));
        // The North has duties in clauses 1.a and 2. The South has no duties.
        breach(&w, "one", &json!(["@south"]), &json!({}));
        breach(&w, "two", &json!(["@south", "@north"]), &json!({}));
        breach(&w, "three", &json!(["@south"]), &json!({}));
        breach(&w, "three", &json!(["@envoy"]), &json!({ "heldBy": "@north" }));
        let groups = |arguments: &str| -> Value {
            let query = format!("{{ implementation(groupBy: PARTY{arguments}) {{ subject {{ ... on Party {{ slug }} }} breaches \
                                 implementation {{ total score }} series(from: \"2016-06-01\", to: \"2016-06-02\", every: DAY) {{ total }} }} }}");
            let data = app.data(&query, json!({}));
            let groups = data["implementation"].as_array().unwrap().iter().map(|group| {
                assert_eq!(group["series"], json!([{ "total": group["implementation"]["total"] }, { "total": group["implementation"]["total"] }]));
                json!([group["subject"]["slug"], group["breaches"], group["implementation"]["total"]])
            });
            groups.collect()
        };
        // Clause 1 is not counted, because 1.a is one of its parts.
        assert_eq!(groups(""), json!([["north", 1, 2], ["south", 2, 0]]));
        assert_eq!(groups(", filter: { agreement: [\"treaty\"] }"), json!([["north", 1, 1], ["south", 1, 0]]));
        assert_eq!(groups(", filter: { breachedBy: [\"north\"] }"), json!([["north", 1, 1], ["south", 1, 0]]));
        assert_eq!(groups(", filter: { status: [PARTIAL] }"), json!([]));
        assert_eq!(groups(", asOf: \"2016-05-31\""), json!([["north", 0, 2]]));
        assert_eq!(groups(", heldBy: \"north\""), json!([["envoy", 1, 0], ["north", 0, 2]]));
        let query = "{ implementation(groupBy: AGREEMENT) { breaches } }";
        assert_eq!(app.data(query, json!({}))["implementation"], json!([{ "breaches": null }, { "breaches": null }]));
    }

    fn breakers_in_a_dossier_are_recorded_corrected_and_removed(app: Empty) {
        let with_breakers = |breakers: &str| {
            BASE.replace("status = \"BREACHED\"", &format!("status = \"BREACHED\"\nbreached_by = [{breakers}]"))
        };
        let recorded = || {
            let query = "{ clause(agreement: \"truce\", number: \"1\") { assessment { breachedBy { slug } } } }";
            app.data(query, json!({}))["clause"]["assessment"]["breachedBy"].take()
        };
        import_text(&app, &with_breakers("\"south\", \"north\""));
        assert_eq!(recorded(), json!([{ "slug": "south" }, { "slug": "north" }]));
        let position = app.log_position();
        let again = import_text(&app, &with_breakers("\"south\", \"north\"")).assessments;
        assert_eq!((again.recorded, again.retracted, app.log_position()), (0, 0, position));
        let corrected = AssessmentCounts { recorded: 1, retracted: 1, unchanged: 0 };
        for (breakers, expected) in [
            ("\"north\"", json!([{ "slug": "north" }])),
            ("", json!([])),
            ("\"south\"", json!([{ "slug": "south" }])),
        ] {
            assert_eq!(import_text(&app, &with_breakers(breakers)).assessments, corrected, "{breakers}");
            assert_eq!(recorded(), expected);
        }
        // A dossier without the field removes the breakers.
        assert_eq!(import_text(&app, BASE).assessments, corrected);
        assert_eq!(recorded(), json!([]));
    }

    fn breaches_are_counted_by_breaker_and_not_by_duty(app: SharedSample) {
        let query = "{ implementation(groupBy: PARTY, asOf: \"2022-03-01\") { subject { ... on Party { slug } } breaches } \
                     clauses(first: 200, filter: { status: [BREACHED], asOf: \"2022-03-01\" }) { \
                     nodes { reference children { id } assessment(asOf: \"2022-03-01\") { breachedBy { slug } } } } }";
        let data = app.data(query, json!({}));
        let leaves = data["clauses"]["nodes"].as_array().unwrap().iter().filter(|clause| clause["children"] == json!([]));
        let mut expected = BTreeMap::new();
        for clause in leaves {
            let breakers = slugs(&clause["assessment"]["breachedBy"]);
            for breaker in breakers {
                *expected.entry(breaker).or_insert(0) += 1;
            }
        }
        let groups = data["implementation"].as_array().unwrap().iter();
        let counts = groups.map(|group| (group["subject"]["slug"].as_str().unwrap(), group["breaches"].as_i64().unwrap()));
        let counts: BTreeMap<&str, i64> = counts.filter(|(_, breaches)| *breaches > 0).collect();
        assert_eq!(counts, expected);
        assert!(counts.iter().all(|(party, breaches)| *party == "russia" || *breaches < counts["russia"]), "{counts:?}");
    }

    fn each_side_of_the_ceasefire_blames_the_other(app: SharedSample) {
        let query = "{ clause(agreement: \"minsk-2\", number: \"1\") { viewpoints(asOf: \"2021-12-02\") { \
                     heldBy { slug } breachedBy { slug } } } }";
        let data = app.data(query, json!({}));
        let views = data["clause"]["viewpoints"].as_array().unwrap().iter().map(|view| {
            format!("{} {}", view["heldBy"]["slug"].as_str().unwrap_or("-"), slugs(&view["breachedBy"]).join(" "))
        });
        let views: Vec<String> = views.collect();
        for expected in ["russia ukraine", "cadlr ukraine", "ukraine cadlr-formations russia", "united-states russia"] {
            assert!(views.iter().any(|view| view == expected), "{expected} in {views:#?}");
        }
    }

    fn check_reports_breakers_without_a_breach(app: Sample) {
        let differences = || integrity::check(app.db().session(Access::Read).unwrap().read().unwrap()).unwrap();
        assert_eq!(differences(), Vec::<String>::new());
        app.execute_sql(
            "INSERT INTO assessment_breakers (assessment_id, party_id, position) \
             SELECT (SELECT min(id) FROM assessments WHERE status = 'partial'), (SELECT min(id) FROM parties), 1",
        );
        let [difference] = &differences()[..] else { panic!("one difference") };
        assert!(difference.ends_with(": names parties responsible for a breach, but its status is not BREACHED"), "{difference}");
    }
}
