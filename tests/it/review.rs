//! Review: assessments that one editor submits and another publishes.

mod batches;
mod ending;
mod private;

use std::fs;

use clausewatch::domain::viewer::Role;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dumps::{dump, engine_of, load, other};
use crate::support::world::{World, with};
use crate::support::{Database, TestApp, clausewatch, client, on_both_databases, text};

const SUBMISSION: &str = "id state status effectiveOn effectiveDate note submittedBy endedBy endReason momentum confidence \
    subject { id version } heldBy { slug } breachedBy { slug } event { slug } corrects { id } correctionReason assessment { id } \
    evidence { source { slug } newSource { title kind url publishedOn externalIds { scheme value } } locator quotation accessedOn } \
    comments { text writtenBy } change { statusBefore statusAfter isLatest effect before { note } }";

/// An account with a client that sends its token.
struct Editor<'a> {
    app: &'a TestApp,
    client: Client,
}

impl<'a> Editor<'a> {
    fn new(app: &'a TestApp, name: &str, role: Role) -> Self {
        Self { app, client: client(Some(&app.token(name, role))) }
    }

    fn query(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.app.send_by(&self.client, query, variables);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// The whole response to a mutation. The payload has the alias `payload`.
    fn respond(&self, name: &str, input: &Value, selection: &str) -> Value {
        let ty = match name {
            "submitClauseStatus" | "submitCaveatStatus" | "submitProposalStatus" => {
                name.replace("submit", "Update")
            }
            "submitAssessments" => "RecordAssessments".to_owned(),
            name => format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        };
        let query = format!(
            "mutation($input: {ty}Input!) {{ payload: {name}(input: $input) {{ userErrors {{ code message path }} {selection} }} }}"
        );
        self.app.send_by(&self.client, &query, json!({ "input": input }))
    }

    fn mutate(&self, name: &str, input: &Value, selection: &str) -> Value {
        let mut answer = self.respond(name, input, selection);
        assert!(answer.get("errors").is_none(), "{name} {input}\n{answer:#}");
        answer["data"]["payload"].take()
    }

    fn apply(&self, name: &str, input: &Value, selection: &str) -> Value {
        let payload = self.mutate(name, input, selection);
        assert_eq!(payload["userErrors"], json!([]), "{name} {input}");
        payload
    }

    /// The code, path and message of the only error of a mutation, which must write nothing.
    fn rejection(&self, name: &str, input: &Value) -> (String, String, String) {
        let before = self.app.log_position();
        let payload = self.mutate(name, input, "");
        assert_eq!(self.app.log_position(), before);
        let [error] = payload["userErrors"].as_array().unwrap().as_slice() else {
            panic!("{name} {input}: {payload:#}")
        };
        let steps = error["path"].as_array().unwrap().iter().map(|step| step.as_str().unwrap());
        let path = steps.collect::<Vec<_>>().join(".");
        let part = |key: &str| error[key].as_str().unwrap().to_owned();
        (part("code"), path, part("message"))
    }

    /// Submits a status of a clause and returns the id of the submission.
    fn submit(&self, w: &World<'_>, name: &str, patch: &Value) -> String {
        let payload =
            self.apply("submitClauseStatus", &status(w, name, patch), "submission { id }");
        payload["submission"]["id"].as_str().unwrap().to_owned()
    }

    fn read(&self, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ submission(id: $id) {{ {SUBMISSION} }} }}");
        self.query(&query, json!({ "id": id }))["submission"].take()
    }

    fn publish(&self, id: &str) -> Value {
        self.apply(
            "publishSubmission",
            &json!({ "submissionId": id }),
            "assessment { id } submission { id state }",
        )
    }

    /// The notes of the submissions in a list.
    fn notes(&self, arguments: &str) -> Vec<String> {
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let query = format!("{{ submissions{arguments} {{ nodes {{ note }} }} }}");
        let data = self.query(&query, json!({}));
        let nodes = data["submissions"]["nodes"].as_array().unwrap().iter();
        nodes.map(|node| node["note"].as_str().unwrap().to_owned()).collect()
    }
}

