//! Deadlines. The server computes due dates from the rules of deadlines, and overdue clauses from the due dates.

mod overdue;
mod rules;

use chrono::{Days, NaiveDate};
use clausewatch::db::{Access, integrity};
use clausewatch::domain::day;
use clausewatch::dossier::{File, ImportError};
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

const DEADLINE: &str = "key rule phase dueOn heldBy { slug } basis { __typename ... on FixedDay { day } \
     ... on EndOfPeriod { period containing } ... on DaysAfterEvent { days event { slug } } \
     ... on DaysAfterCompletion { days clause { number agreement { slug } } } \
     ... on DaysAfterDeadline { days deadline { key clause { number agreement { slug } } } } }";

/// A short description of a deadline: its due date, phase and rule.
fn words(deadline: &Value) -> String {
    let text = |pointer: &str| deadline.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
    let days = deadline.pointer("/basis/days").map(Value::to_string).unwrap_or_default();
    let clause = |at: &str| {
        format!("{}/{}", text(&format!("{at}/agreement/slug")), text(&format!("{at}/number")))
    };
    let basis = match text("/basis/__typename") {
        "FixedDay" => text("/basis/day").to_owned(),
        "EndOfPeriod" => format!("end of {} {}", text("/basis/period"), text("/basis/containing")),
        "DaysAfterEvent" => format!("{days} after {}", text("/basis/event/slug")),
        "DaysAfterCompletion" => format!("{days} after {}", clause("/basis/clause")),
        "DaysAfterDeadline" => {
            let key = text("/basis/deadline/key");
            format!("{days} after {}#{key}", clause("/basis/deadline/clause"))
        }
        _ => "words".to_owned(),
    };
    let holder = text("/heldBy/slug");
    let by = if holder == "-" { String::new() } else { format!(" by {holder}") };
    format!("{} {}: {basis}{by}", text("/dueOn"), text("/phase"))
}

/// Short descriptions of a clause's deadlines.
fn deadlines(app: &TestApp, agreement: &str, number: &str) -> Vec<String> {
    let query = format!(
        "query($a: String!, $n: String!) {{ clause(agreement: $a, number: $n) {{ deadlines {{ {DEADLINE} }} }} }}"
    );
    let data = app.data(&query, json!({ "a": agreement, "n": number }));
    data["clause"]["deadlines"].as_array().expect("a list").iter().map(words).collect()
}

/// The due dates of a clause's deadlines.
fn days(app: &TestApp, agreement: &str, number: &str) -> Vec<String> {
    let of = |line: String| line.split(' ').next().map(str::to_owned);
    deadlines(app, agreement, number).into_iter().filter_map(of).collect()
}

/// Sends a mutation that must succeed, and returns its payload.
fn mutate(app: &TestApp, name: &str, input: &Value, selection: &str) -> Value {
    let (first, rest) = name.split_at(1);
    let query = format!(
        "mutation($input: {}{rest}Input!) {{ payload: {name}(input: $input) {{ userErrors {{ message path }} {selection} }} }}",
        first.to_uppercase()
    );
    let payload = app.data(&query, json!({ "input": input }))["payload"].take();
    assert_eq!(payload["userErrors"], json!([]), "{name} {input}");
    payload
}

