//! Recording and retracting statuses of clauses, proposals and caveats.

use std::collections::BTreeMap;
use std::thread;

use chrono::{Days, NaiveDate, NaiveDateTime};
use clausewatch::db::{Access, integrity};
use clausewatch::domain::assessment::{AssessmentFacts, in_force};
use clausewatch::domain::id::{AssessmentId, PartyId};
use clausewatch::domain::perspective::Perspective;
use clausewatch::domain::{GlobalId, day};
use serde_json::{Value, json};

use crate::support::world::{World, lower, with};
use crate::support::{on_both_databases, outline};

/// For each kind: a record, its status without assessments, and three other statuses.
const SCALES: [(&str, &str, [&str; 3]); 3] = [
    ("one", "UNASSESSED", ["NOT_STARTED", "PARTIAL", "COMPLETE"]),
    ("offer", "FLOATED", ["TABLED", "UNDER_NEGOTIATION", "ACCEPTED"]),
    ("ask", "OPEN", ["COUNTERED", "ACCEPTED", "SATISFIED"]),
];

const ASSESSMENT: &str = "id status previousStatus effectiveOn momentum confidence note recordedBy retractedAt \
     retractedBy retractionReason heldBy { id } event { id } evidence { id slug title kind url }";

const SUBJECT: &str = "id version status statusSince assessment { id } assessments { totalCount nodes { id status } }";

/// Records a status. Returns the assessment and, as `subject`, the record after the change.
fn assess(w: &World<'_>, name: &str, status: &str, on: &str, patch: &Value) -> Value {
    let kind = w.kind(name);
    let input = w.about(name, &json!({ "status": status, "effectiveOn": on, "note": "So it is." }));
    let selection =
        format!("assessment {{ {ASSESSMENT} }} subject: {} {{ {SUBJECT} }}", lower(kind));
    w.apply(&format!("update{kind}Status"), &with(input, patch), &selection)
}

/// Retracts an assessment, and returns the payload.
fn retract(w: &World<'_>, assessment: &Value) -> Value {
    let input = json!({ "assessmentId": assessment["id"], "reason": "A mistake." });
    let subject = "subject { __typename id version }";
    let assessment = "assessment { __typename id retractedAt retractedBy retractionReason }";
    w.apply("retractAssessment", &input, &format!("{subject} {assessment}"))
}

/// The status of a record, and the day from which it applies.
fn status(w: &World<'_>, name: &str) -> (String, Option<String>) {
    let record = w.read(name, "status statusSince");
    let text = |key: &str| record[key].as_str().map(str::to_owned);
    (text("status").unwrap(), text("statusSince"))
}

/// The statuses in the history of a record.
fn history(w: &World<'_>, name: &str, arguments: &str) -> Vec<String> {
    let record = w.read(name, &format!("assessments{arguments} {{ nodes {{ status }} }}"));
    let nodes = record["assessments"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["status"].as_str().unwrap().to_owned()).collect()
}

fn since(status: &str, day: &str) -> (String, Option<String>) {
    (status.to_owned(), Some(day.to_owned()))
}

