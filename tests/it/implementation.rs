//! How far agreements are carried out: scores with their breakdowns, by group, and in the course of time.

use serde_json::{Value, json};

use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

const COUNTED: [(&str, f64); 6] = [
    ("NOT_STARTED", 0.0),
    ("BREACHED", 0.0),
    ("SUSPENDED", 0.0),
    ("MINIMAL", 100.0 / 3.0),
    ("PARTIAL", 200.0 / 3.0),
    ("COMPLETE", 100.0),
];

/// Checks an answer against the leaf clauses' statuses, by the formula that the schema states.
fn check(implementation: &Value, statuses: &[&str], context: &str) {
    let weight = |status: &str| COUNTED.iter().find(|(name, _)| *name == status).map(|(_, w)| *w);
    let weights: Vec<f64> = statuses.iter().filter_map(|status| weight(status)).collect();
    assert_eq!(implementation["total"], json!(statuses.len()), "{context}");
    assert_eq!(implementation["assessed"], json!(weights.len()), "{context}");
    match implementation["score"].as_f64() {
        Some(score) => {
            let expected =
                weights.iter().sum::<f64>() / f64::from(u32::try_from(weights.len()).unwrap());
            assert!((score - expected).abs() < 1e-9, "{context}: {score}, not {expected}");
        }
        None => assert!(weights.is_empty(), "{context}"),
    }
    let breakdown = implementation["breakdown"].as_array().unwrap();
    assert_eq!(breakdown.len(), 11, "every status stands in it");
    for item in breakdown {
        let count = statuses.iter().filter(|status| item["status"] == json!(status)).count();
        assert_eq!(item["count"], json!(count), "{context}");
    }
}

const ALL: &str = "asOf score assessed total breakdown { status count } heldBy { slug }";

/// The statuses of an agreement's leaf clauses.
fn leaves<'a>(agreement: &'a Value, status: &str) -> Vec<&'a str> {
    let clauses = agreement["clauses"]["nodes"].as_array().unwrap().iter();
    let leaves = clauses.filter(|clause| clause["children"] == json!([]));
    leaves.map(|clause| clause[status].as_str().unwrap()).collect()
}

fn party_id(app: &TestApp, slug: &str) -> Value {
    app.data("query($s: String!) { party(slug: $s) { id } }", json!({ "s": slug }))["party"]["id"]
        .take()
}

