//! Independent coding: accounts record codings of clauses before they can see the codings of others, and the server
//! computes the degree of agreement between the coders.

use clausewatch::domain::reliability::{self, LEVELS};
use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::other_clients::run_python;
use crate::support::world::World;
use crate::support::{TestApp, client, on_both_databases};

const RECORD: &str = "mutation($input: RecordCodingsInput!) { recordCodings(input: $input) { clauses { number } userErrors { code message path } } }";

/// A client with the account of a person.
struct Coder {
    client: reqwest::blocking::Client,
}

impl Coder {
    fn new(app: &TestApp, name: &str, role: Role) -> Self {
        Self { client: client(Some(&app.token(name, role))) }
    }

    fn anonymous() -> Self {
        Self { client: client(None) }
    }

    fn send(&self, app: &TestApp, query: &str, variables: Value) -> Value {
        app.send_by(&self.client, query, variables)
    }

    /// Records codings for a day, and returns each error as code, path and message.
    fn record(&self, app: &TestApp, on: &str, items: &[(&str, &str)]) -> Vec<[String; 3]> {
        let items: Value = items
            .iter()
            .map(|(clause, status)| json!({ "clauseId": clause, "status": status }))
            .collect();
        let answer = self.send(app, RECORD, json!({ "input": { "on": on, "items": items } }));
        let errors = answer["data"]["recordCodings"]["userErrors"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"));
        let error = |error: &Value| {
            let steps = error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap());
            let path = steps.collect::<Vec<_>>().join(".");
            [
                error["code"].as_str().unwrap().to_owned(),
                path,
                error["message"].as_str().unwrap().to_owned(),
            ]
        };
        errors.iter().map(error).collect()
    }

