//! Perspectives: statuses on any day, as known at any time, in the view of any holder.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::world::World;

/// The holders: the neutral record, and two parties of the test world.
const HOLDERS: [Option<&str>; 3] = [None, Some("north"), Some("south")];
/// The first day on which a status can take effect.
const FIRST_DAY: u32 = 1;
const LAST_DAY: u32 = 9;
/// The statuses. BREACHED is repeated, so that parties often name different breakers.
const STATUSES: [&str; 8] = [
    "UNASSESSED",
    "NOT_STARTED",
    "PARTIAL",
    "COMPLETE",
    "BREACHED",
    "BREACHED",
    "BREACHED",
    "BREACHED",
];
/// The lists of parties that a breach can name.
const BREAKERS: [&[&str]; 5] =
    [&[], &["north"], &["south"], &["south", "north"], &["north", "south"]];

fn day(number: u32) -> String {
    format!("2016-03-{number:02}")
}

/// A change to the history of a clause.
#[derive(Debug, Clone)]
enum Step {
    Record {
        holder: usize,
        status: usize,
        breakers: usize,
        on: u32,
    },
    /// Retracts one of the current assessments, if any.
    Retract(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let record = (0..HOLDERS.len(), 0..STATUSES.len(), 0..BREAKERS.len(), FIRST_DAY..=LAST_DAY)
        .prop_map(|(holder, status, breakers, on)| Step::Record { holder, status, breakers, on });
    let retract = any::<prop::sample::Index>().prop_map(Step::Retract);
    prop::collection::vec(prop_oneof![3 => record, 1 => retract], 1..10)
}

/// An assessment in the reference model. Days and times are strings, which sort correctly.
#[derive(Debug, Clone)]
struct Said {
    id: String,
    holder: usize,
    status: &'static str,
    breakers: BTreeSet<&'static str>,
    on: String,
    recorded_at: String,
    retracted_at: Option<String>,
}

/// A simple reference model: finds the assessment in force by reading the whole history.
fn in_force<'a>(
    history: &'a [Said],
    as_of: Option<&str>,
    known_at: Option<&str>,
    holder: usize,
) -> Option<&'a Said> {
    let mut found: Option<&Said> = None;
    // The history is in the order of recording, so the later of two assessments for the same day counts.
    for said in history {
        let is_retracted = match (&said.retracted_at, known_at) {
            (Some(at), Some(known_at)) => at.as_str() <= known_at,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if said.holder != holder
            || is_retracted
            || known_at.is_some_and(|known_at| said.recorded_at.as_str() > known_at)
            || as_of.is_some_and(|as_of| said.on.as_str() > as_of)
        {
            continue;
        }
        if found.is_none_or(|found| found.on <= said.on) {
            found = Some(said);
        }
    }
    found
}

/// Applies the steps to a new clause through the API, and returns the history.
fn carry_out(w: &World<'_>, clause: &str, steps: &[Step]) -> Vec<Said> {
    let mut history: Vec<Said> = Vec::new();
    for step in steps {
        match step {
            Step::Record { holder, status, breakers, on } => {
                let is_breached = STATUSES[*status] == "BREACHED";
                let breakers = if is_breached { BREAKERS[*breakers] } else { &[] };
                let mut input = json!({
                    "clauseId": format!("@{clause}"), "status": STATUSES[*status],
                    "effectiveOn": day(*on), "note": "Said.",
                    "breachedBy": breakers.iter().map(|name| format!("@{name}")).collect::<Vec<_>>()
                });
                if let Some(name) = HOLDERS[*holder] {
                    input["heldBy"] = json!(format!("@{name}"));
                }
                let payload = w.apply("updateClauseStatus", &input, "assessment { id recordedAt }");
                let text = |key: &str| payload["assessment"][key].as_str().unwrap().to_owned();
                history.push(Said {
                    id: text("id"),
                    holder: *holder,
                    status: STATUSES[*status],
                    breakers: breakers.iter().copied().collect(),
                    on: day(*on),
                    recorded_at: text("recordedAt"),
                    retracted_at: None,
                });
            }
            Step::Retract(which) => {
                let mut standing: Vec<&mut Said> =
                    history.iter_mut().filter(|said| said.retracted_at.is_none()).collect();
                if standing.is_empty() {
                    continue;
                }
                let index = which.index(standing.len());
                let input = json!({ "assessmentId": standing[index].id, "reason": "Mistaken." });
                let payload = w.apply("retractAssessment", &input, "assessment { retractedAt }");
                let at = payload["assessment"]["retractedAt"].as_str().unwrap();
                standing[index].retracted_at = Some(at.to_owned());
            }
        }
    }
    history
}