/// The id of an event of the sample.
fn event_id(app: &TestApp, slug: &str) -> Value {
    let query = "query($after: String) { events(first: 200, after: $after) { nodes { id slug } pageInfo { hasNextPage endCursor } } }";
    let mut after = Value::Null;
    loop {
        let page = app.data(query, json!({ "after": after }))["events"].take();
        let found =
            page["nodes"].as_array().expect("a list").iter().find(|node| node["slug"] == slug);
        if let Some(event) = found {
            return event["id"].clone();
        }
        assert_eq!(page["pageInfo"]["hasNextPage"], true, "there is no event {slug}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Records a status of a clause of the sample, and returns the assessment's id.
fn assess(
    app: &TestApp,
    (agreement, number): (&str, &str),
    status: &str,
    on: &str,
    patch: &Value,
) -> Value {
    let input = json!({
        "clauseId": app.clause_id(agreement, number), "status": status, "effectiveOn": on, "note": "So it is."
    });
    mutate(app, "updateClauseStatus", &with(input, patch), "assessment { id }")["assessment"]["id"]
        .take()
}

fn retract(app: &TestApp, assessment: &Value) {
    let input = json!({ "assessmentId": assessment, "reason": "A mistake." });
    mutate(app, "retractAssessment", &input, "subject { id }");
}

/// Asserts that the stored due dates match the rules.
fn check(app: &TestApp) {
    let mut session = app.db().session(Access::Read).unwrap();
    let differences = session.read().and_then(integrity::check).unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

fn faults_of(app: &TestApp, files: &[File]) -> Vec<String> {
    let before = app.log_position();
    let error = import(app, files).expect_err("the import should fail");
    assert_eq!(app.log_position(), before);
    let ImportError::ValidationErrors(faults) = error else { panic!("{error}") };
    faults.iter().map(ToString::to_string).collect()
}

/// The numbers of the clauses of Minsk II that are overdue on a day. Checks that the field and the filter agree.
fn overdue(app: &TestApp, day: &str, holder: Option<&str>) -> Vec<String> {
    let query = "query($on: Date, $by: ID, $is: Boolean) { clauses(first: 200, filter: { agreement: [\"minsk-2\"], overdue: $is, \
                 asOf: $on, heldBy: $by }) { nodes { number isOverdue(asOf: $on, heldBy: $by) } } }";
    let numbers = |is: Value, wanted: bool| -> Vec<String> {
        let data = app.data(query, json!({ "on": day, "by": holder, "is": is }));
        let clauses = data["clauses"]["nodes"].as_array().expect("a list").iter();
        let found = clauses.filter(|clause| clause["isOverdue"] == wanted);
        found.map(|clause| clause["number"].as_str().expect("a number").to_owned()).collect()
    };
    let overdue = numbers(Value::Null, true);
    assert_eq!(numbers(json!(true), true), overdue, "{day} {holder:?}");
    assert!(numbers(json!(true), false).is_empty(), "{day} {holder:?}");
    assert!(numbers(json!(false), true).is_empty(), "{day} {holder:?}");
    overdue
}

on_both_databases! {
    fn due_dates_of_minsk_2_follow_from_its_rules_in_each_variant(app: Sample) {
        let of = |number: &str| deadlines(&app, "minsk-2", number);
        assert_eq!(of("1"), ["2015-02-15 START: 2015-02-15"]);
        // According to one translation, clause 2 starts on the second day of the ceasefire. According to another, it
        // starts on the second day after the ceasefire began. It finishes 14 days after its start. Some parties state
        // other due dates.
        assert_eq!(
            of("2"),
            [
                "2015-02-16 START: 1 after minsk-2/1#start",
                "2015-02-17 START: 2 after minsk-2/1#start",
                "2015-03-02 FINISH: 14 after minsk-2/2#start-of",
                "2015-03-03 FINISH: 14 after minsk-2/2#start-after",
                "2015-03-01 FINISH: 2015-03-01 by cadlr",
                "2015-03-07 FINISH: 2015-03-07 by dpr",
                "2015-03-07 FINISH: 2015-03-07 by ukraine",
            ]
        );
        assert_eq!(
            of("4.a"),
            [
                "2015-03-03 START: 1 after minsk-2/2#end-of",
                "2015-02-16 START: 0 after minsk-2/2#start-of",
                "2015-02-17 START: 0 after minsk-2/2#start-after",
            ]
        );
        assert_eq!(of("4.b"), ["2015-03-14 FINISH: 30 after minsk-2-signed-2015"]);
        assert_eq!(
            of("6"),
            ["2015-03-07 FINISH: 5 after minsk-2/2#end-of", "2015-03-08 FINISH: 5 after minsk-2/2#end-after"]
        );
        // The start is the day after elections that were never held, so it has no due date.
        assert_eq!(of("9"), ["- START: 1 after minsk-2/12", "2015-12-31 FINISH: end of YEAR 2015-12-31"]);
        for number in ["11", "11.a", "11.b"] {
            assert_eq!(of(number), ["2015-12-31 FINISH: end of YEAR 2015-12-31"], "{number}");
        }
        // A deadline is counted from the last day of an event that lasted two days.
        assert_eq!(
            deadlines(&app, "minsk-memorandum", "4"),
            ["2014-09-20 FINISH: 2014-09-20", "2014-09-21 FINISH: 1 after minsk-memorandum-signed-2014"]
        );
        check(&app);
    }

    fn due_dates_follow_a_moved_event(app: Sample) {
        let id = event_id(&app, "minsk-2-signed-2015");
        for (patch, expected) in [
            (json!({ "happenedOn": "2015-02-13" }), "2015-03-15"),
            (json!({ "endedOn": "2015-02-15" }), "2015-03-17"),
            (json!({ "endedOn": null, "happenedOn": "2015-02-12" }), "2015-03-14"),
        ] {
            mutate(&app, "updateEvent", &with(json!({ "eventId": id }), &patch), "event { id }");
            assert_eq!(days(&app, "minsk-2", "4.b"), [expected], "{patch}");
            check(&app);
        }
    }

    fn due_dates_follow_recorded_and_retracted_completions(app: Sample) {
        let start = || days(&app, "minsk-2", "9").remove(0);
        let provisional = || days(&app, "steinmeier-formula", "1").remove(0);
        assert_eq!((start(), provisional()), ("-".to_owned(), "-".to_owned()));
        let elections = ("minsk-2", "12");
        let later = assess(&app, elections, "COMPLETE", "2022-03-01", &json!({}));
        assert_eq!((start(), provisional()), ("2022-03-02".to_owned(), "2022-03-01".to_owned()));
        // The due date depends on the first completion. Later statuses do not change it.
        let earlier = assess(&app, elections, "COMPLETE", "2022-02-27", &json!({}));
        assess(&app, elections, "BREACHED", "2022-04-01", &json!({}));
        assert_eq!(start(), "2022-02-28");
        check(&app);
        // Of two assessments for the same day, the one that was recorded last is in force.
        let corrected = assess(&app, elections, "PARTIAL", "2022-02-27", &json!({}));
        assert_eq!(start(), "2022-03-02");
        retract(&app, &corrected);
        assert_eq!(start(), "2022-02-28");
        retract(&app, &earlier);
        assert_eq!(start(), "2022-03-02");
        retract(&app, &later);
        assert_eq!((start(), provisional()), ("-".to_owned(), "-".to_owned()));
        check(&app);
    }

    fn due_dates_follow_deadlines_of_other_clauses(app: Sample) {
        let move_start = |day: &str| {
            let clause = app.clause_id("minsk-2", "1");
            let start = json!({ "key": "start", "rule": "From midnight", "phase": "START", "dueOn": day });
            mutate(&app, "updateClause", &json!({ "clauseId": clause, "deadlines": [start] }), "clause { id }");
        };
        let version = "query { clause(agreement: \"minsk-2\", number: \"6\") { version } }";
        let before = app.data(version, json!({}));
        move_start("2015-03-15");
        assert_eq!(days(&app, "minsk-2", "2")[..4], ["2015-03-16", "2015-03-17", "2015-03-30", "2015-03-31"]);
        assert_eq!(days(&app, "minsk-2", "3"), ["2015-03-16", "2015-03-17"]);
        assert_eq!(days(&app, "minsk-2", "4.a"), ["2015-03-31", "2015-03-16", "2015-03-17"]);
        assert_eq!(days(&app, "minsk-2", "6"), ["2015-04-04", "2015-04-05"]);
        check(&app);
        // The server computes due dates, so a new due date does not change the version of the dependent clause.
        assert_eq!(app.data(version, json!({})), before);
        move_start("2015-02-15");
        assert_eq!(days(&app, "minsk-2", "6"), ["2015-03-07", "2015-03-08"]);
    }

    fn completion_comes_from_the_holders_record_if_there_is_one(app: Empty) {
        let mut w = World::new(&app);
        let after = json!({ "days": 10, "completedClauseId": "@one" });
        w.create("later", "Clause", json!({
            "agreementId": "@treaty", "number": "2", "heading": "Later", "summary": "Later.", "nature": "ONE_OFF", "topicId": "@security",
            "deadlines": [
                { "rule": "After the ceasefire", "heldById": "@north", "after": after },
                { "rule": "After the ceasefire", "heldById": "@south", "after": after },
                { "rule": "After the ceasefire", "after": after }
            ]
        }));
        let days = |w: &World<'_>| {
            let read = w.read("later", "deadlines { dueOn }");
            let days = read["deadlines"].as_array().unwrap().iter().map(|deadline| deadline["dueOn"].clone());
            days.collect::<Value>()
        };
        let assess = |status: &str, on: &str, holder: Value| {
            let input = json!({ "status": status, "effectiveOn": on, "note": "So it is.", "heldBy": holder });
            w.apply("updateClauseStatus", &w.about("one", &input), "assessment { id }")["assessment"].take()
        };
        assert_eq!(days(&w), json!([null, null, null]));
        assess("COMPLETE", "2016-01-01", Value::Null);
        assert_eq!(days(&w), json!(["2016-01-11", "2016-01-11", "2016-01-11"]));
        assess("COMPLETE", "2016-02-01", json!("@north"));
        let denial = assess("PARTIAL", "2016-01-01", json!("@south"));
        assert_eq!(days(&w), json!(["2016-02-11", null, "2016-01-11"]));
        w.apply("retractAssessment", &json!({ "assessmentId": denial["id"], "reason": "A mistake." }), "subject { id }");
        assert_eq!(days(&w), json!(["2016-02-11", "2016-01-11", "2016-01-11"]));
        check(&app);
    }

    fn deadline_with_a_key_keeps_its_id_if_its_rule_changes(app: Empty) {
        let w = World::new(&app);
        let ids = |deadlines: Value| -> Vec<Value> {
            let selection = "record: clause { deadlines { id } }";
            let payload = w.apply("updateClause", &w.about("two", &json!({ "deadlines": deadlines })), selection);
            payload["record"]["deadlines"].as_array().unwrap().iter().map(|deadline| deadline["id"].clone()).collect()
        };
        let first = ids(json!([{ "rule": "Soon", "key": "soon" }, { "rule": "Once" }, { "rule": "Late", "dueOn": "2016-01-01" }]));
        let second = ids(json!([{ "rule": "Once" }, { "rule": "Sooner", "key": "soon", "dueOn": "2015-03-01" }, { "rule": "Late", "dueOn": "2016-01-02" }]));
        assert_eq!((&second[0], &second[1]), (&first[1], &first[0]));
        assert!(!first.contains(&second[2]), "a changed deadline without a key gets a new id");
    }

    fn repeated_update_of_deadlines_changes_nothing(app: Empty) {
        let w = World::new(&app);
        let deadlines = json!([
            { "key": "a", "rule": "First", "endOf": { "period": "QUARTER", "containing": "2016-02-10" } },
            { "rule": "Then", "after": { "days": 1, "deadline": { "clauseId": "@two", "key": "a" } } },
            { "rule": "Then again", "after": { "days": 2, "deadline": { "key": "a" } } }
        ]);
        let read = w.change("update", "two", &json!({ "deadlines": deadlines }));
        let due = read["deadlines"].as_array().unwrap().iter().map(|deadline| deadline["dueOn"].clone());
        assert_eq!(due.collect::<Value>(), json!(["2016-03-31", "2016-04-01", "2016-04-02"]));
        let before = app.log_position();
        assert_eq!(w.change("update", "two", &json!({ "deadlines": deadlines })), read);
        assert_eq!(app.log_position(), before);
    }

    fn due_dates_cost_the_same_for_any_number_of_deadlines(app: Empty) {
        let mut w = World::new(&app);
        let mut cost = |hanging: usize| {
            for index in 0..hanging {
                let after = |anchor: Value| json!({ "rule": format!("{index}"), "after": with(anchor, &json!({ "days": index })) });
                let name = format!("{hanging}-{index}");
                w.create(&name, "Clause", json!({
                    "agreementId": "@treaty", "number": name, "heading": name, "summary": "s", "nature": "ONE_OFF", "topicId": "@security",
                    "deadlines": [
                        with(after(json!({ "completedClauseId": "@two" })), &json!({ "key": "k" })),
                        after(json!({ "eventId": "@talks" })),
                        after(json!({ "deadline": { "key": "k" } }))
                    ]
                }));
            }
            let input = |status: &str| w.about("two", &json!({ "status": status, "effectiveOn": "2016-01-01", "note": "So it is." }));
            let before = app.db().statements();
            w.apply("updateClauseStatus", &input("COMPLETE"), "userErrors { code }");
            let cost = app.db().statements() - before;
            w.apply("updateClauseStatus", &input("PARTIAL"), "userErrors { code }");
            cost
        };
        // The first run may open a connection and has no earlier assessment, so it is not counted.
        cost(0);
        let nothing = cost(0);
        // Three additional statements: the dependent deadlines, the day of completion, and the new due dates.
        assert_eq!(cost(1), nothing + 3);
        assert_eq!(cost(40), nothing + 3);
        check(&app);
    }

    fn check_reports_due_dates_changed_in_the_database(app: Sample) {
        check(&app);
        app.execute_sql("UPDATE deadlines SET due_on = '2015-03-09' WHERE due_on = '2015-03-08' AND anchor_key = 'end-after'");
        app.execute_sql("UPDATE deadlines SET due_on = NULL WHERE basis = 'event' AND days = 30");
        let mut session = app.db().session(Access::Read).unwrap();
        let differences = session.read().and_then(integrity::check).unwrap();
        assert_eq!(differences.len(), 2, "{differences:#?}");
        assert!(differences.iter().any(|line| line.contains("deadline 2 of clause") && line.contains("stored 2015-03-09, expected 2015-03-08")), "{differences:#?}");
        assert!(differences.iter().any(|line| line.contains("stored no day, expected 2015-03-14")), "{differences:#?}");
    }

    fn migration_turns_earlier_deadlines_into_fixed_days(app: Sample) {
        let folder = if app.database_url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        let script = |name: &str| {
            let path = format!("{}/migrations/{folder}/{name}.sql", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        };
        // Later migrations extend or read this table, so they are undone first.
        let party_lists = script("2026-12-01-600000_agreement_and_party_lists/up");
        let (_, party_timeline) = party_lists.split_once("CREATE VIEW party_timeline").expect("the migration creates the view");
        app.execute_sql("DROP VIEW party_timeline");
        for name in ["2026-11-29-020000_provenance/down", "2026-11-24-230100_timeline/down",
                     "2026-11-23-000003_deadline_rules/down", "2026-11-23-000003_deadline_rules/up",
                     "2026-11-24-230100_timeline/up", "2026-11-29-020000_provenance/up"] {
            app.execute_sql(&script(name));
        }
        app.execute_sql(&format!("CREATE VIEW party_timeline{party_timeline}"));
        assert_eq!(deadlines(&app, "minsk-2", "4.b"), ["2015-03-14 FINISH: 2015-03-14"]);
        assert_eq!(deadlines(&app, "minsk-2", "9"), ["- FINISH: words", "2015-12-31 FINISH: 2015-12-31"]);
        check(&app);
        // Importing the shipped dossiers restores the rules.
        import(&app, &clausewatch::dossier::embedded()).unwrap();
        assert_eq!(deadlines(&app, "minsk-2", "4.b"), ["2015-03-14 FINISH: 30 after minsk-2-signed-2015"]);
        check(&app);
    }
}
