//! Citations: the evidence of assessments and the sources of events, with locator, quotation and access day.

use chrono::Days;
use clausewatch::domain::day;
use clausewatch::dossier::AssessmentCounts;
use serde_json::{Value, json};

use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

const CITATIONS: &str = "citations { source { slug title } locator quotation accessedOn }";

/// A citation of the test world's source `gazette`, with every field set.
fn whole() -> Value {
    json!({ "sourceId": "@gazette", "locator": "p. 3, point 2", "quotation": "“All arms”, it says:\nall.", "accessedOn": "2026-11-28" })
}

/// The output of the API for the input [`whole`].
fn whole_read() -> Value {
    let source = json!({ "slug": "gazette", "title": "Official gazette" });
    json!({ "source": source, "locator": "p. 3, point 2", "quotation": "“All arms”, it says:\nall.", "accessedOn": "2026-11-28" })
}

fn plain_read() -> Value {
    let source = json!({ "slug": "gazette", "title": "Official gazette" });
    json!({ "source": source, "locator": null, "quotation": null, "accessedOn": null })
}

/// Records a status with this evidence, and returns the assessment.
fn assess(w: &World<'_>, evidence: &Value) -> Value {
    let input = w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-06-15", "note": "So it is.", "evidence": evidence }));
    let selection = format!("assessment {{ id evidence {{ title }} {CITATIONS} }}");
    w.apply("updateClauseStatus", &input, &selection)["assessment"].take()
}

/// The base dossier with these sources for its event.
fn with_sources(sources: &str) -> String {
    BASE.replace("sources = [\"gazette\"]", sources)
}

/// The citations of the event and of its assessment.
fn cited(app: &TestApp) -> [Value; 2] {
    let fields = "citations { source { slug } locator quotation accessedOn }";
    let query = format!(
        "{{ events {{ nodes {{ {fields} }} }} clause(agreement: \"truce\", number: \"1\") {{ assessment {{ {fields} }} }} }}"
    );
    let mut data = app.data(&query, json!({}));
    [
        data["events"]["nodes"][0]["citations"].take(),
        data["clause"]["assessment"]["citations"].take(),
    ]
}