/// All assessments of a clause with their statuses, as input for [`in_force`].
fn claims(clause: &Value) -> Vec<(AssessmentFacts, String)> {
    let instant = |value: &Value| {
        let text = value.as_str()?;
        Some(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").unwrap())
    };
    let claim = |node: &Value| {
        let uuid = |id: &Value| Some(GlobalId::decode(id.as_str()?).unwrap().uuid);
        let claim = AssessmentFacts {
            id: AssessmentId::from_uuid(uuid(&node["id"]).unwrap()),
            held_by: uuid(&node["heldBy"]["id"]).map(PartyId::from_uuid),
            effective_on: node["effectiveOn"].as_str().unwrap().parse().unwrap(),
            recorded_at: instant(&node["recordedAt"]).unwrap(),
            retracted_at: instant(&node["retractedAt"]),
        };
        (claim, node["status"].as_str().unwrap().to_owned())
    };
    clause["assessments"]["nodes"].as_array().unwrap().iter().map(claim).collect()
}

/// Compares the API's data of a clause with the result of [`in_force`] in `domain`.
fn check_against_rule(clause: &Value) {
    let claims = claims(clause);
    let rule: Vec<AssessmentFacts> = claims.iter().map(|(claim, _)| *claim).collect();
    let status_of = |claim: &AssessmentFacts| {
        claims.iter().find(|(other, _)| other == claim).unwrap().1.clone()
    };
    let neutral = in_force(&rule, Perspective::default());
    let (status, since) = match neutral {
        Some(claim) => (status_of(claim), json!(claim.effective_on.to_string())),
        None => ("UNASSESSED".to_owned(), Value::Null),
    };
    assert_eq!((&clause["status"], &clause["statusSince"]), (&json!(status), &since));
    let order = |claim: &AssessmentFacts| (claim.effective_on, claim.recorded_at, claim.id);
    assert!(rule.is_sorted_by_key(|claim| std::cmp::Reverse(order(claim))), "newest first");
    for (claim, node) in rule.iter().zip(clause["assessments"]["nodes"].as_array().unwrap()) {
        let earlier: Vec<AssessmentFacts> =
            rule.iter().filter(|other| order(other) < order(claim)).copied().collect();
        let previous =
            in_force(&earlier, Perspective { held_by: claim.held_by, ..Perspective::default() })
                .map(status_of);
        assert_eq!(node["previousStatus"], json!(previous), "{node}");
    }
}

on_both_databases! {
    fn updated_status_is_in_force_and_first_in_the_history(app: Empty) {
        let w = World::new(&app);
        for (name, initial, [first, second, third]) in SCALES {
            assert_eq!(w.read(name, SUBJECT)["assessment"], Value::Null);
            assert_eq!(status(&w, name), (initial.to_owned(), None));
            let one = assess(&w, name, first, "2016-06-01", &json!({}));
            let two = assess(&w, name, second, "2016-07-01", &json!({}));
            let three = assess(&w, name, third, "2016-08-01", &json!({}));
            assert_eq!(three["subject"], json!({
                "id": w.id(name), "version": 4, "status": third, "statusSince": "2016-08-01",
                "assessment": { "id": three["assessment"]["id"] },
                "assessments": { "totalCount": 3, "nodes": [
                    { "id": three["assessment"]["id"], "status": third },
                    { "id": two["assessment"]["id"], "status": second },
                    { "id": one["assessment"]["id"], "status": first },
                ] },
            }));
            assert_eq!(w.read(name, SUBJECT), three["subject"], "the payload equals the committed record");
            let previous = [one, two, three].map(|payload| payload["assessment"]["previousStatus"].clone());
            assert_eq!(previous, [json!(null), json!(first), json!(second)]);
        }
    }

    fn assessment_with_all_fields_reads_back_the_same(app: Empty) {
        let w = World::new(&app);
        let full = json!({
            "heldBy": "@south", "momentum": "REGRESSING", "confidence": "HIGH", "note": "Both sides said so.\nTwice.", "eventId": "@talks",
            "evidence": [
                { "source": { "title": "A report", "kind": "MONITOR_REPORT", "publisher": "Monitors", "url": "https://example.org/3" } },
                { "sourceId": "@gazette" }
            ],
        });
        let mut recorded = BTreeMap::new();
        for (name, _, [first, second, _]) in SCALES {
            let plain = assess(&w, name, first, "2016-06-01", &json!({}));
            let stated = assess(&w, name, second, "2016-06-01", &full)["assessment"].take();
            let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {}Assessment {{ {ASSESSMENT} }} }} }}", w.kind(name));
            assert_eq!(app.data(&query, json!({ "id": stated["id"] }))["node"], stated);
            recorded.insert(name, w.named(&json!([plain["assessment"], stated])));
        }
        insta::assert_snapshot!("recorded_assessments", outline(&json!(recorded)));
    }

    fn backdated_assessment_does_not_replace_a_later_one(app: Empty) {
        let w = World::new(&app);
        for (name, _, [first, second, third]) in SCALES {
            assess(&w, name, third, "2016-08-01", &json!({}));
            let backdated = assess(&w, name, first, "2016-06-01", &json!({}));
            assert_eq!(backdated["subject"]["version"], 3);
            assert_eq!(status(&w, name), since(third, "2016-08-01"));
            let between = assess(&w, name, second, "2016-07-01", &json!({}));
            assert_eq!(between["assessment"]["previousStatus"], first);
            assert_eq!(history(&w, name, ""), [third, second, first]);
            let last = w.read(name, "assessment { previousStatus }");
            assert_eq!(last["assessment"]["previousStatus"], second);
        }
    }

    fn later_recorded_assessment_of_the_same_day_is_in_force(app: Empty) {
        let w = World::new(&app);
        for (name, _, [first, second, third]) in SCALES {
            for (status, previous) in [(third, None), (first, Some(third)), (second, Some(first))] {
                let payload = assess(&w, name, status, "2016-06-01", &json!({}));
                assert_eq!(payload["assessment"]["previousStatus"], json!(previous));
            }
            assert_eq!(status(&w, name), since(second, "2016-06-01"));
            assert_eq!(history(&w, name, ""), [second, first, third]);
        }
    }

    fn view_of_a_party_does_not_change_the_neutral_status(app: Empty) {
        let w = World::new(&app);
        for (name, initial, [first, second, third]) in SCALES {
            let view = assess(&w, name, third, "2016-09-01", &json!({ "heldBy": "@north" }));
            assert_eq!(view["assessment"]["heldBy"], json!({ "id": w.id("north") }));
            assert_eq!(view["subject"]["assessment"], Value::Null);
            assert_eq!(view["subject"]["version"], 2, "the history has changed");
            assert_eq!(status(&w, name), (initial.to_owned(), None));
            let neutral = assess(&w, name, first, "2016-07-01", &json!({}));
            assert_eq!(neutral["assessment"]["previousStatus"], Value::Null);
            let other = assess(&w, name, second, "2016-09-02", &json!({ "heldBy": "@south" }));
            assert_eq!(other["assessment"]["previousStatus"], Value::Null);
            let again = assess(&w, name, second, "2016-09-03", &json!({ "heldBy": "@north" }));
            assert_eq!(again["assessment"]["previousStatus"], third);
            assert_eq!(status(&w, name), since(first, "2016-07-01"));
            assert_eq!(history(&w, name, ""), [second, second, third, first]);
        }
    }

    fn retraction_restores_the_previous_status(app: Empty) {
        let w = World::new(&app);
        for (name, initial, [first, second, _]) in SCALES {
            let one = assess(&w, name, first, "2016-06-01", &json!({}));
            let two = assess(&w, name, second, "2016-07-01", &json!({}));
            let back = retract(&w, &two["assessment"]);
            assert!(back["assessment"]["retractedAt"].is_string());
            assert_eq!(back["assessment"], json!({
                "__typename": format!("{}Assessment", w.kind(name)), "id": two["assessment"]["id"],
                "retractedAt": back["assessment"]["retractedAt"], "retractedBy": "analyst", "retractionReason": "A mistake.",
            }));
            assert_eq!(back["subject"], json!({ "__typename": w.kind(name), "id": w.id(name), "version": 4 }));
            assert_eq!(status(&w, name), since(first, "2016-06-01"));
            assert_eq!(history(&w, name, ""), [first]);
            assert_eq!(history(&w, name, "(includeRetracted: true)"), [second, first]);
            let count = "assessments { totalCount } all: assessments(includeRetracted: true) { totalCount }";
            assert_eq!(w.read(name, count), json!({ "assessments": { "totalCount": 1 }, "all": { "totalCount": 2 } }));
            retract(&w, &one["assessment"]);
            assert_eq!(status(&w, name), (initial.to_owned(), None));
            assert_eq!(w.read(name, "assessment { id } version"), json!({ "assessment": null, "version": 5 }));
        }
    }

    fn retraction_of_an_earlier_assessment_keeps_the_status(app: Empty) {
        let w = World::new(&app);
        let early = assess(&w, "one", "MINIMAL", "2016-06-01", &json!({}));
        let last = assess(&w, "one", "PARTIAL", "2016-07-01", &json!({}));
        let view = assess(&w, "one", "VOID", "2016-08-01", &json!({ "heldBy": "@north" }));
        retract(&w, &early["assessment"]);
        retract(&w, &view["assessment"]);
        assert_eq!(status(&w, "one"), since("PARTIAL", "2016-07-01"));
        assert_eq!(w.read("one", "assessment { id previousStatus }"), json!({
            "assessment": { "id": last["assessment"]["id"], "previousStatus": null },
        }));
    }

    fn repeated_retraction_is_rejected(app: Empty) {
        let w = World::new(&app);
        let payload = assess(&w, "ask", "ACCEPTED", "2016-06-01", &json!({}));
        retract(&w, &payload["assessment"]);
        let before = w.read("ask", "version");
        let again = json!({ "assessmentId": payload["assessment"]["id"], "reason": "Once more." });
        let [(code, path, message)] = &w.reject("retractAssessment", &again)[..] else { panic!("one error") };
        assert_eq!((code.as_str(), path.as_str()), ("INVALID", "assessmentId"));
        assert!(message.starts_with("was already retracted on 20"), "{message}");
        assert_eq!(w.read("ask", "version"), before);
    }

    fn expected_version_must_be_the_current_version(app: Empty) {
        let w = World::new(&app);
        for (name, _, [first, second, _]) in SCALES {
            let one = assess(&w, name, first, "2016-06-01", &json!({ "expectedVersion": 1 }));
            assert_eq!(one["subject"]["version"], 2);
            let kind = w.kind(name);
            let stale = w.about(name, &json!({ "status": second, "effectiveOn": "2016-06-02", "note": "n", "expectedVersion": 1 }));
            let retraction = json!({ "assessmentId": one["assessment"]["id"], "reason": "r", "expectedVersion": 1 });
            for faults in [w.reject(&format!("update{kind}Status"), &stale), w.reject("retractAssessment", &retraction)] {
                let message = "version 1 is stale: the current version is 2; read the record again";
                assert_eq!(faults, [("CONFLICT".to_owned(), "expectedVersion".to_owned(), message.to_owned())]);
            }
            assert_eq!(w.read(name, SUBJECT), one["subject"]);
            w.apply("retractAssessment", &with(retraction, &json!({ "expectedVersion": 2 })), "");
        }
    }

    fn expected_version_accepts_one_of_several_concurrent_updates(app: Empty) {
        let w = World::new(&app);
        let before = app.log_position();
        let input = w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "n", "expectedVersion": 1 }));
        let outcomes: Vec<Value> = thread::scope(|scope| {
            let update = || w.mutate("updateClauseStatus", &input, "clause { version }");
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(update)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (done, refused): (Vec<_>, Vec<_>) = outcomes.iter().partition(|payload| payload["userErrors"] == json!([]));
        assert_eq!(done, [&json!({ "clause": { "version": 2 }, "userErrors": [] })]);
        assert!(refused.iter().all(|payload| payload["userErrors"][0]["code"] == "CONFLICT"), "{refused:?}");
        assert_eq!(app.log_position(), before + 1);
    }

    fn concurrent_assessments_are_all_recorded(app: Empty) {
        let w = World::new(&app);
        let before = app.log_position();
        thread::scope(|scope| {
            for day in 1..=8 {
                let w = &w;
                scope.spawn(move || assess(w, "one", "PARTIAL", &format!("2016-06-{day:02}"), &json!({})));
            }
        });
        let clause = w.read("one", "version statusSince assessments { totalCount }");
        assert_eq!(clause, json!({ "version": 9, "statusSince": "2016-06-08", "assessments": { "totalCount": 8 } }));
        assert_eq!(app.log_position(), before + 8);
        let mut session = app.db().session(Access::Read).unwrap();
        assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
    }

    fn status_effective_today_in_any_time_zone_is_accepted(app: Empty) {
        let w = World::new(&app);
        for (name, _, [first, second, _]) in SCALES {
            let today = day::now().date().to_string();
            assess(&w, name, first, &today, &json!({}));
            assert_eq!(status(&w, name), since(first, &today));
            let latest = day::latest_today().to_string();
            assess(&w, name, second, &latest, &json!({}));
            assert_eq!(status(&w, name), since(second, &latest));
        }
    }

    fn status_effective_on_the_day_of_the_agreement_is_accepted(app: Empty) {
        let w = World::new(&app);
        for (name, day) in [("one", "2015-02-12"), ("offer", "2016-05-01"), ("ask", "2016-05-01")] {
            let scale = SCALES.iter().find(|scale| scale.0 == name).unwrap();
            assess(&w, name, scale.2[0], day, &json!({}));
            assert_eq!(status(&w, name), since(scale.2[0], day));
        }
    }

    fn payload_returns_data_after_the_change(app: Empty) {
        let w = World::new(&app);
        let input = w.about("one", &json!({ "status": "BREACHED", "effectiveOn": "2016-06-01", "note": "Fire." }));
        let breached = "query { clauses(filter: { status: BREACHED, statusSinceFrom: \"2016-06-01\" }) { totalCount nodes { number version } } }";
        let payload = w.apply("updateClauseStatus", &input, breached);
        assert_eq!(payload["query"]["clauses"], json!({ "totalCount": 1, "nodes": [{ "number": "1", "version": 2 }] }));
        // The payload of a rejected mutation also returns the current data.
        let refused = w.mutate("updateClauseStatus", &with(input, &json!({ "note": "" })), breached);
        assert_eq!(refused["query"], payload["query"]);
    }

    fn mutations_of_one_document_run_in_series(app: Empty) {
        let w = World::new(&app);
        let document = r"mutation($first: UpdateClauseStatusInput!, $bad: UpdateClauseStatusInput!, $last: UpdateClauseStatusInput!) {
            first: updateClauseStatus(input: $first) { clause { version } assessment { previousStatus } }
            bad: updateClauseStatus(input: $bad) { clause { version } userErrors { code } query { clauses(filter: { status: PARTIAL }) { totalCount } } }
            last: updateClauseStatus(input: $last) { clause { version assessments { totalCount } } assessment { previousStatus } }
        }";
        let input = |status: &str, patch: Value| {
            w.resolve(&with(w.about("one", &json!({ "status": status, "effectiveOn": "2016-06-01", "note": "n" })), &patch))
        };
        let before = app.log_position();
        let data = app.data(document, json!({
            "first": input("PARTIAL", json!({ "expectedVersion": 1 })), "bad": input("VOID", json!({ "expectedVersion": 1 })),
            "last": input("COMPLETE", json!({ "expectedVersion": 2 })),
        }));
        assert_eq!(data, json!({
            "first": { "clause": { "version": 2 }, "assessment": { "previousStatus": null } },
            "bad": { "clause": null, "userErrors": [{ "code": "CONFLICT" }], "query": { "clauses": { "totalCount": 1 } } },
            "last": { "clause": { "version": 3, "assessments": { "totalCount": 2 } }, "assessment": { "previousStatus": "PARTIAL" } },
        }));
        assert_eq!(app.log_position(), before + 2);
    }

    fn random_history_matches_the_rule_after_every_step(app: Empty) {
        const STATUSES: [&str; 11] =
            ["UNASSESSED", "NOT_APPLICABLE", "NOT_STARTED", "MINIMAL", "PARTIAL", "COMPLETE", "BREACHED", "SUSPENDED", "VOID", "OVERTAKEN", "LAPSED"];
        let w = World::new(&app);
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut pick = |below: usize| {
            // Xorshift, which gives the same history in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % below
        };
        let first = NaiveDate::from_ymd_opt(2016, 6, 1).unwrap();
        let (mut standing, mut versions, mut retractions) = (Vec::new(), 1, 0);
        for _ in 0..60 {
            if pick(3) == 0 && !standing.is_empty() {
                retract(&w, &standing.swap_remove(pick(standing.len())));
                retractions += 1;
            } else {
                let on = (first + Days::new(u64::try_from(pick(4)).unwrap())).to_string();
                let holder = [json!({}), json!({ "heldBy": "@north" }), json!({ "heldBy": "@south" })][pick(3)].clone();
                standing.push(assess(&w, "one", STATUSES[pick(STATUSES.len())], &on, &holder)["assessment"].take());
            }
            versions += 1;
            let all = "assessments(first: 200, includeRetracted: true) { nodes { \
                       id status previousStatus effectiveOn recordedAt retractedAt heldBy { id } } }";
            let clause = w.read("one", &format!("version status statusSince {all}"));
            assert_eq!(clause["version"], versions);
            assert_eq!(claims(&clause).iter().filter(|(claim, _)| claim.retracted_at.is_none()).count(), standing.len());
            check_against_rule(&clause);
        }
        assert!(retractions > 10, "{retractions} retractions");
        let mut session = app.db().session(Access::Read).unwrap();
        assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
    }
}
