//! The implementation of agreements: scores with breakdowns, by group, and over time.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
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

/// Compares an answer with the statuses of the leaf clauses, using the formula in the schema. `scored` contains the
/// statuses that the score uses. After the end of an agreement, these are the statuses of the day before the end.
fn check_scored(implementation: &Value, statuses: &[&str], scored: &[&str], context: &str) {
    let value = |status: &str| COUNTED.iter().find(|(name, _)| *name == status).map(|(_, v)| *v);
    let values: Vec<f64> = scored.iter().filter_map(|status| value(status)).collect();
    let unassessed = scored.iter().filter(|status| **status == "UNASSESSED").count();
    let counted = values.len() + unassessed;
    assert_eq!(implementation["total"], json!(statuses.len()), "{context}");
    assert_eq!(implementation["assessed"], json!(values.len()), "{context}");
    assert_eq!(implementation["counted"], json!(counted), "{context}");
    match implementation["score"].as_f64() {
        Some(score) => {
            let expected =
                values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).unwrap());
            assert!(
                (score - expected).abs() < 1e-9,
                "{context}: the score is {score}, expected {expected}"
            );
            assert!(values.len() * 2 >= counted, "{context}");
        }
        None => assert!(values.is_empty() || values.len() * 2 < counted, "{context}"),
    }
    let breakdown = implementation["breakdown"].as_array().unwrap();
    assert_eq!(breakdown.len(), 11, "the breakdown contains every status");
    for item in breakdown {
        let count = statuses.iter().filter(|status| item["status"] == json!(status)).count();
        assert_eq!(item["count"], json!(count), "{context}");
    }
}

/// Checks an answer about agreements that have not ended.
fn check(implementation: &Value, statuses: &[&str], context: &str) {
    check_scored(implementation, statuses, statuses, context);
    assert_eq!(implementation["endedOn"], Value::Null, "{context}");
}