on_both_databases! {
    fn scores_of_the_sample_follow_from_the_statuses(app: Sample) {
        let ukraine = party_id(&app, "ukraine");
        for as_of in ["2015-02-12", "2016-01-01", "2021-12-02", "2022-02-24"] {
            let query = format!("query($day: Date, $party: ID) {{ agreements {{ nodes {{ slug
                clauses(first: 200) {{ nodes {{ children {{ id }} neutral: status(asOf: $day) theirs: status(asOf: $day, heldBy: $party) }} }}
                neutral: implementation(asOf: $day) {{ {ALL} }} theirs: implementation(asOf: $day, heldBy: $party) {{ {ALL} }} }} }} }}");
            let data = app.data(&query, json!({ "day": as_of, "party": ukraine }));
            for agreement in data["agreements"]["nodes"].as_array().unwrap() {
                for (view, holder) in [("neutral", Value::Null), ("theirs", json!({ "slug": "ukraine" }))] {
                    let context = format!("{} {view} {as_of}", agreement["slug"]);
                    check(&agreement[view], &leaves(agreement, view), &context);
                    assert_eq!(agreement[view]["asOf"], json!(as_of));
                    assert_eq!(agreement[view]["heldBy"], holder, "{context}");
                }
            }
        }
    }

    fn score_without_a_day_is_the_one_of_now(app: Sample) {
        let query = format!("{{ agreement(slug: \"minsk-2\") {{ clauses(first: 200) {{ nodes {{ children {{ id }} status }} }} implementation {{ {ALL} }} }} }}");
        let agreement = &app.data(&query, json!({}))["agreement"];
        check(&agreement["implementation"], &leaves(agreement, "status"), "now");
        let today = clausewatch::domain::day::now().date().to_string();
        assert_eq!(agreement["implementation"]["asOf"], json!(today));
    }

    fn points_of_a_series_are_what_each_of_their_days_says(app: Sample) {
        let russia = party_id(&app, "russia");
        for (every, holder) in [("MONTH", Value::Null), ("QUARTER", russia.clone()), ("YEAR", Value::Null), ("WEEK", russia)] {
            let series = format!("query($p: ID) {{ agreement(slug: \"minsk-2\") {{
                implementationSeries(from: \"2015-02-12\", to: \"2016-03-10\", every: {every}, heldBy: $p) {{ {ALL} }} }} }}");
            let mut data = app.data(&series, json!({ "p": holder }));
            let points = data["agreement"]["implementationSeries"].take();
            let points = points.as_array().unwrap();
            let fields: Vec<String> = points.iter().enumerate().map(|(index, point)| {
                format!("p{index}: implementation(asOf: {}, heldBy: $p) {{ {ALL} }}", point["asOf"])
            }).collect();
            let each = format!("query($p: ID) {{ agreement(slug: \"minsk-2\") {{ {} }} }}", fields.join(" "));
            let data = app.data(&each, json!({ "p": holder }));
            for (index, point) in points.iter().enumerate() {
                assert_eq!(*point, data["agreement"][format!("p{index}")], "{every}");
            }
            assert_eq!(points.len(), match every { "MONTH" => 14, "QUARTER" => 5, "YEAR" => 2, _ => 57 });
            assert_eq!(points.last().unwrap()["asOf"], json!("2016-03-10"));
        }
    }

    fn series_begins_with_the_agreement_and_ends_today(app: Sample) {
        let query = "{ agreement(slug: \"minsk-2\") { agreedOn implementationSeries { asOf } } }";
        let data = app.data(query, json!({}));
        let points = data["agreement"]["implementationSeries"].as_array().unwrap();
        assert_eq!(points.first().unwrap()["asOf"], json!("2015-02-28"));
        assert_eq!(points.last().unwrap()["asOf"], json!(clausewatch::domain::day::now().date().to_string()));
    }

    fn groups_count_the_clauses_that_they_share(app: Sample) {
        let query = format!("{{
            agreements: implementation(groupBy: AGREEMENT, asOf: \"2021-12-02\") {{ subject {{ ... on Agreement {{ slug implementation(asOf: \"2021-12-02\") {{ {ALL} }} }} }} implementation {{ {ALL} }} }}
            topics: implementation(groupBy: TOPIC, asOf: \"2021-12-02\", filter: {{ agreement: [\"minsk-2\"] }}) {{ subject {{ ... on Topic {{ slug name }} }} implementation {{ {ALL} }}
                series(from: \"2020-01-01\", every: YEAR) {{ {ALL} }} }}
            parties: implementation(groupBy: PARTY, asOf: \"2021-12-02\", filter: {{ agreement: [\"minsk-2\"] }}) {{ subject {{ ... on Party {{ slug }} }} implementation {{ {ALL} }} }}
            clauses(first: 200, filter: {{ agreement: [\"minsk-2\"] }}) {{ nodes {{ children {{ id }} status(asOf: \"2021-12-02\") topic {{ slug }}
                obligations {{ role party {{ slug }} heldBy {{ slug }} }} }} }} }}");
        let data = app.data(&query, json!({}));
        let leaves: Vec<&Value> = data["clauses"]["nodes"].as_array().unwrap().iter().filter(|clause| clause["children"] == json!([])).collect();
        let statuses = |fits: &dyn Fn(&Value) -> bool| -> Vec<&str> {
            leaves.iter().filter(|clause| fits(clause)).map(|clause| clause["status"].as_str().unwrap()).collect()
        };
        for group in data["agreements"].as_array().unwrap() {
            assert_eq!(group["implementation"], group["subject"]["implementation"]);
        }
        let topics = data["topics"].as_array().unwrap();
        assert!(topics.is_sorted_by_key(|group| group["subject"]["name"].as_str()));
        for group in topics {
            let slug = &group["subject"]["slug"];
            check(&group["implementation"], &statuses(&|clause| clause["topic"]["slug"] == *slug), &slug.to_string());
            let series = group["series"].as_array().unwrap();
            assert_eq!(series.len(), 2, "the end of 2020, and the day of the group");
            assert_eq!(series.last(), Some(&group["implementation"]));
        }
        let parties = data["parties"].as_array().unwrap();
        for group in parties {
            let slug = &group["subject"]["slug"];
            let is_obliged = |clause: &Value| clause["obligations"].as_array().unwrap().iter().any(|duty| {
                duty["role"] == json!("OBLIGED") && duty["party"]["slug"] == *slug && duty["heldBy"].is_null()
            });
            check(&group["implementation"], &statuses(&is_obliged), &slug.to_string());
        }
        assert!(parties.iter().any(|group| group["subject"]["slug"] == json!("ukraine")));
    }

    fn disputed_duties_count_in_the_view_of_who_claims_them(app: Sample) {
        let ukraine = party_id(&app, "ukraine");
        let query = "query($p: ID) { implementation(groupBy: PARTY, heldBy: $p, asOf: \"2021-12-02\", filter: { agreement: [\"minsk-2\"] }) {
            subject { ... on Party { slug } } implementation { total } } }";
        let total = |holder: &Value| {
            let data = app.data(query, json!({ "p": holder }));
            let groups = data["implementation"].as_array().unwrap().clone();
            let russia = groups.iter().find(|group| group["subject"]["slug"] == json!("russia"));
            russia.map_or(0, |group| group["implementation"]["total"].as_i64().unwrap())
        };
        assert!(total(&ukraine) > total(&Value::Null), "Ukraine holds that Russia is obliged");
    }

    fn clause_with_parts_is_counted_by_them_until_they_are_put_away(app: Empty) {
        let w = World::new(&app);
        let record = |name: &str, status: &str| {
            let input = w.about(name, &json!({ "status": status, "effectiveOn": "2016-01-01", "note": "So." }));
            w.apply("updateClauseStatus", &input, "assessment { id }");
        };
        // Clause `two` is a part of `one`.
        record("one", "COMPLETE");
        record("two", "MINIMAL");
        let score = || w.read("treaty", &format!("implementation {{ {ALL} }}"))["implementation"].take();
        check(&score(), &["MINIMAL"], "the part counts");
        w.change("archive", "two", &json!({ "archived": true }));
        check(&score(), &["COMPLETE"], "the whole counts once it has no part in use");
    }

    fn agreement_without_clauses_has_no_score(app: Empty) {
        let w = World::new(&app);
        let read = w.read("annex", &format!("implementation {{ {ALL} }} implementationSeries(from: \"2016-01-01\", to: \"2016-03-01\") {{ asOf score total }}"));
        check(&read["implementation"], &[], "nothing to count");
        assert_eq!(read["implementationSeries"], json!([
            { "asOf": "2016-01-31", "score": null, "total": 0 }, { "asOf": "2016-02-29", "score": null, "total": 0 },
            { "asOf": "2016-03-01", "score": null, "total": 0 },
        ]));
    }

    fn series_that_cannot_be_is_refused(app: Sample) {
        let query = "query($f: Date, $t: Date, $h: ID) { agreement(slug: \"minsk-2\") { implementationSeries(from: $f, to: $t, every: DAY, heldBy: $h) { asOf } } }";
        for (variables, words) in [
            (json!({ "f": "2016-01-02", "t": "2016-01-01" }), "`from: 2016-01-02` is after `to: 2016-01-01`"),
            (json!({ "t": "2015-01-01" }), "`from: 2015-02-12` is after `to: 2015-01-01`"),
            (json!({ "f": "2015-01-01", "t": "2017-09-27" }), "would have more than 1000 points"),
            (json!({ "f": "0001-01-01", "t": "9999-12-31" }), "would have more than 1000 points"),
            (json!({ "t": "2015-02-13", "h": "nobody" }), "`heldBy: “nobody”` is neither the id nor the slug of a party"),
        ] {
            let (code, message) = app.error(query, variables);
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains(words), "{message}");
        }
        let days = app.data(query, json!({ "f": "2015-01-01", "t": "2017-09-26" }));
        assert_eq!(days["agreement"]["implementationSeries"].as_array().unwrap().len(), 1000);
    }
}
