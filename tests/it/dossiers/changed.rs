//! Importing a dossier again after a change of the dossier or of its records.

use clausewatch::dossier::{AssessmentCounts, Counts};
use serde_json::Value;

use super::*;

/// The counts of an import after one assessment in the dossier has changed. The import records the new version and
/// retracts the old one.
const CORRECTED: AssessmentCounts = AssessmentCounts { recorded: 1, retracted: 1, unchanged: 0 };

/// A clause by its id, because archived clauses cannot be found by number.
fn clause(app: &TestApp, id: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Clause { id version heading summary archivedAt status \
                 assessments(includeRetracted: true) { nodes { id note retractedAt retractionReason } } } } }";
    app.data(query, json!({ "id": id }))["node"].take()
}

/// The assessments of a clause, oldest first: the note and the retraction reason.
fn said(app: &TestApp, id: &str) -> Vec<(String, Option<String>)> {
    let clause = clause(app, id);
    let mut said: Vec<_> = clause["assessments"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let reason = node["retractionReason"].as_str().map(str::to_owned);
            (node["note"].as_str().unwrap().to_owned(), reason)
        })
        .collect();
    said.reverse();
    said
}

/// Retracts the newest assessment of the clause.
fn retract_newest(app: &TestApp, clause_id: &str) {
    let assessment = clause(app, clause_id)["assessments"]["nodes"][0]["id"].take();
    let retract = "mutation($id: ID!) { retractAssessment(input: { assessmentId: $id, reason: \"Wrong.\" }) \
                   { userErrors { message } assessment { retractedAt } } }";
    let done = app.data(retract, json!({ "id": assessment }));
    assert!(done["retractAssessment"]["assessment"]["retractedAt"].is_string(), "{done:#}");
}

on_both_databases! {
    fn changed_record_is_updated_and_other_records_stay(app: Empty) {
        import_text(&app, BASE);
        let (first, second) = (app.clause_id("truce", "1"), app.clause_id("truce", "2"));
        let position = app.log_position();
        let before = clause(&app, &second);
        let (without_second, _) = BASE.split_once("[[agreement.clause]]\nnumber = \"2\"").unwrap();
        let changed = without_second.replace("It ceases.", "It must cease.");
        let summary = import_text(&app, &changed);
        assert_eq!(summary.clauses, Counts { updated: 1, ..Counts::default() });
        assert_eq!(app.log_position(), position + 1);
        assert_eq!(clause(&app, &first)["summary"], "It must cease.");
        assert_eq!(clause(&app, &second), before);
        assert_eq!(app.clause_id("truce", "1"), first);
    }

    fn corrected_assessment_is_retracted_and_recorded_again(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
        assert_eq!(import_text(&app, &changed).assessments, CORRECTED);
        let reason = Some("Corrected in the dossier test.toml".to_owned());
        let expected = [("Shots.".to_owned(), reason), ("Many shots.".to_owned(), None)];
        assert_eq!(said(&app, &id), expected);
    }

    fn reverted_correction_is_recorded_again(app: Empty) {
        let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        import_text(&app, &changed);
        assert_eq!(import_text(&app, BASE).assessments, CORRECTED);
        assert!(import_text(&app, BASE).is_unchanged());
        assert_eq!(import_text(&app, &changed).assessments, CORRECTED);
        let standing: Vec<_> = said(&app, &id).into_iter().filter(|(_, why)| why.is_none()).collect();
        assert_eq!(standing, [("Many shots.".to_owned(), None)]);
    }

    fn manually_retracted_assessment_stays_retracted(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        retract_newest(&app, &id);
        assert!(import_text(&app, BASE).is_unchanged());
        assert_eq!(said(&app, &id), [("Shots.".to_owned(), Some("Wrong.".to_owned()))]);
        assert_eq!(clause(&app, &id)["status"], "UNASSESSED");
        // Meanwhile, a version of the dossier with another assessment for the same day is imported.
        let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
        import_text(&app, &changed);
        assert!(import_text(&app, BASE).is_unchanged());
    }

    fn correction_that_is_retracted_manually_does_not_restore_the_earlier_assessment(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        import_text(&app, &BASE.replace("note = \"Shots.\"", "note = \"Many shots.\""));
        retract_newest(&app, &id);
        assert!(import_text(&app, BASE).is_unchanged());
        assert_eq!(clause(&app, &id)["status"], "UNASSESSED");
    }

    fn archived_record_stays_archived_and_unchanged(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        let topic = app.data("{ topics { id } }", json!({}))["topics"][0]["id"].take();
        let archive = "mutation($clause: ID!, $topic: ID!) { \
                       archiveClause(input: { clauseId: $clause }) { userErrors { message } } \
                       archiveTopic(input: { topicId: $topic }) { userErrors { message } } }";
        let done = app.data(archive, json!({ "clause": id, "topic": topic }));
        assert_eq!(done["archiveClause"]["userErrors"], json!([]));
        assert_eq!(done["archiveTopic"]["userErrors"], json!([]));
        let (before, position) = (clause(&app, &id), app.log_position());
        assert!(before["archivedAt"].is_string());
        let changed = BASE
            .replace("name = \"Security\"", "name = \"Safety\"")
            .replace("It ceases.", "It must cease.")
            .replace("note = \"Shots.\"", "note = \"Many shots.\"");
        assert!(import_text(&app, &changed).is_unchanged());
        assert_eq!(app.log_position(), position);
        assert_eq!(clause(&app, &id), before);
    }
}