/// The input that records or submits a status of a clause.
fn status(w: &World<'_>, name: &str, patch: &Value) -> Value {
    let input = json!({ "clauseId": w.id(name), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Half." });
    with(input, &w.resolve(patch))
}

fn start_with_review(app: &TestApp) -> TestApp {
    app.another_with(|config| config.review = true)
}

fn code(answer: &Value) -> (&str, &str) {
    let error = &answer["errors"][0];
    let text =
        |value: &'_ Value| -> &'static str { value.as_str().unwrap_or_default().to_owned().leak() };
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

on_both_databases! {
    fn another_editor_publishes_a_submission(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Admin));
        let start = app.log_position();
        let before = w.read("two", "version status statusSince checkedOn assessments { totalCount }");
        let id = ann.submit(&w, "two", &json!({
            "status": "BREACHED", "effectiveOn": null, "effectiveDate": "2016-03", "heldBy": "@south", "breachedBy": ["@north"],
            "momentum": "REGRESSING", "confidence": "HIGH", "eventId": "@talks",
            "evidence": [
                { "citation": { "sourceId": "@gazette", "locator": "p. 9" } },
                { "source": {
                    "title": "Unheard report", "kind": "PRESS", "url": "https://example.org/unheard", "publishedOn": "2016-03-02",
                    "externalIds": [{ "scheme": "DOI", "value": "10.1000/1" }], "quotation": "They came back."
                } },
            ],
        }));
        assert_eq!(app.log_position(), start, "the log must not contain submissions");
        assert_eq!(w.read("two", "version status statusSince checkedOn assessments { totalCount }"), before);
        for (editor, words) in [(&ben, "Which posts?"), (&ann, "All of them.")] {
            editor.apply("commentOnSubmission", &json!({ "submissionId": id, "text": words }), "submission { id }");
        }
        assert_eq!(ben.read(&id), json!({
            "id": id, "state": "OPEN", "status": "BREACHED", "effectiveOn": "2016-03-31", "effectiveDate": "2016-03", "note": "Half.",
            "submittedBy": "Ann", "endedBy": null, "endReason": null, "momentum": "REGRESSING", "confidence": "HIGH",
            "subject": { "id": w.id("two"), "version": before["version"] }, "heldBy": { "slug": "south" },
            "breachedBy": [{ "slug": "north" }], "event": { "slug": "talks" }, "corrects": null, "correctionReason": null, "assessment": null,
            "evidence": [
                { "source": { "slug": "gazette" }, "newSource": null, "locator": "p. 9", "quotation": null, "accessedOn": null },
                { "source": null, "newSource": {
                    "title": "Unheard report", "kind": "PRESS", "url": "https://example.org/unheard", "publishedOn": "2016-03-02",
                    "externalIds": [{ "scheme": "DOI", "value": "10.1000/1" }],
                }, "locator": null, "quotation": "They came back.", "accessedOn": null },
            ],
            "comments": [{ "text": "Which posts?", "writtenBy": "Ben" }, { "text": "All of them.", "writtenBy": "Ann" }],
            "change": { "statusBefore": "UNASSESSED", "statusAfter": "BREACHED", "isLatest": true, "effect": "NEW", "before": null },
        }));
        assert_eq!(app.log_position(), start);
        let payload = ben.apply(
            "publishSubmission",
            &json!({ "submissionId": id, "expectedVersion": before["version"] }),
            "subject { __typename id version } submission { state endedBy assessment { id } change { effect } } assessment { __typename id recordedBy submittedBy }",
        );
        assert_eq!(payload["subject"]["id"], w.id("two"));
        let assessment = &payload["assessment"];
        assert_eq!(assessment["recordedBy"], "Ben");
        assert_eq!(assessment["submittedBy"], "Ann");
        assert_eq!(payload["submission"], json!({ "state": "PUBLISHED", "endedBy": "Ben", "assessment": { "id": assessment["id"] }, "change": null }));
        let query = "query($id: ID!) { node(id: $id) { ... on ClauseAssessment { status effectiveDate recordedBy submittedBy heldBy { slug } \
                     breachedBy { slug } momentum confidence event { slug } citations { source { title publishedOn externalIds { value } } locator quotation } } } }";
        assert_eq!(app.data(query, json!({ "id": assessment["id"] }))["node"], json!({
            "status": "BREACHED", "effectiveDate": "2016-03", "recordedBy": "Ben", "submittedBy": "Ann", "heldBy": { "slug": "south" },
            "breachedBy": [{ "slug": "north" }], "momentum": "REGRESSING", "confidence": "HIGH", "event": { "slug": "talks" },
            "citations": [
                { "source": { "title": "Official gazette", "publishedOn": "2015-02-13", "externalIds": [{ "value": "0306406152" }] }, "locator": "p. 9", "quotation": null },
                { "source": { "title": "Unheard report", "publishedOn": "2016-03-02", "externalIds": [{ "value": "10.1000/1" }] }, "locator": null, "quotation": "They came back." },
            ],
        }));
        let log = w.log_since(start);
        let assessed = log.iter().map(Value::to_string).find(|entry| entry.contains("ASSESSED")).unwrap();
        assert!(assessed.contains("Ben ASSESSED Clause @two"), "{assessed}");
        assert!(assessed.contains("TEXT submittedBy Ann"), "{assessed}");
        let folder = TempDir::new().unwrap();
        let report = clausewatch(&["check", "--database-url", &app.database_url], folder.path());
        assert!(report.status.success(), "{report:?}");
    }

    fn caveats_proposals_and_corrections_are_submitted_like_clauses(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Editor));
        for (mutation, field, name, value) in
            [("submitCaveatStatus", "caveatId", "ask", "ACCEPTED"), ("submitProposalStatus", "proposalId", "offer", "TABLED")]
        {
            let input = json!({ field: w.id(name), "status": value, "effectiveOn": "2016-05-02", "note": "So." });
            let id = ann.apply(mutation, &input, "submission { id }")["submission"]["id"].take();
            assert_ne!(w.read(name, "status")["status"], value);
            ben.publish(id.as_str().unwrap());
            assert_eq!(w.read(name, "status")["status"], value);
        }
        let first = ben.publish(&ann.submit(&w, "one", &json!({ "note": "First." })))["assessment"]["id"].take();
        let correction = json!({ "assessmentId": first, "reason": "The wrong day." });
        let patch = json!({ "effectiveOn": "2016-02-02", "note": "Second.", "correction": correction });
        let (one, two) = (ann.submit(&w, "one", &patch), ann.submit(&w, "one", &patch));
        assert_eq!(ben.read(&one)["corrects"]["id"], first);
        assert_eq!(w.read("one", "assessments { totalCount }")["assessments"]["totalCount"], 1);
        ben.publish(&one);
        let clause = w.read("one", "statusSince assessments(includeRetracted: true) { nodes { note recordedBy submittedBy retractedBy retractionReason } }");
        assert_eq!(clause, json!({ "statusSince": "2016-02-02", "assessments": { "nodes": [
            { "note": "Second.", "recordedBy": "Ben", "submittedBy": "Ann", "retractedBy": null, "retractionReason": null },
            { "note": "First.", "recordedBy": "Ben", "submittedBy": "Ann", "retractedBy": "Ben", "retractionReason": "The wrong day." },
        ] } }));
        let (code, path, message) = ben.rejection("publishSubmission", &json!({ "submissionId": two }));
        assert_eq!((code.as_str(), path.as_str()), ("INVALID", "input.submissionId"));
        assert!(message.starts_with("cannot be published: correction.assessmentId: was already retracted"), "{message}");
        assert_eq!(ben.read(&two)["state"], "OPEN", "the submission can still be declined");
    }

    fn statuses_without_review_are_rejected_if_required(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let boss = Editor::new(&server, "Boss", Role::Admin);
        let viewer = |app: &TestApp| app.data("{ viewer { reviewRequired } }", json!({}))["viewer"]["reviewRequired"].take();
        assert_eq!((viewer(&server), viewer(&app)), (json!(true), json!(false)));
        let before = app.log_position();
        let item = json!({ "subject": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Half." });
        for (name, input, instead) in [
            ("updateClauseStatus", status(&w, "one", &json!({})), "submitClauseStatus"),
            ("updateCaveatStatus", json!({ "caveatId": w.id("ask"), "status": "OPEN", "effectiveOn": "2016-05-02", "note": "So." }), "submitCaveatStatus"),
            ("updateProposalStatus", json!({ "proposalId": w.id("offer"), "status": "TABLED", "effectiveOn": "2016-05-02", "note": "So." }), "submitProposalStatus"),
            ("recordAssessments", json!({ "items": [item] }), "submitAssessments"),
        ] {
            let answer = boss.respond(name, &input, "");
            let (code, message) = code(&answer);
            assert_eq!(code, "REVIEW_REQUIRED", "{answer}");
            assert!(message.contains(&format!("`{name}` is rejected: call `{instead}`")), "{message}");
        }
        assert_eq!(app.log_position(), before);
        let dry = boss.apply("recordAssessments", &json!({ "items": [item], "dryRun": true }), "items { statusAfter }");
        assert_eq!(dry["items"], json!([{ "statusAfter": "PARTIAL" }]), "a dry run writes nothing, so it needs no review");
        // On the server without `--review`, statuses are recorded as usual.
        w.apply("updateClauseStatus", &status(&w, "one", &json!({})), "clause { status }");
        assert_eq!(w.read("one", "assessments { nodes { submittedBy } }")["assessments"]["nodes"], json!([{ "submittedBy": null }]));
    }

    fn queue_is_filtered_counted_and_paged_oldest_first(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Editor));
        let ids: Vec<String> = (1..=5).map(|number| {
            let (editor, clause) = if number % 2 == 0 { (&ben, "two") } else { (&ann, "one") };
            editor.submit(&w, clause, &json!({ "note": format!("{number}") }))
        }).collect();
        ben.publish(&ids[0]);
        assert_eq!(ann.notes(""), ["1", "2", "3", "4", "5"]);
        assert_eq!(ann.notes("filter: { state: [OPEN] }"), ["2", "3", "4", "5"]);
        assert_eq!(ann.notes("filter: { state: [OPEN], notSubmittedBy: \"Ann\" }"), ["2", "4"]);
        assert_eq!(ann.notes("filter: { submittedBy: \"Ann\" }"), ["1", "3", "5"]);
        assert_eq!(ann.notes("filter: { subject: [\"treaty/1.a\"] }"), ["2", "4"]);
        assert_eq!(ann.notes("filter: { state: [DECLINED, WITHDRAWN] }"), [""; 0]);
        let mut after = Value::Null;
        let mut notes = Vec::new();
        loop {
            let query = "query($after: String) { submissions(first: 2, after: $after, filter: { state: [OPEN] }) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { note } } } }";
            let mut page = ann.query(query, json!({ "after": after }))["submissions"].take();
            assert_eq!(page["totalCount"], 4);
            notes.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["note"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].take();
            // Publishing a submission between two pages does not shift the next page.
            if notes.len() == 2 { ben.publish(&ids[2]); break; }
        }
        let rest = ann.query("query($after: String) { submissions(after: $after, filter: { state: [OPEN] }) { nodes { note } } }", json!({ "after": after }));
        assert_eq!(rest["submissions"]["nodes"], json!([{ "note": "4" }, { "note": "5" }]));
        let answer = server.send_by(&ann.client, "{ submissions(after: \"x\") { totalCount } }", json!({}));
        assert_eq!(code(&answer).0, "BAD_USER_INPUT");
        let answer = server.send_by(&ann.client, &format!("{{ submission(id: \"{}\") {{ id }} }}", w.id("one")), json!({}));
        assert_eq!(code(&answer).0, "BAD_USER_INPUT");
    }

    fn open_submissions_remain_when_the_setting_is_turned_off(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let ann = Editor::new(&server, "Ann", Role::Editor);
        let (first, second) = (ann.submit(&w, "one", &json!({})), ann.submit(&w, "two", &json!({})));
        let ben = Editor::new(&app, "Ben", Role::Editor);
        assert_eq!(ben.notes("filter: { state: [OPEN] }").len(), 2);
        ben.publish(&first);
        ben.apply("declineSubmission", &json!({ "submissionId": second, "reason": "Already recorded." }), "submission { id }");
        assert_eq!(w.read("one", "status")["status"], "PARTIAL");
    }

    fn submissions_are_in_dumps_and_can_be_published_after_a_restore(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Editor));
        let evidence = json!([{ "source": { "title": "A “new” source", "kind": "PRESS", "locator": "§ 1" } }, { "sourceId": "@gazette" }]);
        let id = ann.submit(&w, "one", &json!({ "status": "BREACHED", "breachedBy": ["@south", "@north"], "evidence": evidence.clone() }));
        ben.apply("commentOnSubmission", &json!({ "submissionId": id, "text": "One.\nTwo." }), "submission { id }");
        let published = ann.submit(&w, "two", &json!({}));
        ben.publish(&published);
        let declined = ann.submit(&w, "two", &json!({}));
        ben.apply("declineSubmission", &json!({ "submissionId": declined, "reason": "No." }), "submission { id }");

        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        let original = dump(&app.database_url, directory, "original");
        let there = Database::fresh(other(engine_of(&app)));
        load(&there.url, directory, "original").unwrap();
        assert_eq!(dump(&there.url, directory, "there"), original);
        let check = clausewatch(&["check", "--database-url", &there.url], directory);
        assert!(check.status.success(), "{}", text(&check.stdout));
        assert!(fs::read_to_string(directory.join("there")).unwrap().contains("submission_comments"));

        let loaded = TestApp::serve(there, true);
        let cleo = Editor::new(&loaded, "Cleo", Role::Editor);
        for id in [&id, &published, &declined] {
            assert_eq!(cleo.read(id), ann.read(id));
        }
        cleo.publish(&id);
        let clause = loaded.data(
            "query($id: ID!) { node(id: $id) { ... on Clause { status assessments { nodes { recordedBy submittedBy breachedBy { slug } evidence { kind } } } } } }",
            json!({ "id": w.id("one") }),
        );
        assert_eq!(clause["node"], json!({ "status": "BREACHED", "assessments": { "nodes": [{
            "recordedBy": "Cleo", "submittedBy": "Ann", "breachedBy": [{ "slug": "south" }, { "slug": "north" }],
            "evidence": [{ "kind": "PRESS" }, { "kind": "OFFICIAL_TEXT" }],
        }] } }));
    }
}