/// Queries all fields for every day with one `knownAt`, and compares the results with the reference.
fn check(w: &World<'_>, clause: &str, history: &[Said], known_at: Option<&str>) {
    let days: Vec<Option<String>> =
        [None].into_iter().chain((FIRST_DAY - 1..=LAST_DAY).map(|n| Some(day(n.max(1))))).collect();
    let mut fields = String::new();
    for (index, as_of) in days.iter().enumerate() {
        let mut moment = Vec::new();
        moment.extend(as_of.iter().map(|as_of| format!("asOf: \"{as_of}\"")));
        moment.extend(known_at.iter().map(|known_at| format!("knownAt: \"{known_at}\"")));
        for (holder, name) in HOLDERS.iter().enumerate() {
            let mut view = moment.clone();
            view.extend(name.iter().map(|name| format!("heldBy: \"{}\"", w.id(name))));
            let arguments =
                if view.is_empty() { String::new() } else { format!("({})", view.join(", ")) };
            let label = format!("{index}_{holder}");
            let _ = write!(
                fields,
                "status_{label}: status{arguments} since_{label}: statusSince{arguments} \
                 assessment_{label}: assessment{arguments} {{ id }} "
            );
        }
        let arguments =
            if moment.is_empty() { String::new() } else { format!("({})", moment.join(", ")) };
        let _ = write!(
            fields,
            "viewpoints_{index}: viewpoints{arguments} {{ id }} contested_{index}: isContested{arguments} "
        );
    }
    let answer = w.read(clause, &fields);
    for (index, as_of) in days.iter().enumerate() {
        let mut viewpoints = Vec::new();
        let mut parties = Vec::new();
        for (holder, name) in HOLDERS.iter().enumerate() {
            let expected = in_force(history, as_of.as_deref(), known_at, holder);
            let label = format!("{index}_{holder}");
            let context = format!("{as_of:?} {known_at:?} {name:?} {history:#?}");
            let status = expected.map_or("UNASSESSED", |said| said.status);
            assert_eq!(answer[format!("status_{label}")], json!(status), "{context}");
            let since = expected.map(|said| said.on.as_str());
            assert_eq!(answer[format!("since_{label}")], json!(since), "{context}");
            let id = expected.map(|said| said.id.as_str());
            let found = answer.pointer(&format!("/assessment_{label}/id"));
            assert_eq!(found.and_then(Value::as_str), id, "{context}");
            // The neutral record comes first, followed by the parties by name: North, South.
            viewpoints.extend(expected.map(|said| json!({ "id": said.id })));
            if let Some(said) = expected.filter(|said| holder > 0 && said.status != "UNASSESSED") {
                parties.push((said.status, &said.breakers));
            }
        }
        assert_eq!(answer[format!("viewpoints_{index}")], json!(viewpoints), "{as_of:?}");
        let contested = is_contested(&parties);
        assert_eq!(answer[format!("contested_{index}")], json!(contested), "{as_of:?}");
    }
    if known_at.is_none() {
        check_filters(w, clause, history, &days);
    }
}

/// Whether the two parties state different statuses, or both name breakers but not the same ones.
fn is_contested(parties: &[(&str, &BTreeSet<&str>)]) -> bool {
    let [(one, by_one), (other, by_other)] = parties else { return false };
    one != other || (!by_one.is_empty() && !by_other.is_empty() && by_one != by_other)
}

