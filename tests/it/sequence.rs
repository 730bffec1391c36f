//! Sequences: ready steps, blocked steps, and deadlocks.

mod done;

use serde_json::{Value, json};

use crate::connections::texts;
use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
use crate::statements::cost;
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases, outline};

/// All fields of a sequence.
const WHOLE: &str = "readings { slug } stages { rank steps { reference } } ready { reference } \
    blocked { step { reference } waitingFor { reference } \
        preconditions { kind heldBy { slug } requires { reference } } } \
    deadlocks { steps { reference } readings { slug } \
        preconditions { kind heldBy { slug } step { reference } requires { reference } } } \
    ended { reference } keystones { reference }";

/// The last day of Minsk II.
const LAST_DAY: &str = "2022-02-23";

/// The day before the diplomacy of winter 2021–22.
const WINTER: &str = "2021-12-02";

/// The sequence of Minsk II with these arguments.
fn minsk(app: &TestApp, arguments: Value) -> Value {
    let query = format!(
        "query($readings: [ID!], $asOf: Date, $knownAt: DateTime, $assumeDone: [ID!]) {{ agreement(slug: \"minsk-2\") {{ \
         sequence(readings: $readings, asOf: $asOf, knownAt: $knownAt, assumeDone: $assumeDone) {{ {WHOLE} }} }} }}"
    );
    app.data(&query, arguments)["agreement"]["sequence"].take()
}

/// The sequence of all records of the test world with these arguments.
fn whole(w: &World, arguments: &str) -> Value {
    let query = format!(
        "{{ sequence(agreements: [\"treaty\", \"annex\"], proposals: [\"offer\", \"answer\"] {arguments}) {{ {WHOLE} }} }}"
    );
    w.app.data(&query, json!({}))["sequence"].take()
}

fn references(steps: &Value) -> Vec<&str> {
    texts(steps, "/reference")
}

fn cycles(sequence: &Value) -> Vec<Vec<&str>> {
    let deadlocks = sequence["deadlocks"].as_array().unwrap();
    deadlocks.iter().map(|deadlock| references(&deadlock["steps"])).collect()
}

/// The blocked steps with the steps that they wait for: `step: required, required`.
fn blocked(sequence: &Value) -> Vec<String> {
    let line = |blocked: &Value| {
        let step = blocked["step"]["reference"].as_str().unwrap();
        format!("{step}: {}", references(&blocked["waitingFor"]).join(", "))
    };
    sequence["blocked"].as_array().unwrap().iter().map(line).collect()
}

fn stages(sequence: &Value) -> Vec<Vec<&str>> {
    let stages = sequence["stages"].as_array().unwrap();
    stages.iter().map(|stage| references(&stage["steps"])).collect()
}

/// Creates a precondition in the test world.
fn require(w: &mut World, name: &str, step: &str, requires: &str, held_by: Option<&str>) {
    let mut input = json!({ "kind": "BEFORE_START", "stepId": step, "requiresId": requires });
    if let Some(party) = held_by {
        input["heldById"] = json!(party);
    }
    let input = w.resolve(&input);
    w.create(name, "Precondition", input);
}

