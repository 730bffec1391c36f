//! Links between rows and records: archived records, and the options of the command.

use super::*;

/// A second agreement with the identifiers of the agreement of [`linked`].
const SECOND: &str = r#"
[[agreement]]
slug = "other"
title = "Other"
short_title = "Other"
kind = "OTHER"
adoption = "Signed."
agreed_on = 2020-01-01
summary = "Other."
external_ids = [{ scheme = "PA-X", value = "0900" }, { scheme = "PAM", value = "7" }]
"#;

const TABLE: &str = "accord,provision,year,code\n7,cease,2020,1\n7,disarm,2020,2\n";

fn archive_agreement(app: &TestApp, slug: &str) {
    let query = "query($slug: String!) { agreement(slug: $slug) { id } }";
    let id = app.data(query, json!({ "slug": slug }))["agreement"]["id"].take();
    let mutation = "mutation($id: ID!) { archiveAgreement(input: { agreementId: $id }) { userErrors { message } } }";
    let done = app.data(mutation, json!({ "id": id }));
    assert_eq!(done["archiveAgreement"]["userErrors"], json!([]));
}

fn archive_clause(app: &TestApp, number: &str) {
    let mutation =
        "mutation($id: ID!) { archiveClause(input: { clauseId: $id }) { userErrors { message } } }";
    let done = app.data(mutation, json!({ "id": app.clause_id("truce", number) }));
    assert_eq!(done["archiveClause"]["userErrors"], json!([]));
}

on_both_databases! {
    fn archived_duplicate_does_not_block_an_import(app: Empty) {
        import_text(&app, &format!("{}\n{SECOND}", linked()));
        let row = "AgtId,Agt,Dat\n0900,Truce,2020-01-01\n";
        assert_eq!(reject(&app, "pa-x", row, &[]), [
            "2: AgtId: several agreements have the identifier PA-X 900: other, truce; keep it in only one of them"
        ]);
        let faults = reject(&app, "pam", TABLE, &[]);
        assert!(faults[0].contains("several agreements have the identifier PAM 7"), "{faults:?}");
        archive_agreement(&app, "other");
        assert_eq!(accept(&app, "pa-x", row, &[]), ["agreements: 1 unchanged"]);
        assert_eq!(accept(&app, "pam", TABLE, &["--dry-run"])[2], "assessments: 2 recorded");
    }

    fn archived_records_are_skipped_with_a_note(app: Empty) {
        import_text(&app, &linked());
        archive_clause(&app, "2");
        let notes = |options: &[&str]| {
            let (is_success, summary, notes) = import(&app, "pam", "table.csv", TABLE.as_bytes(), options);
            assert!(is_success, "{notes:?}");
            (summary, notes)
        };
        let skipped = "table.csv:2: note: skipped, because the linked records are archived:";
        let (summary, of_clause) = notes(&["--dry-run"]);
        assert_eq!((summary[2].as_str(), of_clause), ("assessments: 1 recorded", vec![format!("{skipped} 7/disarm")]));
        archive_agreement(&app, "truce");
        for options in [&[][..], &["--agreement", "7=truce"]] {
            assert_eq!(notes(options).1, [format!("{skipped} 7")]);
        }
    }

    fn options_of_accords_are_checked(app: Empty) {
        import_text(&app, &linked());
        for (options, message) in [
            (&["--agreement", "7=a", "--agreement", "7=b"][..], "--agreement names two agreements for the accord 7: a and b"),
            (&["--agreement", " =truce"], "write ACCORD=SLUG: the accord and the slug of its agreement"),
            (&["--agreement", "7= "], "write ACCORD=SLUG: the accord and the slug of its agreement"),
        ] {
            let (is_success, _, errors) = import(&app, "pam", "table.csv", TABLE.as_bytes(), options);
            assert!(!is_success && errors.join("\n").contains(message), "{errors:?}");
        }
        let options = ["--agreement", "7=truce", "--agreement", "7 = truce", "--agreement", "Hill Accord=truce"];
        let (is_success, _, notes) = import(&app, "pam", "table.csv", TABLE.as_bytes(), &options);
        assert!(is_success, "{notes:?}");
        assert_eq!(notes, ["table.csv:1: note: --agreement: the file has no code of the accord “hillaccord”"]);
    }

    fn assessment_retracted_by_hand_stays_retracted_in_any_spelling(app: Empty) {
        import_text(&app, &linked());
        accept(&app, "pam", TABLE, &[]);
        let query = "{ clause(agreement: \"truce\", number: \"1\") { assessments { nodes { id heldBy { slug } } } } }";
        let nodes = app.data(query, json!({}))["clause"]["assessments"]["nodes"].take();
        let is_imported = |node: &&Value| node["heldBy"]["slug"] == "kroc-institute";
        let id = &nodes.as_array().unwrap().iter().find(is_imported).unwrap()["id"];
        let mutation = "mutation($id: ID!) { retractAssessment(input: { assessmentId: $id, reason: \"Wrong.\" }) { userErrors { message } } }";
        assert_eq!(app.data(mutation, json!({ "id": id }))["retractAssessment"]["userErrors"], json!([]));
        for table in [TABLE.to_owned(), TABLE.replace("cease", "CEASE")] {
            assert_eq!(accept(&app, "pam", &table, &[]), ["assessments: 2 unchanged"]);
        }
    }
}