/// Compares the filters `contested` and `breachedBy` on every day with the reference.
fn check_filters(w: &World<'_>, clause: &str, history: &[Said], days: &[Option<String>]) {
    for as_of in days.iter().map(Option::as_deref) {
        let in_force = |holder: usize| in_force(history, as_of, None, holder);
        let parties = [1, 2].into_iter().filter_map(in_force);
        let parties = parties.filter(|said| said.status != "UNASSESSED");
        let parties: Vec<_> = parties.map(|said| (said.status, &said.breakers)).collect();
        let mut filters = vec![("contested: true".to_owned(), is_contested(&parties))];
        for (holder, name) in HOLDERS.iter().enumerate() {
            let held_by = name.map(|name| format!(", heldBy: \"{name}\"")).unwrap_or_default();
            for breaker in ["north", "south"] {
                let fits = in_force(holder).is_some_and(|said| said.breakers.contains(breaker));
                filters.push((format!("breachedBy: [\"{breaker}\"]{held_by}"), fits));
            }
        }
        let as_of = as_of.map(|day| format!(", asOf: \"{day}\"")).unwrap_or_default();
        let mut query = String::new();
        for (label, (filter, _)) in filters.iter().enumerate() {
            let filter = format!("filter: {{ {filter}{as_of} }}");
            let _ = write!(query, "f{label}: clauses(first: 50, {filter}) {{ nodes {{ id }} }} ");
        }
        let answer = w.app.data(&format!("{{ {query} }}"), json!({}));
        for (label, (filter, fits)) in filters.iter().enumerate() {
            let nodes = answer[format!("f{label}")]["nodes"].as_array().unwrap();
            let found = nodes.contains(&json!({ "id": w.id(clause) }));
            assert_eq!(found, *fits, "{filter}{as_of} {history:#?}");
        }
    }
}

/// The clauses of the sample with the fields in `selection`, keyed by reference.
fn clauses(
    app: &crate::support::TestApp,
    filter: &str,
    selection: &str,
) -> BTreeMap<String, Value> {
    let query =
        format!("{{ clauses(first: 200{filter}) {{ nodes {{ reference {selection} }} }} }}");
    let mut data = app.data(&query, json!({}));
    let nodes = data["clauses"]["nodes"].as_array_mut().expect("a list");
    let keyed = nodes.iter_mut().map(|node| {
        let reference = node["reference"].as_str().expect("a text").to_owned();
        (reference, node.take())
    });
    keyed.collect()
}

fn party_id(app: &crate::support::TestApp, slug: &str) -> String {
    let data = app.data("query($s: String!) { party(slug: $s) { id } }", json!({ "s": slug }));
    data["party"]["id"].as_str().expect("the party exists").to_owned()
}