on_both_databases! {
    fn minsk_deadlock_needs_two_readings(app: SharedSample) {
        for day in [json!(LAST_DAY), json!(WINTER)] {
            let ask = |slugs: &[&str]| minsk(&app, json!({ "asOf": day, "readings": slugs }));
            assert!(cycles(&ask(&[])).is_empty(), "no reading");
            let everyone = minsk(&app, json!({ "asOf": day }));
            let holders = texts(&everyone["readings"], "/slug");
            assert_eq!(holders, ["cadlr", "france", "germany", "russia", "ukraine"]);
            for holder in holders {
                assert!(cycles(&ask(&[holder])).is_empty(), "{holder} alone");
            }
            assert_eq!(cycles(&ask(&["ukraine", "russia"])), [["Minsk II, 9", "Minsk II, 12"]]);
            assert_eq!(cycles(&ask(&["russia", "cadlr"])), Vec::<Vec<&str>>::new());
        }
    }

    fn deadlock_ends_with_the_agreement(app: SharedSample) {
        for day in [Value::Null, json!("2022-02-24")] {
            let sequence = minsk(&app, json!({ "asOf": day }));
            assert!(cycles(&sequence).is_empty() && blocked(&sequence).is_empty(), "{day}");
            let ended = references(&sequence["ended"]);
            assert!(ended.contains(&"Minsk II, 9") && ended.contains(&"Minsk II, 12"), "{day}");
            let ready = references(&sequence["ready"]);
            assert!(!ready.iter().any(|step| step.starts_with("Minsk II, ")), "{day}: {ready:?}");
            assert!(stages(&sequence).len() == 1, "steps of an ended agreement wait for nothing");
        }
        assert_eq!(minsk(&app, json!({ "asOf": LAST_DAY }))["ended"], json!([]));
        // A step of an ended agreement can still be assumed to be done.
        let assumed = minsk(&app, json!({ "assumeDone": ["minsk-2/9"] }));
        assert!(!references(&assumed["ended"]).contains(&"Minsk II, 9"));
    }

    fn minsk_deadlock_names_the_holders_of_its_preconditions(app: SharedSample) {
        let readings = ["ukraine", "russia"];
        let sequence = minsk(&app, json!({ "asOf": WINTER, "readings": readings }));
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("minsk_deadlock", outline(&sequence["deadlocks"]));
        });
    }

    fn talks_require_the_ceasefire_in_the_columnists_reading(app: SharedSample) {
        let arguments = format!("proposals: [\"minsk-track-2021\"], readings: [\"fred-kaplan\"], asOf: \"{WINTER}\"");
        let query = format!("{{ sequence({arguments}) {{ blocked {{ step {{ reference }} waitingFor {{ reference }} }} }} }}");
        let data = app.data(&query, json!({}));
        let blocked = &data["sequence"]["blocked"];
        let column = "Blinken's offer to support a way out through the Minsk agreements";
        assert_eq!(texts(blocked, "/step/reference"), [format!("{column}, PR-4")]);
        let waits_for = texts(&blocked[0]["waitingFor"], "/reference");
        assert_eq!(waits_for, [format!("{column}, E-1"), format!("{column}, E-2")]);
    }

    fn assumed_ceasefire_makes_further_steps_ready(app: SharedSample) {
        let ask = |names: &[&str]| minsk(&app, json!({ "asOf": WINTER, "readings": [], "assumeDone": names }));
        let (as_it_is, held, withdrawn) = (ask(&[]), ask(&["minsk-2/1"]), ask(&["minsk-2/1", "minsk-2/2"]));
        let newly = |before: &Value, after: &Value| -> Vec<String> {
            let (before, after) = (references(&before["ready"]), references(&after["ready"]));
            after.iter().filter(|step| !before.contains(step)).map(|step| (*step).to_owned()).collect()
        };
        // The withdrawal also requires clause 2 of the Memorandum, which fixes the line of reference.
        assert_eq!(newly(&as_it_is, &held), Vec::<String>::new());
        assert_eq!(newly(&as_it_is, &ask(&["minsk-2/1", "minsk-memorandum/2"])), ["Minsk II, 2"]);
        assert_eq!(newly(&held, &withdrawn), ["Minsk II, 3", "Minsk II, 4.a", "Minsk II, 6"]);
    }

    fn sequence_can_contain_agreements_and_proposals(app: SharedSample) {
        let query = format!("{{ sequence(agreements: [\"steinmeier-formula\"], proposals: [\"us-reply-2022\"], asOf: \"{WINTER}\") {{ {WHOLE} }} }}");
        let sequence = app.data(&query, json!({}))["sequence"].take();
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("sequence_of_agreement_and_proposal", outline(&sequence));
        });
    }

    fn clauses_caveats_and_proposals_wait_for_each_other(app: Empty) {
        let mut w = World::new(&app);
        // The test world already contains a precondition: in the South's reading, 1.a requires A-1.
        require(&mut w, "a", "@ask", "@answer", None);
        require(&mut w, "b", "@answer", "@one", Some("@north"));
        let sequence = whole(&w, "");
        assert_eq!(stages(&sequence), [
            vec!["Treaty, 1", "Offer", "Answer, G-1"], vec!["Answer"], vec!["Offer, A-1"], vec!["Treaty, 1.a"],
        ]);
        assert_eq!(references(&sequence["ready"]), ["Treaty, 1", "Offer", "Answer, G-1"]);
        assert_eq!(blocked(&sequence), ["Treaty, 1.a: Offer, A-1", "Offer, A-1: Answer", "Answer: Treaty, 1"]);
        assert_eq!(references(&sequence["keystones"]), ["Treaty, 1", "Answer", "Offer, A-1"]);
        assert_eq!(texts(&sequence["readings"], "/slug"), ["north", "south"]);

        // The sequence of one agreement includes only the steps that its clauses require in the selected readings.
        let treaty = |arguments: &str| {
            app.data(&format!("{{ agreement(slug: \"treaty\") {{ sequence{arguments} {{ {WHOLE} }} }} }}"), json!({}))["agreement"]["sequence"].take()
        };
        assert_eq!(stages(&treaty("")), [vec!["Treaty, 1"], vec!["Answer"], vec!["Offer, A-1"], vec!["Treaty, 1.a"]]);
        assert_eq!(stages(&treaty("(readings: [])")), [vec!["Treaty, 1", "Treaty, 1.a"]]);
        let south = format!("(readings: [\"{}\"])", w.id("south"));
        assert_eq!(stages(&treaty(&south)), [vec!["Treaty, 1", "Answer"], vec!["Offer, A-1"], vec!["Treaty, 1.a"]]);
    }

    fn cycle_in_the_text_is_recorded_and_reported(app: Empty) {
        let mut w = World::new(&app);
        require(&mut w, "a", "@one", "@two", None);
        require(&mut w, "b", "@two", "@offer", None);
        require(&mut w, "c", "@offer", "@one", None);
        require(&mut w, "d", "@answer", "@offer", None);
        let sequence = whole(&w, "readings: []");
        assert_eq!(cycles(&sequence), [["Treaty, 1", "Treaty, 1.a", "Offer"]]);
        assert_eq!(sequence["deadlocks"][0]["readings"], json!([]));
        // A step that requires a step of the cycle has no stage either.
        assert_eq!(stages(&sequence), [["Offer, A-1", "Answer, G-1"]]);
        assert_eq!(references(&sequence["keystones"]), ["Treaty, 1", "Treaty, 1.a", "Offer"]);
        // If any step of the cycle is assumed to be done, the cycle ends.
        let sequence = whole(&w, &format!("readings: [], assumeDone: [\"{}\"]", w.id("two")));
        assert_eq!((cycles(&sequence).len(), stages(&sequence).len()), (0, 4));
    }

    fn archived_records_are_excluded_from_the_sequence(app: Empty) {
        let mut w = World::new(&app);
        require(&mut w, "a", "@two", "@give", None);
        require(&mut w, "b", "@give", "@one", None);
        let waits = |arguments: &str| blocked(&whole(&w, arguments));
        let all = ["Treaty, 1.a: Offer, A-1, Answer, G-1", "Answer, G-1: Treaty, 1"];
        let within = ["Treaty, 1.a: Offer, A-1"];
        assert_eq!(waits(""), all);
        // Archives a precondition, a caveat and the caveat's proposal in turn.
        for name in ["a", "give", "answer"] {
            w.change("archive", name, &json!({}));
            let left = app.data(&format!("{{ sequence(agreements: [\"treaty\"], proposals: [\"offer\"]) {{ {WHOLE} }} clauses(filter: {{ blocked: true }}) {{ nodes {{ reference }} }} }}"), json!({}));
            assert_eq!(blocked(&left["sequence"]), within, "{name}");
            assert_eq!(references(&left["clauses"]["nodes"]), ["Treaty, 1.a"], "{name}");
            assert!(!references(&left["sequence"]["keystones"]).contains(&"Answer, G-1"), "{name}");
            w.change("archive", name, &json!({ "archived": false }));
        }
        w.change("archive", "two", &json!({}));
        assert_eq!(waits(""), ["Answer, G-1: Treaty, 1"]);
        w.change("archive", "two", &json!({ "archived": false }));
        w.change("archive", "treaty", &json!({}));
        let sequence = w.read("treaty", &format!("sequence {{ {WHOLE} }}"))["sequence"].take();
        assert_eq!(sequence, json!({ "readings": [], "stages": [], "ready": [], "blocked": [], "deadlocks": [], "ended": [], "keystones": [] }));
    }

    fn blocked_filter_matches_the_blocked_steps_of_the_sequence(app: SharedSample) {
        let agreements = app.data("{ agreements { nodes { slug } } }", json!({}));
        let slugs = texts(&agreements["agreements"]["nodes"], "/slug");
        let all = app.data("{ clauses(first: 200) { nodes { reference } } }", json!({}));
        let all = references(&all["clauses"]["nodes"]);
        let mut before = Vec::new();
        for day in [Value::Null, json!(WINTER), json!("2015-03-01")] {
            let query = "query($slugs: [String!], $asOf: Date) { sequence(agreements: $slugs, asOf: $asOf) { blocked { step { __typename reference } } } \
                         blocked: clauses(first: 200, filter: { blocked: true, asOf: $asOf }) { nodes { reference } } \
                         others: clauses(first: 200, filter: { blocked: false, asOf: $asOf }) { nodes { reference } } }";
            let data = app.data(query, json!({ "slugs": slugs, "asOf": day }));
            let steps = data["sequence"]["blocked"].as_array().unwrap();
            let mut expected: Vec<&str> = steps
                .iter()
                .filter(|blocked| blocked["step"]["__typename"] == "Clause")
                .map(|blocked| blocked["step"]["reference"].as_str().unwrap())
                .collect();
            let mut found = references(&data["blocked"]["nodes"]);
            let mut others: Vec<&str> = all.iter().filter(|clause| !found.contains(clause)).copied().collect();
            let mut left = references(&data["others"]["nodes"]);
            for list in [&mut expected, &mut found, &mut others, &mut left] {
                list.sort_unstable();
            }
            // On the latest day, the agreements have ended, so no step waits.
            assert_eq!(found.is_empty(), day.is_null(), "{day}");
            assert!(found.len() < all.len());
            assert_eq!(found, expected, "{day}");
            assert_eq!(left, others, "{day}");
            before.push(found.iter().map(|clause| (*clause).to_owned()).collect::<Vec<_>>());
        }
        assert_ne!(before[1], before[2], "the result must depend on the day");
    }

    fn cost_is_independent_of_agreements_and_readings(app: Sample) {
        // One statement each for the agreements, the steps and their preconditions. Then one each for the clauses, the
        // preconditions and the parties in the response.
        let sequence = "readings { slug } ready { id } blocked { step { id } waitingFor { id } preconditions { kind } } \
                        deadlocks { steps { id } readings { slug } } keystones { id } stages { steps { id } }";
        let query = format!("query($size: Int) {{ agreements(first: $size) {{ nodes {{ sequence {{ {sequence} }} }} }} }}");
        let query_at = query.replace("sequence {", "sequence(asOf: \"2021-12-02\") {");
        for size in [3, 10, 200] {
            // On the latest day, the agreements have ended, so fewer kinds of records are read.
            assert!(cost(&app, &query, json!({ "size": size })) <= 1 + 2 + 3, "{size}");
            assert_eq!(cost(&app, &query_at, json!({ "size": size })), 1 + 2 + 3, "{size}");
        }
        // Sequences with different readings use the same graph. Each sequence that names parties costs one statement
        // for them.
        let rivals = "{ agreement(slug: \"minsk-2\") { text: sequence(asOf: \"2021-12-02\", readings: []) { ready { id } } \
                      one: sequence(asOf: \"2021-12-02\", readings: [\"ukraine\"]) { ready { id } } other: sequence(asOf: \"2021-12-02\", readings: [\"russia\", \"ukraine\"]) { ready { id } } } }";
        assert_eq!(cost(&app, rivals, json!({})), 1 + 2 + 2 + 1);
        // With several names, there are 2 statements for the named agreements and proposals, 3 for the named steps, 2
        // for all steps and their preconditions, and 1 for the parties.
        let several = "{ sequence(asOf: \"2021-12-02\", agreements: [\"minsk-2\", \"minsk-protocol\"], proposals: [\"us-reply-2022\"], \
                       assumeDone: [\"minsk-2/1\", \"minsk-2/2\", \"us-reply-2022\"]) { readings { slug } } }";
        assert_eq!(cost(&app, several, json!({})), 2 + 3 + 2 + 1);
        assert_eq!(cost(&app, "{ clauses(filter: { blocked: true, asOf: \"2021-12-02\" }) { nodes { id } } }", json!({})), 1);
    }

    fn invalid_sequence_arguments_are_rejected(app: Empty) {
        let w = World::new(&app);
        let refused = |arguments: &str, part: &str| {
            let (code, message) = app.error(&format!("{{ sequence({arguments}) {{ readings {{ id }} }} }}"), json!({}));
            assert_eq!(code, "BAD_USER_INPUT", "{arguments}");
            assert!(message.contains(part), "{message}");
        };
        let nothing = "name at least one agreement in `agreements`, or one proposal in `proposals`";
        for arguments in ["readings: []", "agreements: [], proposals: []", "agreements: null"] {
            refused(arguments, nothing);
        }
        refused("agreements: [\"treaty\", \"pact\"]", "there is no agreement with the slug “pact”");
        refused("proposals: [\"treaty\"]", "there is no proposal with the slug “treaty”");
        let (one, north, order, answer) = (w.id("one"), w.id("north"), w.id("order"), w.id("answer"));
        for name in ["", "AAAA", "East", "treaty"] {
            let neither = format!("`readings: “{name}”` is neither the id nor the slug of a party");
            refused(&format!("agreements: \"treaty\", readings: [\"{north}\", \"{name}\"]"), &neither);
        }
        refused(&format!("agreements: \"treaty\", readings: \"{one}\""), "is an id of kind clause, not party");
        for name in ["", "AAAA", "treaty", "treaty/", "treaty/9", "pact/1", "/1", "offer/1", "treaty/1/2"] {
            let neither = format!("`assumeDone: “{name}”` is neither the id of a clause, caveat or proposal nor a name such as `minsk-2/9`");
            refused(&format!("agreements: \"treaty\", assumeDone: [\"{one}\", \"{name}\"]"), &neither);
        }
        for (id, kind) in [(north, "party"), (order, "precondition")] {
            let other = format!("`assumeDone: “{id}”` is an id of kind {kind}, not clause, caveat or proposal");
            refused(&format!("agreements: \"treaty\", assumeDone: \"{id}\""), &other);
        }
        for name in [answer, "answer", "answer/G-1"] {
            refused(&format!("agreements: \"treaty\", assumeDone: [\"treaty/1\", \"{name}\"]"), &format!("`assumeDone: “{name}”` is not a step of this sequence"));
        }
        // A step that only a party's reading contains can be assumed done even if no party's reading is requested.
        app.data("{ sequence(agreements: \"treaty\", readings: [], assumeDone: \"offer/A-1\") { ready { id } } }", json!({}));
        refused("agreements: \"treaty\", asOf: \"2016\"", "is not a day");
        // The field `sequence` of an agreement returns the same messages.
        let (code, message) = app.error(&format!("{{ agreement(slug: \"treaty\") {{ sequence(readings: \"{one}\") {{ ready {{ id }} }} }} }}"), json!({}));
        assert_eq!((code.as_str(), message.contains("not party")), ("BAD_USER_INPUT", true));
    }

    fn preconditions_are_only_of_clauses_caveats_and_proposals(app: Empty) {
        let w = World::new(&app);
        for (name, kind) in [("treaty", "agreement"), ("north", "party"), ("security", "topic"), ("talks", "event"), ("gazette", "source"), ("order", "precondition")] {
            let valid = json!({ "kind": "BEFORE_START", "stepId": "@one", "requiresId": "@answer" });
            for field in ["stepId", "requiresId"] {
                let mut input = valid.clone();
                input[field] = json!(format!("@{name}"));
                let faults = w.reject("createPrecondition", &input);
                let [(code, path, message)] = faults.as_slice() else { panic!("{faults:?}") };
                assert_eq!((code.as_str(), path.as_str()), ("INVALID", field));
                assert!(message.contains(&format!("is an id of kind {kind}, not clause or caveat or proposal")), "{message}");
            }
        }
    }

    fn needs_of_a_dossier_precondition_are_imported_and_compared(app: Empty) {
        let with_need = |need: &str| format!("{BASE}\n[[precondition]]\nkind = \"BEFORE_START\"\nstep = \"truce/2\"\nrequires = \"truce/1\"\n{need}");
        let need = || {
            let query = "{ clause(agreement: \"truce\", number: \"2\") { preconditions { needs } } }";
            app.data(query, json!({}))["clause"]["preconditions"].take()
        };
        for (line, expected) in [("", "DONE"), ("needs = \"BEGUN\"", "BEGUN"), ("needs = \"DONE\"", "DONE")] {
            import_text(&app, &with_need(line));
            assert_eq!(need(), json!([{ "needs": expected }]), "{line}");
        }
        assert_eq!(faults_of(&app, &[file("test.toml", &with_need("needs = \"STARTED\""))]), ["test.toml:64: needs: “STARTED” must be DONE or BEGUN"]);
    }
}
