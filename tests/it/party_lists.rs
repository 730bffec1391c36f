//! The lists of a party: its assessments in force, the assessments that name it as a breaker, and its representatives.
//! They are compared with the viewpoints of all records.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::connections::{List, ids};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// The days for which the tests query. `None` is the latest day.
const DAYS: [Option<&str>; 3] = [None, Some("2021-12-02"), Some("2015-03-01")];

fn day_argument(day: Option<&str>) -> String {
    day.map(|day| format!("asOf: \"{day}\"")).unwrap_or_default()
}

/// The assessments in force of every clause, caveat and proposal. Each comes with the neutral assessment of its record,
/// if any, and the neutral status.
fn viewpoints(app: &TestApp, day: Option<&str>) -> Vec<(Value, Option<Value>, Value)> {
    let arguments = match day_argument(day) {
        argument if argument.is_empty() => argument,
        argument => format!("({argument})"),
    };
    let selection = |kind: &str| {
        format!(
            "... on {kind} {{ status{arguments} viewpoints{arguments} {{ id status heldBy {{ slug }} breachedBy {{ slug }} }} }}"
        )
    };
    let mut all = Vec::new();
    for (field, kind) in [("clauses", "Clause"), ("caveats", "Caveat"), ("proposals", "Proposal")] {
        for record in List::root(field, "").all(app, &selection(kind)) {
            let views = record["viewpoints"].as_array().unwrap();
            let neutral = views.iter().find(|view| view["heldBy"] == Value::Null);
            for view in views {
                all.push((view.clone(), neutral.cloned(), record["status"].clone()));
            }
        }
    }
    all
}

/// The sorted slugs of the breakers. `None` if the assessment names no breaker.
fn breakers(view: &Value) -> Option<Vec<&str>> {
    let parties = view["breachedBy"].as_array().unwrap().iter();
    let mut slugs: Vec<&str> = parties.map(|party| party["slug"].as_str().unwrap()).collect();
    slugs.sort_unstable();
    (!slugs.is_empty()).then_some(slugs)
}

fn differs(view: &Value, neutral: Option<&Value>, status: &Value) -> bool {
    let both = breakers(view).zip(neutral.and_then(breakers));
    view["status"] != "UNASSESSED"
        && (view["status"] != *status || both.is_some_and(|(own, other)| own != other))
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_unstable();
    ids
}

/// The ids of the records in a list of a party.
fn of_party(app: &TestApp, slug: &str, field: &str, arguments: &str) -> Vec<String> {
    let party = format!("party(slug: \"{slug}\")");
    let of = [party.as_str()];
    sorted(List { of: &of, field, arguments }.check_walks(app, &[7]))
}