    /// The visible codings of a clause for a day, each as account and status.
    fn seen(&self, app: &TestApp, clause: &str, on: &str) -> Vec<String> {
        let query = "query($id: ID!, $on: Date!) { node(id: $id) { ... on Clause { codings(on: $on) { account status note } } } }";
        let answer = self.send(app, query, json!({ "id": clause, "on": on }));
        let codings =
            answer["data"]["node"]["codings"].as_array().unwrap_or_else(|| panic!("{answer}"));
        codings
            .iter()
            .map(|coding| {
                format!(
                    "{} {}",
                    coding["account"].as_str().unwrap(),
                    coding["status"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// The degree of agreement between the coders.
    fn agreement(&self, app: &TestApp, agreement: &str, arguments: &str) -> Value {
        let query = format!(
            "query($id: ID!) {{ coderAgreement(agreementId: $id, {arguments}) {{ topic {{ slug }} units coders outsideScale alpha undefinedBecause }} }}"
        );
        let mut answer = self.send(app, &query, json!({ "id": agreement }));
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"]["coderAgreement"].take()
    }
}

const DAY: &str = "2016-01-01";

on_both_databases! {
    fn codings_of_others_are_hidden_until_the_account_has_coded(app: Empty) {
        let w = World::new(&app);
        let (one, two) = (w.id("one"), w.id("two"));
        let (ann, bob, eve) = (Coder::new(&app, "Ann", Role::Editor), Coder::new(&app, "Bob", Role::Editor), Coder::new(&app, "Eve", Role::Editor));
        let (reader, nobody) = (Coder::new(&app, "Ray", Role::Reader), Coder::anonymous());
        let position = app.log_position();
        assert!(ann.record(&app, DAY, &[(one, "PARTIAL"), (two, "MINIMAL")]).is_empty());
        assert_eq!(ann.seen(&app, one, DAY), ["Ann PARTIAL"]);
        for other in [&bob, &eve, &reader, &nobody] {
            assert!(other.seen(&app, one, DAY).is_empty());
        }
        assert!(bob.record(&app, DAY, &[(one, "BREACHED")]).is_empty());
        let both = ["Ann PARTIAL", "Bob BREACHED"];
        for other in [&ann, &bob, &reader, &nobody] {
            assert_eq!(other.seen(&app, one, DAY), both);
        }
        assert!(eve.seen(&app, one, DAY).is_empty(), "Eve can still code the clause blind");
        // Codings of another clause or another day stay hidden.
        assert!(bob.seen(&app, two, DAY).is_empty() && nobody.seen(&app, two, DAY).is_empty());
        assert!(bob.seen(&app, one, "2016-01-02").is_empty());
        assert!(eve.record(&app, DAY, &[(one, "PARTIAL")]).is_empty());
        assert_eq!(eve.seen(&app, one, DAY).len(), 3);
        assert_eq!(app.log_position(), position, "the public log does not contain codings");
        assert_eq!(w.read("one", "status version")["status"], "UNASSESSED");
    }

    fn agreement_counts_only_codings_that_the_viewer_may_see(app: Empty) {
        let w = World::new(&app);
        let (one, two, treaty) = (w.id("one"), w.id("two"), w.id("treaty"));
        let (ann, bob, eve) = (Coder::new(&app, "Ann", Role::Editor), Coder::new(&app, "Bob", Role::Editor), Coder::new(&app, "Eve", Role::Editor));
        ann.record(&app, DAY, &[(one, "PARTIAL"), (two, "MINIMAL")]);
        bob.record(&app, DAY, &[(one, "PARTIAL"), (two, "COMPLETE")]);
        let on = format!("on: \"{DAY}\"");
        let none = json!({ "topic": null, "units": 0, "coders": 0, "outsideScale": 0, "alpha": null, "undefinedBecause": "NO_PAIRS" });
        assert_eq!(eve.agreement(&app, treaty, &on), json!([none]));
        let all = ann.agreement(&app, treaty, &on);
        assert_eq!((&all[0]["units"], &all[0]["coders"], &all[0]["undefinedBecause"]), (&json!(2), &json!(2), &Value::Null));
        // The two units have the levels (2, 2) and (1, 3). The mean ranks are 0.5, 2 and 3.5, so the observed
        // disagreement is 9, and the expected disagreement is 4.5 + 9 + 4.5.
        assert!((all[0]["alpha"].as_f64().unwrap() - (1.0 - 3.0 * 9.0 / 18.0)).abs() < 1e-12, "{all}");
        assert_eq!(Coder::anonymous().agreement(&app, treaty, &on), all);
        let by_topic = bob.agreement(&app, treaty, &format!("{on}, groupBy: TOPIC"));
        let topics: Vec<_> = by_topic.as_array().unwrap().iter().map(|group| (&group["topic"]["slug"], &group["units"], &group["undefinedBecause"])).collect();
        assert_eq!(topics, [(&json!("borders"), &json!(1), &Value::Null), (&json!("security"), &json!(1), &json!("NO_VARIATION"))]);
        eve.record(&app, DAY, &[(one, "SUSPENDED"), (two, "MINIMAL")]);
        let pair = eve.agreement(&app, treaty, &format!("{on}, coders: [\"Ann\", \"Eve\"]"));
        assert_eq!(pair, json!([{ "topic": null, "units": 1, "coders": 2, "outsideScale": 1, "alpha": null, "undefinedBecause": "NO_VARIATION" }]));
        let (code, message) = app.error("{ coderAgreement(agreementId: \"treaty\", on: \"2016-01-01\") { units } }", json!({}));
        assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", "`agreementId`: “treaty” is not the id of an agreement"));
    }

    fn coding_can_be_replaced_until_another_account_has_coded(app: Empty) {
        let w = World::new(&app);
        let (one, two) = (w.id("one"), w.id("two"));
        let (ann, bob) = (Coder::new(&app, "Ann", Role::Editor), Coder::new(&app, "Bob", Role::Editor));
        ann.record(&app, DAY, &[(one, "PARTIAL")]);
        assert!(ann.record(&app, DAY, &[(one, "MINIMAL")]).is_empty());
        assert_eq!(ann.seen(&app, one, DAY), ["Ann MINIMAL"]);
        bob.record(&app, DAY, &[(one, "COMPLETE")]);
        for coder in [&ann, &bob] {
            let errors = coder.record(&app, DAY, &[(two, "PARTIAL"), (one, "PARTIAL")]);
            let [[code, path, message]] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!((code.as_str(), path.as_str()), ("CONFLICT", "input.items.1.clauseId"), "{message}");
            assert!(message.contains("another account has coded this clause for 2016-01-01"), "{message}");
            assert!(coder.seen(&app, two, DAY).is_empty(), "no coding is written if one is rejected");
        }
        // Repeating the same coding is not a change, and a coding for another day is a new coding.
        assert!(ann.record(&app, DAY, &[(one, "MINIMAL")]).is_empty());
        assert!(ann.record(&app, "2016-01-02", &[(one, "PARTIAL")]).is_empty());
        assert_eq!(bob.seen(&app, one, DAY), ["Ann MINIMAL", "Bob COMPLETE"]);
    }

    fn invalid_codings_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        let (one, north) = (w.id("one"), w.id("north"));
        let ann = Coder::new(&app, "Ann", Role::Editor);
        for (on, items, code, path, words) in [
            ("9999-01-01", vec![(one, "PARTIAL")], "OUT_OF_RANGE", "input.on", "9999-01-01 is in the future"),
            ("2015-02-11", vec![(one, "PARTIAL")], "OUT_OF_RANGE", "input.items.0.clauseId", "2015-02-11 is before 2015-02-12, the day of the agreement"),
            (DAY, vec![], "OUT_OF_RANGE", "input.items", "has 0 items; give 1 to 500"),
            (DAY, vec![(one, "UNASSESSED")], "INVALID", "input.items.0.status", "valid values: NOT_APPLICABLE, NOT_STARTED, MINIMAL"),
            (DAY, vec![(one, "PARTIAL"), (one, "PARTIAL")], "DUPLICATE", "input.items.1.clauseId", "repeats the clause of item 0"),
            (DAY, vec![(north, "PARTIAL")], "INVALID", "input.items.0.clauseId", "is an id of kind party, not clause"),
        ] {
            let errors = ann.record(&app, on, &items);
            let [[actual, at, message]] = errors.as_slice() else { panic!("{errors:?}") };
            assert_eq!((actual.as_str(), at.as_str()), (code, path), "{message}");
            assert!(message.contains(words), "{message}");
        }
        assert!(ann.seen(&app, one, DAY).is_empty());
        for (coder, code) in [(Coder::anonymous(), "UNAUTHENTICATED"), (Coder::new(&app, "Ray", Role::Reader), "FORBIDDEN")] {
            let input = json!({ "on": DAY, "items": [{ "clauseId": one, "status": "PARTIAL" }] });
            let answer = coder.send(&app, RECORD, json!({ "input": input }));
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
        }
    }
}

#[test]
fn alpha_equals_the_reference_implementation_on_random_tables() {
    // A linear congruential generator, so that each run uses the same tables.
    let mut state = 7_u64;
    let mut random = move |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % below).unwrap()
    };
    let (mut tables, mut alphas) = (Vec::new(), Vec::new());
    while tables.len() < 300 {
        let (units, coders) = (2 + random(30), 2 + random(4));
        // In each unit some coders are missing, and most of the others assign the same level.
        let mut unit = || -> Vec<usize> {
            let first = random(4);
            let given = |_| (random(5) > 0).then(|| if random(3) > 0 { first } else { random(4) });
            (0..coders).filter_map(given).collect()
        };
        let table: Vec<Vec<usize>> = (0..units).map(|_| unit()).collect();
        if let Ok(alpha) = reliability::alpha(&table) {
            let counts = |unit: &Vec<usize>| -> Vec<usize> {
                (0..LEVELS)
                    .map(|level| unit.iter().filter(|other| **other == level).count())
                    .collect()
            };
            tables.push(table.iter().map(counts).collect::<Vec<_>>());
            alphas.push(alpha);
        }
    }
    let expected: Vec<f64> =
        run_python("krippendorff_alpha.py", &[], json!(tables).to_string().as_bytes());
    assert_eq!(expected.len(), alphas.len());
    for (index, (alpha, expected)) in alphas.iter().zip(&expected).enumerate() {
        assert!(
            (alpha - expected).abs() < 1e-9,
            "table {index}: {alpha} is not {expected}: {:?}",
            tables[index]
        );
    }
}