on_both_databases! {
    fn random_histories_match_a_simple_reference_model(app: Empty) {
        let mut w = World::new(&app);
        // A fixed seed gives the same histories in every run, so failures can be reproduced.
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        for number in 0..10 {
            let steps = steps().new_tree(&mut runner).expect("a history").current();
            let clause = format!("history-{number}");
            w.create(&clause, "Clause", json!({
                "agreementId": "@treaty", "number": format!("9.{number}"), "heading": "History", "summary": "It has one.",
                "nature": "CONTINUING", "topicId": "@security"
            }));
            let history = carry_out(&w, &clause, &steps);
            let instants = history.iter().flat_map(|said| [Some(&said.recorded_at), said.retracted_at.as_ref()]);
            for known_at in instants.flatten() {
                check(&w, &clause, &history, Some(known_at));
            }
            check(&w, &clause, &history, None);
            check(&w, &clause, &history, Some("2016-01-01T00:00:00Z"));
        }
    }

    fn proposals_and_caveats_have_views_like_clauses(app: Empty) {
        let w = World::new(&app);
        for (name, kind, silent, statuses) in [
            ("offer", "Proposal", "FLOATED", ["TABLED", "REJECTED"]), ("ask", "Caveat", "OPEN", ["ACCEPTED", "REJECTED"]),
        ] {
            for (holder, status, on) in [(Some("@north"), statuses[0], "2016-06-01"), (Some("@south"), statuses[1], "2016-07-01"), (None, statuses[1], "2016-08-01")] {
                let mut input = w.about(name, &json!({ "status": status, "effectiveOn": on, "note": "Said." }));
                if let Some(holder) = holder {
                    input["heldBy"] = json!(holder);
                }
                w.apply(&format!("update{kind}Status"), &input, "assessment { id }");
            }
            let north = w.id("north");
            let answer = w.read(name, &format!(r#"
                neutral: status early: status(asOf: "2016-07-31") north: status(heldBy: "{north}") north_since: statusSince(heldBy: "{north}")
                before: status(asOf: "2016-05-31", heldBy: "{north}") nothing: assessment(asOf: "2016-05-31", heldBy: "{north}") {{ id }}
                viewpoints {{ heldBy {{ slug }} status }}
                isContested june: isContested(asOf: "2016-06-30") ... on Trackable {{ july: isContested(asOf: "2016-07-01") }}
                unknown: isContested(knownAt: "2016-07-01T00:00:00Z")"#));
            assert_eq!(answer, json!({
                "neutral": statuses[1], "early": silent, "north": statuses[0], "north_since": "2016-06-01", "before": silent, "nothing": null,
                "viewpoints": [
                    { "heldBy": null, "status": statuses[1] }, { "heldBy": { "slug": "north" }, "status": statuses[0] },
                    { "heldBy": { "slug": "south" }, "status": statuses[1] },
                ],
                "isContested": true, "june": false, "july": true, "unknown": false,
            }));
            let list = kind.to_lowercase();
            let data = app.data(&format!("{{ {list}s(filter: {{ status: [{silent}], asOf: \"2016-07-31\" }}) {{ nodes {{ id }} }} }}"), json!({}));
            let listed = data[format!("{list}s")]["nodes"].as_array().unwrap();
            assert!(listed.contains(&json!({ "id": w.id(name) })), "{data}");
        }
    }

    fn clauses_are_contested_if_their_parties_disagree(app: SharedSample) {
        let selection = r#"isContested(asOf: "2021-12-02") viewpoints(asOf: "2021-12-02") { status breachedBy { slug } heldBy { slug } }"#;
        let all = clauses(&app, "", selection);
        for (reference, clause) in &all {
            let said = clause["viewpoints"].as_array().unwrap().iter().filter(|view| !view["heldBy"].is_null());
            let statuses: BTreeSet<&str> = said.clone().map(|view| view["status"].as_str().unwrap()).collect();
            let breakers = said.map(|view| {
                let parties = view["breachedBy"].as_array().unwrap().iter();
                parties.map(|party| party["slug"].as_str().unwrap()).collect::<BTreeSet<_>>()
            });
            let breakers: BTreeSet<_> = breakers.filter(|breakers| !breakers.is_empty()).collect();
            assert_eq!(clause["isContested"], json!(statuses.len() > 1 || breakers.len() > 1), "{reference}");
        }
        // All parties say BREACHED, and each side names the other as the breaker.
        assert_eq!(all["Minsk II, 1"]["isContested"], json!(true));
        assert_eq!(all["Minsk II, 10.a"]["isContested"], json!(true), "the parties disagree about the obliged party");
        // The filter returns the same clauses. With `false`, it returns all others.
        let contested = |value: bool| clauses(&app, &format!(", filter: {{ contested: {value}, asOf: \"2021-12-02\" }}"), "id");
        let (yes, no) = (contested(true), contested(false));
        assert!(yes.len() > 5 && no.len() > 5, "{} and {}", yes.len(), no.len());
        assert_eq!(yes.len() + no.len(), all.len());
        for (reference, clause) in &all {
            assert_eq!(clause["isContested"], json!(yes.contains_key(reference)), "{reference}");
        }
    }

    fn status_filters_use_the_requested_view(app: SharedSample) {
        let ukraine = party_id(&app, "ukraine");
        for (view, arguments) in [
            (String::new(), String::new()),
            ("asOf: \"2015-02-20\"".to_owned(), "asOf: \"2015-02-20\"".to_owned()),
            (format!("asOf: \"2021-12-02\", heldBy: \"{ukraine}\""), format!("asOf: \"2021-12-02\", heldBy: \"{ukraine}\"")),
        ] {
            let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
            let all = clauses(&app, "", &format!("status{arguments} statusSince{arguments}"));
            let mut found = 0;
            for status in ["UNASSESSED", "NOT_APPLICABLE", "NOT_STARTED", "MINIMAL", "PARTIAL", "COMPLETE", "BREACHED", "SUSPENDED", "VOID", "OVERTAKEN", "LAPSED"] {
                let listed = clauses(&app, &format!(", filter: {{ status: [{status}] {view} }}"), "id");
                let expected: Vec<&String> = all.iter().filter(|(_, clause)| clause["status"] == json!(status)).map(|(reference, _)| reference).collect();
                assert_eq!(listed.keys().collect::<Vec<_>>(), expected, "{status} {view}");
                found += listed.len();
            }
            assert_eq!(found, all.len(), "every clause has a status");
            let since = clauses(&app, &format!(", filter: {{ statusSinceFrom: \"2015-02-15\", statusSinceTo: \"2019-12-31\" {view} }}"), "id");
            let in_range = |clause: &Value| clause["statusSince"].as_str().is_some_and(|day| ("2015-02-15"..="2019-12-31").contains(&day));
            let expected: Vec<&String> = all.iter().filter(|(_, clause)| in_range(clause)).map(|(reference, _)| reference).collect();
            assert_eq!(since.keys().collect::<Vec<_>>(), expected, "{view}");
        }
    }

    fn day_before_the_first_assessment_is_unassessed(app: SharedSample) {
        let query = r#"{ clause(agreement: "minsk-2", number: "1") {
            status(asOf: "0001-01-01") statusSince(asOf: "0001-01-01") assessment(asOf: "0001-01-01") { id }
            viewpoints(asOf: "0001-01-01") { id } isContested(asOf: "0001-01-01") known: status(knownAt: "0001-01-01T00:00:00Z") } }"#;
        let expected = json!({ "clause": {
            "status": "UNASSESSED", "statusSince": null, "assessment": null, "viewpoints": [], "isContested": false, "known": "UNASSESSED",
        } });
        assert_eq!(app.data(query, json!({})), expected);
    }

    fn holder_can_be_an_id_or_a_slug(app: SharedSample) {
        let query = "query($h: ID) { clause(agreement: \"minsk-2\", number: \"10.a\") { status(asOf: \"2021-12-02\", heldBy: $h) } }";
        let by = |holder: Value| app.data(query, json!({ "h": holder }));
        let ukraine = json!({ "clause": { "status": "BREACHED" } });
        assert_eq!(by(json!("ukraine")), ukraine);
        assert_eq!(by(json!(party_id(&app, "ukraine"))), ukraine);
        assert_eq!(by(json!("russia")), json!({ "clause": { "status": "NOT_APPLICABLE" } }));
    }

    fn holder_that_is_not_a_party_is_rejected(app: SharedSample) {
        let query = "query($h: ID) { clause(agreement: \"minsk-2\", number: \"1\") { status(heldBy: $h) } }";
        let clause = app.clause_id("minsk-2", "1");
        // A well-formed party id that no record has.
        let mut nobody = party_id(&app, "ukraine");
        nobody.replace_range(nobody.len() - 3.., "AAA");
        for (holder, words) in [
            ("nobody".to_owned(), "`heldBy: “nobody”` is neither the id nor the slug of a party"),
            (clause.clone(), "is an id of kind clause, not party"),
            (nobody, "is neither the id nor the slug of a party"),
        ] {
            let (code, message) = app.error(query, json!({ "h": holder }));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.contains(words), "{message}");
        }
        let filtered = "query($h: ID) { clauses(filter: { heldBy: $h }) { totalCount } }";
        assert_eq!(app.error(filtered, json!({ "h": clause })).0, "BAD_USER_INPUT");
    }
}
