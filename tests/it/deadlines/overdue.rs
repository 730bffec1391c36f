//! The field `isOverdue` and the filter `overdue` of clauses.

use super::*;

on_both_databases! {
    fn clauses_are_overdue_after_the_latest_rival_due_date(app: SharedSample) {
        let on = |day: &str| overdue(&app, day, None);
        assert_eq!(on("2016-01-01"), ["2", "6", "9", "11", "11.a", "11.b"]);
        // A clause is not overdue on the due date itself.
        assert_eq!(on("2015-12-31"), ["2", "6"]);
        // The latest of the rival due dates is 7 March for clause 2 and 8 March for clause 6. No source says that the
        // talks under clause 4.a began in time.
        assert_eq!(on("2015-03-09"), ["2", "4.a", "6"]);
        assert_eq!(on("2015-03-08"), ["2", "4.a"]);
        assert_eq!(on("2015-03-07"), ["4.a"]);
        assert_eq!(on("2015-03-03"), [""; 0]);
    }

    fn overdue_clauses_depend_on_the_holder(app: SharedSample) {
        let on = |holder: &str| overdue(&app, "2015-03-08", Some(holder));
        // According to the party `cadlr`, its weapons had been withdrawn, so clause 2 is not overdue in its view.
        assert!(!on("cadlr").contains(&"2".to_owned()));
        assert!(on("ukraine").contains(&"2".to_owned()));
        // If a party has not assessed a clause, the clause counts as not completed in the view of this party.
        assert!(on("france").contains(&"2".to_owned()));
        let (code, message) = app.error("{ clauses { nodes { isOverdue(heldBy: \"nobody\") } } }", json!({}));
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("`heldBy: “nobody”` is neither the id nor the slug of a party"), "{message}");
    }

    fn overdue_filter_and_field_agree_for_every_status_and_phase(app: Empty) {
        let mut w = World::new(&app);
        let today = day::today();
        let (past, coming) = (today - Days::new(1), today);
        let statuses = ["UNASSESSED", "NOT_APPLICABLE", "NOT_STARTED", "MINIMAL", "PARTIAL", "COMPLETE", "BREACHED", "SUSPENDED", "VOID", "OVERTAKEN", "LAPSED"];
        let due = |phase: &str, day: Option<NaiveDate>| json!({ "rule": format!("{phase} {day:?}"), "phase": phase, "dueOn": day.map(|day| day.to_string()) });
        let cases = [
            json!([due("START", Some(past))]),
            json!([due("FINISH", Some(past))]),
            json!([due("START", Some(coming)), due("START", Some(past))]),
            json!([due("START", Some(coming)), due("FINISH", Some(past)), due("FINISH", None)]),
            json!([due("FINISH", None)]),
            json!([]),
        ];
        for (index, deadlines) in cases.iter().enumerate() {
            for status in statuses {
                let name = format!("{index}.{status}");
                w.create(&name, "Clause", json!({
                    "agreementId": "@treaty", "number": name.replace('_', "-"), "heading": name, "summary": "s", "nature": "ONE_OFF",
                    "topicId": "@security", "deadlines": deadlines
                }));
                if status != "UNASSESSED" {
                    let input = json!({ "status": status, "effectiveOn": "2015-02-12", "note": "So it is." });
                    w.apply("updateClauseStatus", &w.about(&name, &input), "clause { id }");
                }
            }
        }
        let query = "query($is: Boolean) { clauses(first: 200, filter: { overdue: $is }) { nodes { heading isOverdue } } }";
        let headings = |is: bool| -> Vec<String> {
            let data = app.data(query, json!({ "is": is }));
            let clauses = data["clauses"]["nodes"].as_array().unwrap().clone();
            for clause in &clauses {
                assert_eq!(clause["isOverdue"], is, "{clause}");
            }
            let heading = |clause: &Value| clause["heading"].as_str().unwrap().to_owned();
            clauses.iter().map(heading).filter(|heading| heading.contains('.')).collect()
        };
        let awaited = ["UNASSESSED", "NOT_STARTED", "MINIMAL", "PARTIAL", "BREACHED"];
        let mut expected: Vec<String> = ["UNASSESSED", "NOT_STARTED"].iter().map(|status| format!("0.{status}")).collect();
        expected.extend([1, 3].iter().flat_map(|case| awaited.iter().map(move |status| format!("{case}.{status}"))));
        assert_eq!(headings(true), expected);
        assert_eq!(headings(false).len(), cases.len() * statuses.len() - expected.len());
    }

    fn overdue_with_known_at_uses_only_earlier_assessments(app: Empty) {
        let mut w = World::new(&app);
        w.create("later", "Clause", json!({
            "agreementId": "@treaty", "number": "2", "heading": "Later", "summary": "Later.", "nature": "ONE_OFF", "topicId": "@security",
            "deadlines": [{ "rule": "After the ceasefire", "after": { "days": 10, "completedClauseId": "@one" } }]
        }));
        let is_overdue = |as_of: &str, known_at: Option<&str>| {
            let known_at = known_at.map_or_else(String::new, |at| format!(", knownAt: \"{at}\""));
            w.read("later", &format!("isOverdue(asOf: \"{as_of}\"{known_at})"))["isOverdue"].as_bool().unwrap()
        };
        let assess = |name: &str, status: &str, on: &str| {
            let input = json!({ "status": status, "effectiveOn": on, "note": "So it is." });
            let made = w.apply("updateClauseStatus", &w.about(name, &input), "assessment { id recordedAt }")["assessment"].take();
            (made["id"].clone(), made["recordedAt"].as_str().unwrap().to_owned())
        };
        let before = "2015-01-01T00:00:00Z";
        assert!(!is_overdue("2017-01-01", None));
        let (ceasefire, known) = assess("one", "COMPLETE", "2016-01-01");
        assert!(is_overdue("2016-01-12", None));
        assert!(!is_overdue("2016-01-11", None));
        assert!(is_overdue("2016-01-12", Some(&known)));
        assert!(!is_overdue("2016-01-12", Some(before)));
        // The clause is now complete, but this was not yet known at the time `known`.
        let (_, done) = assess("later", "COMPLETE", "2016-01-05");
        assert!(!is_overdue("2016-01-12", None));
        assert!(!is_overdue("2016-01-12", Some(&done)));
        assert!(is_overdue("2016-01-12", Some(&known)));
        // A retracted assessment still counts if `knownAt` is before its retraction.
        w.apply("retractAssessment", &json!({ "assessmentId": ceasefire, "reason": "A mistake." }), "subject { id }");
        assert!(is_overdue("2016-01-12", Some(&known)));
    }
}