const ALL: &str =
    "asOf score assessed counted total isEnded endedOn breakdown { status count } heldBy { slug }";

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
    fn scores_of_the_sample_follow_from_the_statuses(app: SharedSample) {
        for holder in [None, Some("ukraine"), Some("russia")] {
            for as_of in ["2015-02-12", "2016-01-01", "2021-12-02", "2022-02-24"] {
                let statuses = |day: &str| {
                    let query = format!("query($day: Date, $party: ID) {{ agreements {{ nodes {{ slug endedOn(asOf: $day, heldBy: $party)
                        clauses(first: 200) {{ nodes {{ children {{ id }} status(asOf: $day, heldBy: $party) }} }}
                        implementation(asOf: $day, heldBy: $party) {{ {ALL} }} }} }} }}");
                    app.data(&query, json!({ "day": day, "party": holder }))["agreements"]["nodes"].as_array().unwrap().clone()
                };
                for (index, agreement) in statuses(as_of).iter().enumerate() {
                    let context = format!("{} {holder:?} {as_of}", agreement["slug"]);
                    let (implementation, ended_on) = (&agreement["implementation"], &agreement["endedOn"]);
                    let current = leaves(agreement, "status");
                    match ended_on.as_str() {
                        None => check(implementation, &current, &context),
                        Some(ended_on) => {
                            let end: NaiveDate = ended_on.parse().unwrap();
                            let before = statuses(&end.pred_opt().unwrap().to_string());
                            check_scored(implementation, &current, &leaves(&before[index], "status"), &context);
                        }
                    }
                    assert_eq!(implementation["endedOn"], *ended_on, "{context}");
                    assert_eq!(implementation["isEnded"], json!(!ended_on.is_null()), "{context}");
                    assert_eq!(implementation["asOf"], json!(as_of));
                    assert_eq!(implementation["heldBy"], holder.map_or(Value::Null, |slug| json!({ "slug": slug })), "{context}");
                }
            }
        }
    }

    fn score_without_a_day_is_the_current_score(app: SharedSample) {
        let query = format!("{{ agreement(slug: \"minsk-2\") {{ clauses(first: 200) {{ nodes {{ children {{ id }} status before: status(asOf: \"2022-02-23\") }} }} implementation {{ {ALL} }} }} }}");
        let agreement = &app.data(&query, json!({}))["agreement"];
        check_scored(&agreement["implementation"], &leaves(agreement, "status"), &leaves(agreement, "before"), "now");
        let today = clausewatch::domain::day::now().date().to_string();
        assert_eq!(agreement["implementation"]["asOf"], json!(today));
        assert_eq!(agreement["implementation"]["endedOn"], json!("2022-02-24"));
    }

    fn series_points_equal_the_scores_of_their_days(app: SharedSample) {
        let russia = party_id(&app, "russia");
        for (every, holder) in [("MONTH", Value::Null), ("QUARTER", russia.clone()), ("YEAR", Value::Null), ("WEEK", russia)] {
            let series = format!("query($p: ID) {{ agreement(slug: \"minsk-2\") {{
                implementationSeries(from: \"2021-02-12\", to: \"2022-03-10\", every: {every}, heldBy: $p) {{ {ALL} }} }} }}");
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
            assert_eq!(points.last().unwrap()["asOf"], json!("2022-03-10"));
        }
    }

    fn series_of_all_clauses_includes_agreements_from_their_day(app: Whole) {
        let agreements = app.data("{ agreements(first: 200) { nodes { slug agreedOn } } }", json!({}))["agreements"]["nodes"].take();
        let agreements: Vec<(&str, &str)> = agreements.as_array().unwrap().iter()
            .map(|agreement| (agreement["slug"].as_str().unwrap(), agreement["agreedOn"].as_str().unwrap())).collect();
        let russia = party_id(&app, "russia");
        for (every, weighting, holder) in [("YEAR", "CLAUSES", Value::Null), ("YEAR", "POINTS", russia)] {
            let query = format!("query($p: ID) {{ implementationSeries(every: {every}, weighting: {weighting}, to: \"2024-05-01\", heldBy: $p) {{ {ALL} }} }}");
            let points = app.data(&query, json!({ "p": holder }))["implementationSeries"].take();
            let points = points.as_array().unwrap();
            assert_eq!((&points[0]["asOf"], points.len()), (&json!("1998-12-31"), 27));
            for point in points {
                // The point covers all agreements concluded up to this day, so each of its counts is the sum over these
                // agreements.
                let day = point["asOf"].as_str().unwrap();
                let counted: Vec<&str> = agreements.iter().filter(|(_, agreed_on)| *agreed_on <= day).map(|(slug, _)| *slug).collect();
                let query = format!("query($p: ID, $day: Date, $slugs: [String!]) {{ implementation(groupBy: AGREEMENT, weighting: {weighting}, asOf: $day, heldBy: $p, filter: {{ agreement: $slugs }}) {{ implementation {{ {ALL} }} }} }}");
                let groups = app.data(&query, json!({ "p": holder, "day": day, "slugs": counted }))["implementation"].take();
                let groups = groups.as_array().unwrap();
                let sum = |pointer: &str| groups.iter().map(|group| group.pointer(pointer).and_then(Value::as_u64).unwrap()).sum::<u64>();
                for field in ["total", "assessed", "counted"] {
                    assert_eq!(point[field], json!(sum(&format!("/implementation/{field}"))), "{day} {field}");
                }
                for index in 0..11 {
                    let count = point["breakdown"][index]["count"].as_u64().unwrap();
                    assert_eq!(count, sum(&format!("/implementation/breakdown/{index}/count")), "{day} {}", point["breakdown"][index]);
                }
            }
        }
    }

    fn series_of_all_clauses_can_be_filtered(app: SharedSample) {
        let query = "{ all: implementationSeries(every: QUARTER, filter: { agreement: [\"minsk-2\"] }, to: \"2022-03-10\") { asOf score total breakdown { status count } }
            one: agreement(slug: \"minsk-2\") { implementationSeries(every: QUARTER, to: \"2022-03-10\") { asOf score total breakdown { status count } } }
            none: implementationSeries(filter: { agreement: [\"no-such\"] }, to: \"2022-03-10\") { asOf total score }
            early: implementationSeries(from: \"1990-01-01\", to: \"1990-01-31\") { asOf total }
            before: implementationSeries(to: \"1990-01-31\") { asOf total } }";
        let data = app.data(query, json!({}));
        assert_eq!(data["all"], data["one"]["implementationSeries"]);
        assert_eq!(data["none"], json!([{ "asOf": "2022-03-10", "total": 0, "score": null }]));
        assert_eq!(data["early"], json!([{ "asOf": "1990-01-31", "total": 0 }]));
        assert_eq!(data["before"], data["early"]);
        for (arguments, part) in [
            ("from: \"2022-01-02\", to: \"2022-01-01\"", "give the earlier day first"),
            ("from: \"2000-01-01\", to: \"2022-01-01\", every: DAY", "more than 1000 points"),
            ("heldBy: \"nobody\"", "neither the id nor the slug of a party"),
        ] {
            let (code, message) = app.error(&format!("{{ implementationSeries({arguments}) {{ total }} }}"), json!({}));
            assert_eq!((code.as_str(), message.contains(part)), ("BAD_USER_INPUT", true), "{message}");
        }
    }

    fn series_begins_with_the_agreement_and_ends_today(app: SharedSample) {
        let query = "{ agreement(slug: \"minsk-2\") { agreedOn implementationSeries { asOf } } }";
        let data = app.data(query, json!({}));
        let points = data["agreement"]["implementationSeries"].as_array().unwrap();
        assert_eq!(points.first().unwrap()["asOf"], json!("2015-02-28"));
        assert_eq!(points.last().unwrap()["asOf"], json!(clausewatch::domain::day::now().date().to_string()));
    }

    fn groups_count_shared_clauses(app: SharedSample) {
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
            assert_eq!(series.len(), 2, "the series has points for the end of 2020 and for the day of the group");
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

    fn disputed_duties_count_in_the_view_of_their_holder(app: SharedSample) {
        let ukraine = party_id(&app, "ukraine");
        let query = "query($p: ID) { implementation(groupBy: PARTY, heldBy: $p, asOf: \"2021-12-02\", filter: { agreement: [\"minsk-2\"] }) {
            subject { ... on Party { slug } } implementation { total } } }";
        let total = |holder: &Value| {
            let data = app.data(query, json!({ "p": holder }));
            let groups = data["implementation"].as_array().unwrap().clone();
            let russia = groups.iter().find(|group| group["subject"]["slug"] == json!("russia"));
            russia.map_or(0, |group| group["implementation"]["total"].as_i64().unwrap())
        };
        assert!(total(&ukraine) > total(&Value::Null), "according to Ukraine, Russia is obliged");
    }

    fn clause_with_parts_counts_only_if_all_parts_are_archived(app: Empty) {
        let w = World::new(&app);
        let record = |name: &str, status: &str| {
            let input = w.about(name, &json!({ "status": status, "effectiveOn": "2016-01-01", "note": "So." }));
            w.apply("updateClauseStatus", &input, "assessment { id }");
        };
        // Clause `two` is part of clause `one`.
        record("one", "COMPLETE");
        record("two", "MINIMAL");
        let score = || w.read("treaty", &format!("implementation {{ {ALL} }}"))["implementation"].take();
        check(&score(), &["MINIMAL"], "the part counts");
        w.change("archive", "two", &json!({ "archived": true }));
        check(&score(), &["COMPLETE"], "the clause counts once all its parts are archived");
    }

    fn score_after_the_end_equals_the_score_of_the_day_before(app: Empty) {
        let w = World::new(&app);
        let record = |status: &str, day: &str, holder: Value| {
            let input = json!({ "status": status, "effectiveOn": day, "note": "So.", "heldBy": holder });
            w.apply("updateClauseStatus", &w.about("two", &input), "assessment { id }");
        };
        for holder in [Value::Null, json!("@south")] {
            record("PARTIAL", "2016-01-01", holder.clone());
            record("OVERTAKEN", "2016-03-01", holder.clone());
        }
        let endings = json!([{ "endedOn": "2016-03-01", "kind": "COLLAPSED" }, { "endedOn": "2016-01-01", "kind": "TERMINATED", "heldById": "@south" }]);
        w.change("update", "treaty", &json!({ "endings": endings }));
        let read = |day: &str, holder: &str| {
            let query = format!("query($day: Date, $p: ID) {{ agreement(slug: \"treaty\") {{ implementation(asOf: $day, heldBy: $p) {{ {ALL} }} }}
                implementation(groupBy: TOPIC, asOf: $day, heldBy: $p) {{ implementation {{ {ALL} }} }} }}");
            let party = (!holder.is_empty()).then_some(holder);
            let mut data = app.data(&query, json!({ "day": day, "p": party }));
            assert_eq!(data["implementation"][0]["implementation"], data["agreement"]["implementation"], "{day} {holder}");
            data["agreement"]["implementation"].take()
        };
        check(&read("2016-02-29", ""), &["PARTIAL"], "before the end");
        for day in ["2016-03-01", "2020-01-01"] {
            let ended = read(day, "");
            check_scored(&ended, &["OVERTAKEN"], &["PARTIAL"], day);
            assert_eq!((&ended["isEnded"], &ended["endedOn"]), (&json!(true), &json!("2016-03-01")));
        }
        let of_south = read("2016-02-01", "south");
        check_scored(&of_south, &["PARTIAL"], &["UNASSESSED"], "ended before the first assessment");
        assert_eq!((&of_south["endedOn"], &of_south["score"]), (&json!("2016-01-01"), &Value::Null));
        let series = w.read("treaty", "implementationSeries(from: \"2016-02-28\", to: \"2016-03-02\", every: DAY) { asOf score isEnded endedOn }");
        let point = |day: &str, is_ended: bool| {
            json!({ "asOf": day, "score": 200.0 / 3.0, "isEnded": is_ended, "endedOn": is_ended.then_some("2016-03-01") })
        };
        assert_eq!(series["implementationSeries"], json!([
            point("2016-02-28", false), point("2016-02-29", false), point("2016-03-01", true), point("2016-03-02", true)
        ]));
    }

    fn score_requires_half_of_the_clauses_and_depends_on_weighting(app: Empty) {
        let mut w = World::new(&app);
        // Clause 1 has the part 1.a, and clause 2 has three parts.
        let clause = |number: &str, parent: Value, weight: i32| json!({
            "agreementId": "@treaty", "number": number, "parentId": parent, "heading": number, "summary": "s", "nature": "ONE_OFF",
            "topicId": "@borders", "weight": weight
        });
        w.create("whole", "Clause", clause("2", Value::Null, 1));
        for (name, weight) in [("2.a", 1), ("2.b", 1), ("2.c", 3)] {
            w.create(name, "Clause", clause(name, json!("@whole"), weight));
        }
        let score = |weighting: &str| {
            let fields = "asOf score assessed counted total";
            let read = w.read("treaty", &format!("implementation(weighting: {weighting}, asOf: \"2016-01-01\") {{ {fields} }}
                implementationSeries(weighting: {weighting}, from: \"2016-01-01\", to: \"2016-01-01\") {{ {fields} }}"));
            assert_eq!(read["implementationSeries"], json!([read["implementation"]]), "{weighting}");
            let groups = app.data(&format!("{{ implementation(groupBy: AGREEMENT, weighting: {weighting}, asOf: \"2016-01-01\") {{
                implementation {{ {fields} }} }} }}"), json!({}));
            assert_eq!(groups["implementation"][0]["implementation"], read["implementation"], "{weighting}");
            read["implementation"]["score"].as_f64()
        };
        let record = |name: &str, status: &str| {
            let input = w.about(name, &json!({ "status": status, "effectiveOn": "2016-01-01", "note": "So." }));
            w.apply("updateClauseStatus", &input, "assessment { id }");
        };
        record("two", "COMPLETE");
        for weighting in ["CLAUSES", "POINTS", "WEIGHTS"] {
            assert_eq!(score(weighting), None, "1 of 4 is assessed, with {weighting}");
        }
        record("2.a", "NOT_STARTED");
        assert_eq!(score("CLAUSES"), Some(50.0), "2 of 4 are assessed");
        record("2.b", "NOT_STARTED");
        record("2.c", "NOT_STARTED");
        // The weight of `two` is 5 of 10.
        assert_eq!([score("CLAUSES"), score("POINTS"), score("WEIGHTS")], [Some(25.0), Some(50.0), Some(50.0)]);
        let faults = w.reject("updateClause", &w.about("two", &json!({ "weight": 101 })));
        assert_eq!(faults, [("OUT_OF_RANGE".to_owned(), "weight".to_owned(), "101 is out of range: from 1 to 100".to_owned())]);
    }

    fn weight_in_a_dossier_is_imported_and_validated(app: Empty) {
        let with = |weight: &str| BASE.replacen("nature = \"ONE_OFF\"", &format!("nature = \"ONE_OFF\"\nweight = {weight}"), 1);
        for (weight, message) in [
            ("0", "weight: 0 is out of range: from 1 to 100"),
            ("101", "weight: 101 is out of range: from 1 to 100"),
            ("\"much\"", "weight: must be a whole number like 14"),
        ] {
            let faults = faults_of(&app, &[file("test.toml", &with(weight))]);
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].contains(message), "{faults:?}, expected {message}");
        }
        import_text(&app, &with("7"));
        let data = app.data("{ clauses { nodes { nature weight } } }", json!({}));
        for clause in data["clauses"]["nodes"].as_array().unwrap() {
            assert_eq!(clause["weight"], json!(if clause["nature"] == json!("ONE_OFF") { 7 } else { 1 }));
        }
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

    fn filter_can_have_its_own_time(app: Empty) {
        let w = World::new(&app);
        w.apply("updateClauseStatus", &json!({ "clauseId": "@two", "status": "BREACHED", "effectiveOn": "2016-01-01", "note": "Shots." }), "");
        let count = |filter: &str| {
            let filter = format!("filter: {{ status: [BREACHED]{filter} }}");
            let data = app.data(&format!("{{ implementation(groupBy: AGREEMENT, {filter}) {{ implementation {{ total }} }} implementationSeries(every: YEAR, {filter}) {{ total }} }}"), json!({}));
            let groups = data["implementation"].as_array().unwrap().len();
            (groups, data["implementationSeries"].as_array().unwrap().iter().filter(|point| point["total"] != json!(0)).count() > 0)
        };
        assert_eq!(count(""), (1, true));
        assert_eq!(count(", knownAt: \"2000-01-01T00:00:00Z\""), (0, false), "nothing was known then");
    }

    fn invalid_series_are_rejected(app: SharedSample) {
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
