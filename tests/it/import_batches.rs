//! Imports write many records together. Data and change log are the same as after importing each record separately.

use clausewatch::db::{Access, integrity};
use clausewatch::dossier::ImportError;
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::{TestApp, on_both_databases};

/// An agreement with two clauses that differ only in their numbers.
const PACT: &str = r#"
[[agreement]]
slug = "pact"
title = "Pact"
short_title = "Pact"
kind = "PROTOCOL"
adoption = "Signed."
agreed_on = 2020-01-01
summary = "A pact."

[[agreement.clause]]
number = "1"
heading = "Watch"
summary = "They watch."
nature = "CONTINUING"
topic = "security"

[[agreement.clause]]
number = "2"
heading = "Watch"
summary = "They watch."
nature = "CONTINUING"
topic = "security"
"#;

/// A dossier with an assessment of a clause of the pact, followed by the lines `more`.
fn assessment(clause: &str, day: &str, status: &str, more: &str) -> String {
    format!(
        "[[assessment]]\nof = \"pact/{clause}\"\neffective_on = {day}\nstatus = \"{status}\"\n\
         note = \"{status} from {day}.\"\n{more}\n"
    )
}

/// Assessments by several holders, not all in the order of their days.
fn assessments(clause: &str) -> Vec<String> {
    let (north, south) = ("held_by = \"north\"", "held_by = \"south\"\nevidence = [\"gazette\"]");
    vec![
        assessment(clause, "2020-03-01", "PARTIAL", ""),
        assessment(clause, "2020-05-01", "COMPLETE", "evidence = [\"gazette\"]"),
        assessment(clause, "2020-04-15", "BREACHED", north),
        assessment(clause, "2020-04-01", "MINIMAL", ""),
        assessment(clause, "2020-03-10", "COMPLETE", north),
        assessment(clause, "2020-06-01", "SUSPENDED", ""),
        assessment(clause, "2020-06-02", "PARTIAL", south),
        assessment(clause, "2020-05-15", "BREACHED", ""),
    ]
}

