//! Submitting several assessments in one request, and repeated review mutations.

use super::*;

on_both_databases! {
    fn repeated_batches_are_submitted_once(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Editor));
        let item = |subject: &str, note: &str| json!({ "subject": subject, "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": note, "heldBy": "north" });
        let same = json!({ "subject": "treaty/1", "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Known." });
        w.apply("recordAssessments", &json!({ "items": [same] }), "items { effect }");
        let start = app.log_position();
        let selection = "items { effect statusBefore statusAfter assessment { id } } submissions { id note heldBy { slug } }";
        let input = json!({ "items": [item("treaty/1.a", "A."), same, item("treaty/1", "B.")], "idempotencyKey": "batch" });
        let dry = ann.apply("submitAssessments", &with(input.clone(), &json!({ "dryRun": true })), selection);
        assert_eq!(dry["submissions"], json!([]));
        let payload = ann.apply("submitAssessments", &input, selection);
        assert_eq!(payload["items"], dry["items"]);
        assert_eq!(payload["items"][1], json!({ "effect": "UNCHANGED", "statusBefore": "PARTIAL", "statusAfter": "PARTIAL", "assessment": null }));
        let submissions = payload["submissions"].as_array().unwrap();
        assert_eq!(submissions.len(), 2, "{payload}");
        assert_eq!((&submissions[0]["note"], &submissions[1]["note"]), (&json!("A."), &json!("B.")));
        assert_eq!(submissions[0]["heldBy"]["slug"], "north");
        assert_eq!(ann.apply("submitAssessments", &input, selection), payload, "a repeated request must return the first result");
        assert_eq!(ann.notes(""), ["A.", "B."]);
        let faulty = json!({ "items": [item("treaty/1.a", "C."), item("treaty/1", "")] });
        let rejection = ann.rejection("submitAssessments", &faulty);
        assert_eq!((rejection.0.as_str(), rejection.1.as_str()), ("INVALID", "input.items.1.note"));
        assert_eq!(ann.notes("").len(), 2, "one invalid item must prevent all submissions");

        let once = |editor: &Editor<'_>, name: &str, input: Value, selection: &str| {
            let input = with(input, &json!({ "idempotencyKey": name }));
            let first = editor.apply(name, &input, selection);
            assert_eq!(editor.apply(name, &input, selection), first, "{name}");
            let other = with(input, &json!({ "idempotencyKey": name, "submissionId": "x" }));
            let other = if other.get("clauseId").is_some() { with(status(&w, "two", &json!({})), &json!({ "idempotencyKey": name })) } else { other };
            assert!(!editor.mutate(name, &other, "")["userErrors"].as_array().unwrap().is_empty(), "{name}");
            first
        };
        let id = once(&ann, "submitClauseStatus", status(&w, "one", &json!({ "note": "Once." })), "submission { id }")["submission"]["id"].take();
        assert_eq!(ann.notes("").len(), 3);
        once(&ben, "commentOnSubmission", json!({ "submissionId": id, "text": "Well." }), "submission { id }");
        assert_eq!(ben.read(id.as_str().unwrap())["comments"], json!([{ "text": "Well.", "writtenBy": "Ben" }]));
        assert_eq!(app.log_position(), start);
        once(&ben, "publishSubmission", json!({ "submissionId": id }), "assessment { id } submission { state }");
        assert_eq!(app.log_position(), start + 1, "the submission must be published once");
        once(&ben, "declineSubmission", json!({ "submissionId": submissions[0]["id"], "reason": "No." }), "submission { endReason }");
        once(&ann, "withdrawSubmission", json!({ "submissionId": submissions[1]["id"] }), "submission { state }");
    }
}