on_both_databases! {
    fn evidence_contains_citation_details_of_each_source(app: Empty) {
        let w = World::new(&app);
        let position = app.log_position();
        let new = json!({ "title": "Morning report", "kind": "MONITOR_REPORT", "locator": "p. 1" });
        let assessment = assess(&w, &json!([{ "citation": whole() }, { "source": new }]));
        assert_eq!(assessment["evidence"], json!([{ "title": "Official gazette" }, { "title": "Morning report" }]));
        let report = json!({ "source": { "slug": null, "title": "Morning report" }, "locator": "p. 1", "quotation": null, "accessedOn": null });
        assert_eq!(assessment["citations"], json!([whole_read(), report]));
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Assessment {{ {CITATIONS} }} }} }}");
        assert_eq!(app.data(&query, json!({ "id": assessment["id"] }))["node"]["citations"], assessment["citations"]);
        let log = w.log_since(position);
        let said = log.iter().flat_map(|entry| entry["after"].as_array().unwrap()).filter_map(Value::as_str);
        let said: Vec<&str> = said.filter(|line| line.contains(" evidence")).collect();
        assert_eq!(
            said,
            [
                "REFERENCE evidence.0 @gazette",
                "TEXT evidence.0.locator p. 3, point 2",
                "TEXT evidence.0.quotation “All arms”, it says:\nall.",
                "DATE evidence.0.accessedOn 2026-11-28",
                "REFERENCE evidence.1 [id]",
                "TEXT evidence.1.locator p. 1",
            ]
        );
        assert_eq!(assess(&w, &json!([{ "sourceId": "@gazette" }]))["citations"], json!([plain_read()]));
    }

    fn event_sources_contain_citation_details(app: Empty) {
        let mut w = World::new(&app);
        let mut input = w.input("talks");
        let fields = input.as_object_mut().unwrap();
        fields.remove("sourceIds");
        fields.insert("slug".to_owned(), json!("round-two"));
        fields.insert("citations".to_owned(), json!([whole()]));
        w.create("second", "Event", input);
        let read = |w: &World<'_>, name: &str| w.read(name, CITATIONS)["citations"].take();
        assert_eq!(read(&w, "second"), json!([whole_read()]));
        assert_eq!(read(&w, "talks"), json!([plain_read()]));
        // An update that gives only ids keeps the locator of a source that is already cited.
        let version = w.read("second", "version");
        w.change("update", "second", &json!({ "sourceIds": ["@gazette"] }));
        assert_eq!((read(&w, "second"), w.read("second", "version")), (json!([whole_read()]), version));
        w.change("update", "second", &json!({ "citations": [{ "sourceId": "@gazette" }] }));
        assert_eq!(read(&w, "second"), json!([plain_read()]));
        w.change("update", "talks", &json!({ "citations": [whole()] }));
        assert_eq!(read(&w, "talks"), json!([whole_read()]));
        w.change("update", "talks", &json!({ "title": "Other talks" }));
        assert_eq!(read(&w, "talks"), json!([whole_read()]));
        w.change("update", "talks", &json!({ "sourceIds": [] }));
        assert_eq!(read(&w, "talks"), json!([]));
    }

    fn invalid_citations_are_rejected_with_their_path(app: Empty) {
        let w = World::new(&app);
        let future = (day::latest_today() + Days::new(2)).to_string();
        let (locator, quotation) = ("x".repeat(301), "x".repeat(501));
        let faulty = json!({ "sourceId": "@gazette", "locator": locator, "quotation": quotation, "accessedOn": future });
        let fault = |code: &str, path: String, part: &str| (code.to_owned(), path, part.to_owned());
        let check = |mutation: &str, input: &Value, expected: &[(String, String, String)]| {
            let faults = w.reject(mutation, input);
            assert_eq!(faults.len(), expected.len(), "{faults:#?}");
            for ((code, path, message), expected) in faults.iter().zip(expected) {
                assert_eq!((code, path), (&expected.0, &expected.1), "{faults:#?}");
                assert!(message.contains(&expected.2), "{message} lacks {}", expected.2);
            }
        };
        let details = |path: &str| [
            fault("TOO_LONG", format!("{path}.locator"), "301 characters"),
            fault("TOO_LONG", format!("{path}.quotation"), "501 characters"),
            fault("OUT_OF_RANGE", format!("{path}.accessedOn"), "is in the future; the latest day is"),
        ];
        let status = |evidence: Value| w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-06-15", "note": "N", "evidence": evidence }));
        check("updateClauseStatus", &status(json!([{ "citation": faulty }])), &details("evidence.0.citation"));
        let mut new = faulty.clone();
        new.as_object_mut().unwrap().remove("sourceId");
        new["title"] = json!("T");
        new["kind"] = json!("PRESS");
        check("updateClauseStatus", &status(json!([{ "source": new }])), &details("evidence.0.source"));
        check("updateEvent", &w.about("talks", &json!({ "citations": [faulty] })), &details("citations.0"));
        let twice = [fault("DUPLICATE", "evidence.1".to_owned(), "repeats item 0")];
        check("updateClauseStatus", &status(json!([{ "sourceId": "@gazette" }, { "citation": whole() }])), &twice);
        let twice = [fault("DUPLICATE", "citations.1".to_owned(), "repeats item 0")];
        check("updateEvent", &w.about("talks", &json!({ "citations": [whole(), whole()] })), &twice);
        let other = [fault("INVALID", "citations.0.sourceId".to_owned(), "is an id of kind party, not source")];
        check("updateEvent", &w.about("talks", &json!({ "citations": [{ "sourceId": "@north" }] })), &other);
        let other = [fault("INVALID", "evidence.0.citation.sourceId".to_owned(), "is an id of kind party, not source")];
        check("updateClauseStatus", &status(json!([{ "citation": { "sourceId": "@north" } }])), &other);
        let both = [fault("INVALID", "citations".to_owned(), "cannot be combined with `sourceIds`")];
        check("updateEvent", &w.about("talks", &json!({ "sourceIds": [], "citations": [] })), &both);
    }

    fn citations_in_a_dossier_are_slugs_or_tables_and_are_inherited(app: Empty) {
        let plain = json!([{ "source": { "slug": "gazette" }, "locator": null, "quotation": null, "accessedOn": null }]);
        import_text(&app, BASE);
        assert_eq!(cited(&app), [plain.clone(), plain]);
        let whole = with_sources(
            "sources = [{ source = \"gazette\", locator = \"p. 2\", quotation = \"Shots.\", accessed_on = 2026-11-28 }]",
        );
        let corrected = AssessmentCounts { recorded: 1, retracted: 1, unchanged: 0 };
        let summary = import_text(&app, &whole);
        assert_eq!((summary.events.updated, summary.assessments), (1, corrected));
        let located = json!([{ "source": { "slug": "gazette" }, "locator": "p. 2", "quotation": "Shots.", "accessedOn": "2026-11-28" }]);
        assert_eq!(cited(&app), [located.clone(), located.clone()]);
        let position = app.log_position();
        import_text(&app, &whole);
        assert_eq!(app.log_position(), position, "the same dossier changes nothing");
        // Different evidence creates a new assessment. The event does not change.
        let own = format!("{whole}evidence = [\n  {{ source = \"gazette\", locator = \"p. 9\" }},\n]\n");
        let summary = import_text(&app, &own);
        assert_eq!((summary.events.updated, summary.assessments), (0, corrected));
        let other = json!([{ "source": { "slug": "gazette" }, "locator": "p. 9", "quotation": null, "accessedOn": null }]);
        assert_eq!(cited(&app), [located, other]);
    }

    fn invalid_citations_in_a_dossier_are_reported_with_file_and_line(app: Empty) {
        let future = day::latest_today() + Days::new(2);
        let long = "x".repeat(501);
        for (sources, expected) in [
            ("sources = [\n  { locator = \"p. 2\" },\n]".to_owned(), vec!["54: sources.0.source: is missing, and a citation must have it".to_owned()]),
            ("sources = [\n  \"gazette\",\n  { source = \"gazette\" },\n]".to_owned(), vec!["55: sources.1: repeats item 0 of sources".to_owned()]),
            (
                "sources = [\n  { source = \"gazete\", locator = \"p. 2\" },\n]".to_owned(),
                vec!["54: sources.0.source: there is no source “gazete” (did you mean “gazette”?); expected the slug of a source \
                      in this import or in the database".to_owned()],
            ),
            (
                format!("sources = [\n  {{ source = \"gazette\", accessed_on = {future}, quotation = \"{long}\", page = 2 }},\n]"),
                vec![
                    "54: sources.0.quotation: has 501 characters, 1 too many; at most 500".to_owned(),
                    format!("54: sources.0.accessed_on: {future} is in the future; the latest day is {}", day::latest_today()),
                    "54: sources.0.“page”: a citation has no such field; it has source, locator, quotation, accessed_on".to_owned(),
                ],
            ),
            (
                "sources = [\n  3,\n]".to_owned(),
                vec!["54: sources: must be a list of slugs and tables, such as [\"one\", { source = \"other\" }], not the number 3".to_owned()],
            ),
        ] {
            let faults = faults_of(&app, &[file("test.toml", &with_sources(&sources))]);
            let mut faults: Vec<&str> = faults.iter().map(|fault| fault.strip_prefix("test.toml:").unwrap()).collect();
            let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            faults.sort_unstable();
            expected.sort_unstable();
            assert_eq!(faults, expected, "{sources}");
        }
    }
}