on_both_databases! {
    fn viewpoints_of_a_party_are_its_assessments_in_force(app: SharedSample) {
        for day in DAYS {
            let (mut all, mut differing): (BTreeMap<String, Vec<String>>, BTreeMap<String, Vec<String>>) = Default::default();
            for (view, neutral, status) in viewpoints(&app, day) {
                let Some(holder) = view["heldBy"]["slug"].as_str() else { continue };
                let id = view["id"].as_str().unwrap().to_owned();
                if differs(&view, neutral.as_ref(), &status) {
                    differing.entry(holder.to_owned()).or_default().push(id.clone());
                }
                all.entry(holder.to_owned()).or_default().push(id);
            }
            assert!(all.len() > 2 && differing.len() > 1, "{day:?}: too few assessments to test: {all:?}");
            let day = day_argument(day);
            for (holder, ids) in all {
                let differing = sorted(differing.remove(&holder).unwrap_or_default());
                let same: Vec<String> = ids.iter().filter(|id| !differing.contains(id)).cloned().collect();
                for (argument, expected) in [("", sorted(ids)), ("differsFromNeutral: true", differing), ("differsFromNeutral: false", sorted(same))] {
                    assert_eq!(of_party(&app, &holder, "viewpoints", &format!("{day} {argument}")), expected, "{holder} {day} {argument}");
                }
            }
        }
    }

    fn breaches_of_a_party_include_the_views_of_all_holders(app: Whole) {
        for day in DAYS {
            let mut breaches: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (view, ..) in viewpoints(&app, day) {
                for party in breakers(&view).unwrap_or_default() {
                    breaches.entry(party.to_owned()).or_default().push(view["id"].as_str().unwrap().to_owned());
                }
            }
            let day = day_argument(day);
            for (party, expected) in breaches {
                assert_eq!(of_party(&app, &party, "breaches", &day), sorted(expected), "{party} {day}");
            }
        }
    }

    fn later_and_retracted_assessments_leave_the_lists(app: Empty) {
        let w = World::new(&app);
        let assess = |status: &str, on: &str, breakers: Value, holder: &str| {
            let content = json!({ "status": status, "effectiveOn": on, "note": "n", "breachedBy": breakers, "heldBy": holder });
            w.apply("updateClauseStatus", &w.about("one", &content), "assessment { id }")["assessment"]["id"].as_str().unwrap().to_owned()
        };
        let list = |party: &str, field: &str, arguments: &str| of_party(&app, party, field, arguments);
        let first = assess("BREACHED", "2016-01-01", json!(["@south"]), "@north");
        assert_eq!(list("south", "breaches", ""), [first.as_str()]);
        assert_eq!(list("north", "viewpoints", "differsFromNeutral: true"), [first.as_str()]);
        // A later assessment by another holder does not replace the first one.
        let other = assess("BREACHED", "2016-02-01", json!(["@north"]), "@south");
        assert_eq!(list("south", "breaches", ""), [first.as_str()]);
        let second = assess("PARTIAL", "2016-03-01", json!([]), "@north");
        assert_eq!(list("south", "breaches", ""), [""; 0]);
        assert_eq!(list("south", "breaches", "asOf: \"2016-02-29\""), [first.as_str()]);
        assert_eq!(list("north", "viewpoints", ""), [second.as_str()]);
        w.apply("retractAssessment", &json!({ "assessmentId": second, "reason": "r" }), "");
        assert_eq!(list("north", "viewpoints", ""), [first.as_str()]);
        w.change("archive", "treaty", &json!({}));
        assert_eq!(list("south", "breaches", ""), [""; 0]);
        assert_eq!(list("north", "breaches", ""), [""; 0], "{other}");
    }

    fn view_can_differ_from_the_initial_status_but_unassessed_never_differs(app: Empty) {
        let w = World::new(&app);
        let assess = |name: &str, status: &str, patch: &Value| {
            let content = with(json!({ "status": status, "effectiveOn": "2016-06-15", "note": "n" }), patch);
            let mutation = format!("update{}Status", w.kind(name));
            w.apply(&mutation, &w.about(name, &content), "assessment { id }")["assessment"]["id"].as_str().unwrap().to_owned()
        };
        let north = json!({ "heldBy": "@north" });
        assess("one", "PARTIAL", &json!({}));
        // Only the first clause has a neutral assessment.
        let same = [("one", "UNASSESSED"), ("ask", "OPEN"), ("offer", "FLOATED")];
        let other = [("two", "PARTIAL"), ("give", "ACCEPTED"), ("answer", "TABLED")];
        for (views, differs) in [(same, false), (other, true)] {
            let ids = views.map(|(name, status)| assess(name, status, &north));
            let listed = of_party(&app, "north", "viewpoints", &format!("differsFromNeutral: {differs}"));
            assert_eq!(listed, sorted(ids.to_vec()), "{differs}");
        }
    }

    fn party_lists_its_representatives(app: Empty) {
        let w = World::new(&app);
        let read = || app.data("{ party(slug: \"north\") { representatives { id } } }", json!({}))["party"]["representatives"].take();
        assert_eq!(ids(&read()), [w.id("envoy")]);
        w.change("archive", "envoy", &json!({}));
        assert_eq!(read(), json!([]));
    }
}
