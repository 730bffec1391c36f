//! Ending submissions: once, by permitted accounts, and only if the submission is still valid.

use std::thread;

use super::*;

on_both_databases! {
    fn submissions_end_once_and_are_not_published_by_their_author(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Admin), Editor::new(&server, "Ben", Role::Editor));
        // Two tokens with the same name belong to the same account.
        let again = Editor::new(&server, "Ann", Role::Editor);
        let open = || ann.submit(&w, "one", &json!({}));
        let named = |id: &str, patch: &Value| with(json!({ "submissionId": id }), patch);
        let id = open();
        for editor in [&ann, &again] {
            let (code, path, message) = editor.rejection("publishSubmission", &named(&id, &json!({})));
            assert_eq!((code.as_str(), path.as_str(), message.as_str()), ("INVALID", "input.submissionId", "you submitted this assessment; another editor must publish it"));
        }
        assert_eq!(ann.rejection("declineSubmission", &named(&id, &json!({ "reason": "No." }))).2, "you submitted this assessment; withdraw it instead");
        assert_eq!(ben.rejection("withdrawSubmission", &named(&id, &json!({}))).2, "only Ann, who submitted this assessment, can withdraw it; decline it instead");
        assert_eq!(ben.rejection("declineSubmission", &named(&id, &json!({ "reason": " " }))).1, "input.reason");
        assert_eq!(ben.rejection("commentOnSubmission", &named(&id, &json!({ "text": "" }))).1, "input.text");
        let stale = ben.rejection("publishSubmission", &named(&id, &json!({ "expectedVersion": 77 })));
        assert_eq!((stale.0.as_str(), stale.1.as_str()), ("CONFLICT", "input.expectedVersion"));
        assert_eq!(ben.rejection("publishSubmission", &named("x", &json!({}))).0, "INVALID");
        assert_eq!(ben.rejection("publishSubmission", &named(w.id("one"), &json!({}))).0, "INVALID");

        ben.apply("declineSubmission", &named(&id, &json!({ "reason": "No source." })), "submission { id }");
        let declined = ann.read(&id);
        assert_eq!((&declined["state"], &declined["endedBy"], &declined["endReason"]), (&json!("DECLINED"), &json!("Ben"), &json!("No source.")));
        let withdrawn = open();
        ann.apply("withdrawSubmission", &named(&withdrawn, &json!({})), "submission { id }");
        let published = open();
        ben.publish(&published);
        for (id, words) in [(&id, "was declined by Ben in the meantime"), (&withdrawn, "was withdrawn by Ann in the meantime"), (&published, "was published by Ben in the meantime")] {
            for (name, patch) in [("publishSubmission", json!({})), ("declineSubmission", json!({ "reason": "No." })), ("withdrawSubmission", json!({})), ("commentOnSubmission", json!({ "text": "Well." }))] {
                let (code, path, message) = ben.rejection(name, &named(id, &patch));
                assert_eq!((code.as_str(), path.as_str(), message.as_str()), ("CONFLICT", "input.submissionId", words), "{name}");
            }
        }
        assert_eq!(w.read("one", "assessments { totalCount }")["assessments"]["totalCount"], 1);
    }

    fn one_of_two_concurrent_publications_succeeds(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let ann = Editor::new(&server, "Ann", Role::Editor);
        let reviewers = [Editor::new(&server, "Ben", Role::Editor), Editor::new(&server, "Cleo", Role::Editor)];
        for round in 1..=5 {
            let id = ann.submit(&w, "one", &json!({ "note": format!("Round {round}.") }));
            let input = json!({ "submissionId": id });
            let payloads: Vec<Value> = thread::scope(|scope| {
                let publish = |editor: &Editor<'_>| editor.mutate("publishSubmission", &input, "assessment { recordedBy }");
                let threads: Vec<_> = reviewers.iter().map(|editor| scope.spawn(move || publish(editor))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            let (won, lost): (Vec<&Value>, Vec<&Value>) = payloads.iter().partition(|payload| payload["userErrors"] == json!([]));
            assert_eq!((won.len(), lost.len()), (1, 1), "{payloads:#?}");
            let winner = won[0]["assessment"]["recordedBy"].as_str().unwrap();
            assert_eq!(lost[0]["userErrors"], json!([{ "code": "CONFLICT", "path": ["input", "submissionId"], "message": format!("was published by {winner} in the meantime") }]));
            assert_eq!(w.read("one", "assessments { totalCount }")["assessments"]["totalCount"], round);
        }
    }

    fn publishing_validates_the_submission_again(app: Empty) {
        let w = World::new(&app);
        let server = start_with_review(&app);
        let (ann, ben) = (Editor::new(&server, "Ann", Role::Editor), Editor::new(&server, "Ben", Role::Editor));
        for (patch, code, path) in [
            (json!({ "effectiveOn": "2015-01-01" }), "OUT_OF_RANGE", "input.effectiveOn"),
            (json!({ "note": "" }), "INVALID", "input.note"),
            (json!({ "expectedVersion": 99 }), "CONFLICT", "input.expectedVersion"),
            (json!({ "evidence": [{ "sourceId": "x" }] }), "INVALID", "input.evidence.0.sourceId"),
            (json!({ "breachedBy": ["@north"] }), "INVALID", "input.breachedBy"),
        ] {
            let rejection = ann.rejection("submitClauseStatus", &status(&w, "one", &patch));
            assert_eq!((rejection.0.as_str(), rejection.1.as_str()), (code, path), "{patch}");
        }
        assert!(ann.notes("").is_empty());
        let id = ann.submit(&w, "two", &json!({}));
        let of_proposal = json!({ "caveatId": w.id("ask"), "status": "ACCEPTED", "effectiveOn": "2016-05-02", "note": "So." });
        let of_proposal = ann.apply("submitCaveatStatus", &of_proposal, "submission { id }")["submission"]["id"].take();
        // `agreedOn` moves to a day after the submission's effective day.
        w.change("update", "treaty", &json!({ "agreedOn": "2017-01-01" }));
        let (code, path, message) = ben.rejection("publishSubmission", &json!({ "submissionId": id }));
        assert_eq!((code.as_str(), path.as_str()), ("OUT_OF_RANGE", "input.submissionId"));
        assert_eq!(message, "cannot be published: effectiveOn: 2016-01-01 is before 2017-01-01, the day on which the record was agreed or proposed");
        w.change("update", "treaty", &json!({ "agreedOn": "2015-02-12" }));
        for (verb, archived) in [("two", &id), ("treaty", &id), ("offer", &of_proposal.as_str().unwrap().to_owned())] {
            w.change("archive", verb, &json!({}));
            let (code, path, message) = ben.rejection("publishSubmission", &json!({ "submissionId": archived }));
            assert_eq!((code.as_str(), path.as_str()), ("INVALID", "input.submissionId"));
            assert_eq!(message, "its subject is archived, or its agreement or proposal is archived; restore the archived record first");
            if verb == "treaty" {
                let (code, path, _) = ann.rejection("submitClauseStatus", &status(&w, "one", &json!({})));
                assert_eq!((code.as_str(), path.as_str()), ("INVALID", "input.clauseId"));
            }
            w.change("archive", verb, &json!({ "archived": false }));
        }
        ben.publish(&id);
        assert_eq!(w.read("two", "status")["status"], "PARTIAL");
    }
}