/// The log entries after a position, without the ids of assessments.
fn log_after(app: &TestApp, position: i64) -> Vec<Value> {
    let fields = "{ name kind value }";
    let query = format!(
        "query($after: String) {{ changes(first: 100, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ \
         position action subject {{ __typename ... on Clause {{ number }} ... on Caveat {{ number }} }} \
         before {fields} after {fields} }} }} }}"
    );
    let (mut after, mut entries) = (Value::Null, Vec::new());
    loop {
        let mut page = app.data(&query, json!({ "after": after }))["changes"].take();
        entries.extend(page["nodes"].as_array().expect("a list").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
    entries.retain(|entry| entry["position"].as_i64().expect("a number") > position);
    for entry in &mut entries {
        for side in ["before", "after"] {
            let values = entry[side].as_array_mut().expect("a list");
            values.retain(|value| value["name"] != "assessment");
        }
    }
    entries
}

/// The entries without their positions and subjects.
fn contents(entries: Vec<Value>) -> Vec<Value> {
    let content = |entry: Value| json!([entry["action"], entry["before"], entry["after"]]);
    entries.into_iter().map(content).collect()
}

/// A clause of the pact with all data that assessments change.
fn clause(app: &TestApp, number: &str) -> Value {
    let query = "query($number: String!) { clause(agreement: \"pact\", number: $number) { version status statusSince \
                 viewpoints { heldBy { slug } status note } \
                 assessments(includeRetracted: true) { nodes { note status effectiveOn retractionReason heldBy { slug } \
                 event { slug } evidence { slug } } } } }";
    app.data(query, json!({ "number": number }))["clause"].take()
}

fn check_integrity(app: &TestApp) {
    let mut session = app.db().session(Access::Read).unwrap();
    let differences = session.read().and_then(integrity::check).unwrap();
    assert_eq!(differences, Vec::<String>::new());
}

on_both_databases! {
    fn batched_assessments_are_logged_like_single_ones(app: Empty) {
        import_text(&app, BASE);
        import_text(&app, PACT);
        let start = app.log_position();
        let counts = import_text(&app, &assessments("1").concat()).assessments;
        assert_eq!(counts.recorded, 8);
        let together = log_after(&app, start);
        let start = app.log_position();
        for dossier in assessments("2") {
            import_text(&app, &dossier);
        }
        let single = log_after(&app, start);
        assert_eq!(together.len(), 8);
        assert_eq!(contents(together), contents(single));
        let state = clause(&app, "1");
        assert_eq!(state, clause(&app, "2"));
        assert_eq!(state["version"], 9, "each assessment is a version");
        assert_eq!(state["status"], "SUSPENDED");
        assert_eq!(state["statusSince"], "2020-06-01");
        check_integrity(&app);
    }

    fn correction_among_new_assessments_is_logged_in_order(app: Empty) {
        import_text(&app, BASE);
        import_text(&app, PACT);
        import_text(&app, &assessment("1", "2020-03-01", "PARTIAL", ""));
        let start = app.log_position();
        let counts = import_text(&app, &[
            assessment("1", "2020-02-01", "MINIMAL", ""),
            assessment("1", "2020-04-01", "BREACHED", ""),
            assessment("1", "2020-03-01", "COMPLETE", ""),
            assessment("1", "2020-05-01", "PARTIAL", ""),
        ].concat()).assessments;
        assert_eq!((counts.recorded, counts.retracted), (4, 1));
        let log = log_after(&app, start);
        let actions: Vec<&str> = log.iter().map(|entry| entry["action"].as_str().expect("a name")).collect();
        assert_eq!(actions, ["ASSESSED", "ASSESSED", "RETRACTED", "ASSESSED", "ASSESSED"]);
        let status_before = |entry: &Value| {
            let before = entry["before"].as_array().expect("a list").iter();
            before.filter(|value| value["name"] == "status").map(|value| value["value"].clone()).collect::<Vec<_>>()
        };
        let before: Vec<_> = log.iter().map(status_before).collect();
        assert_eq!(json!(before), json!([["PARTIAL"], ["PARTIAL"], [], ["BREACHED"], ["BREACHED"]]));
        let state = clause(&app, "1");
        assert_eq!((&state["status"], &state["version"]), (&json!("PARTIAL"), &json!(7)));
        check_integrity(&app);
    }

    fn clauses_of_several_batches_are_created_in_order(app: Empty) {
        import_text(&app, BASE);
        let start = app.log_position();
        let mut dossier = PACT.replace("[[agreement.clause]]\nnumber = \"2\"", "[[agreement.clause]]\nnumber = \"0\"");
        // A clause is created after its parent, even if its parent comes later in the dossier and in another batch.
        let parent = |number: i32| match number {
            400 => "parent = \"900\"\n",
            2..500 => "parent = \"1\"\n",
            700 => "parent = \"400\"\n",
            _ => "",
        };
        dossier.extend((2..=1_100).map(|number| {
            format!(
                "[[agreement.clause]]\nnumber = \"{number}\"\n{}heading = \"Watch {number}\"\nsummary = \"They watch.\"\n\
                 nature = \"ONE_OFF\"\ntopic = \"security\"\nobligations = [{{ party = \"north\", role = \"OBLIGED\" }}]\n",
                parent(number)
            )
        }));
        assert_eq!(import_text(&app, &dossier).clauses.created, 1_101);
        let log = log_after(&app, start);
        let created = log.iter().filter_map(|entry| entry["subject"]["number"].as_str()?.parse::<i32>().ok());
        let mut expected: Vec<i32> = [1, 0].into_iter().chain(2..=1_100).collect();
        expected.retain(|number| ![400, 700].contains(number));
        let place = expected.iter().position(|number| *number == 900).expect("clause 900 is created");
        expected.splice(place + 1..=place, [400, 700]);
        assert_eq!(created.collect::<Vec<_>>(), expected);
        check_integrity(&app);
        let again = import_text(&app, &dossier).clauses;
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 1_101));
    }

    fn references_to_an_invalid_record_cause_no_further_errors(app: Empty) {
        import_text(&app, BASE);
        let start = app.log_position();
        let proposal = |slug: &str, caveats: &str| format!(
            "[[proposal]]\nslug = \"{slug}\"\ntitle = \"{slug}\"\nsummary = \"A proposal.\"\nstanding = \"OFFICIAL\"\n\
             made_on = 2020-03-01\nproposed_by = [\"north\"]\naddressed_to = [\"south\"]\n{caveats}"
        );
        let caveat = |number: &str, more: &str| format!(
            "[[proposal.caveat]]\nnumber = \"{number}\"\nkind = \"DEMAND\"\nheading = \"Land\"\nsummary = \"Land.\"\n\
             topic = \"security\"\n{more}\n"
        );
        let dossier = [
            proposal("offer", &[caveat("1", ""), caveat("2", "answers = [\"offer/1\"]")].concat()),
            proposal("reply", &[caveat("1", "answers = [\"offer/2\"]"), caveat("2", "answers = [\"offer/1\"]")].concat()),
            "[[assessment]]\nof = \"reply/1\"\neffective_on = 2020-04-01\nstatus = \"REJECTED\"\nnote = \"No.\"\n".to_owned(),
        ].concat();
        let Err(ImportError::ValidationErrors(errors)) = import(&app, &[file("talks.toml", &dossier)]) else {
            panic!("the import should fail");
        };
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let line = dossier.lines().position(|line| line.starts_with("answers")).expect("a caveat has answers") + 1;
        let message = format!(
            "talks.toml:{line}: answers.0: is a caveat of the same proposal; a caveat can only answer caveats of other proposals"
        );
        assert_eq!(errors, [message]);
        assert_eq!(app.log_position(), start, "nothing is imported");
    }
}
