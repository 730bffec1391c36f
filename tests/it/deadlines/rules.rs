//! The rules of deadlines: validation errors, and rules in dossiers.

use super::*;

on_both_databases! {
    fn invalid_rules_are_rejected_with_path_and_message(app: Empty) {
        let w = World::new(&app);
        // Makes a deadline of clause 1.a depend on a deadline of clause 1.
        w.change("update", "one", &json!({ "deadlines": [
            { "key": "start", "rule": "At once", "dueOn": "2015-02-15" },
            { "key": "next", "rule": "Then", "after": { "days": 1, "deadline": { "key": "start" } } }
        ] }));
        w.change("update", "two", &json!({ "deadlines": [
            { "key": "end", "rule": "Later", "after": { "days": 3, "deadline": { "clauseId": "@one", "key": "next" } } }
        ] }));
        let day = json!("2016-01-01");
        let (end_of, after) = (json!({ "period": "YEAR", "containing": day }), json!({ "days": 1, "eventId": "@talks" }));
        for (name, deadlines, expected) in [
            ("two", json!([{ "rule": "r", "dueOn": day, "endOf": end_of }]), ("INVALID", "deadlines.0", "at most one")),
            ("two", json!([{ "rule": "r", "endOf": end_of, "after": after }]), ("INVALID", "deadlines.0", "at most one")),
            ("two", json!([{ "rule": "r", "after": { "days": 1 } }]), ("INVALID", "deadlines.0.after", "has none of `eventId`")),
            ("two", json!([{ "rule": "r", "after": with(after.clone(), &json!({ "completedClauseId": "@one" })) }]), ("INVALID", "deadlines.0.after", "more than one of `eventId`")),
            ("two", json!([{ "rule": "r", "after": with(after.clone(), &json!({ "days": -1 })) }]), ("OUT_OF_RANGE", "deadlines.0.after.days", "-1 is out of range: from 0 to 36500")),
            ("two", json!([{ "rule": "r", "after": with(after.clone(), &json!({ "days": 36501 })) }]), ("OUT_OF_RANGE", "deadlines.0.after.days", "36501")),
            ("two", json!([{ "rule": "r", "after": { "days": 1, "eventId": "@one" } }]), ("INVALID", "deadlines.0.after.eventId", "of kind clause, not event")),
            ("two", json!([{ "rule": "r", "after": { "days": 1, "completedClauseId": "@ask" } }]), ("INVALID", "deadlines.0.after.completedClauseId", "caveat, not clause")),
            ("two", json!([{ "rule": "r", "after": { "days": 1, "completedClauseId": "@two" } }]), ("INVALID", "deadlines.0.after.completedClauseId", "completion of the same clause")),
            ("two", json!([{ "rule": "r" }, { "rule": "r", "key": "Not a slug" }]), ("INVALID", "deadlines.1.key", "“Not a slug” is not a slug")),
            ("two", json!([{ "rule": "r", "key": "k" }, { "rule": "s", "key": "k" }]), ("DUPLICATE", "deadlines.1.key", "item 0 of deadlines already has the key “k”")),
            // A deadline cannot depend on a missing deadline.
            ("two", json!([{ "rule": "r", "after": { "days": 1, "deadline": { "clauseId": "@one", "key": "never" } } }]), ("NOT_FOUND", "deadlines.0.after.deadline", "no deadline of treaty/1 has the key “never”")),
            ("two", json!([{ "rule": "r", "after": { "days": 1, "deadline": { "key": "next" } } }]), ("NOT_FOUND", "deadlines.0.after.deadline", "no deadline of treaty/1.a has the key “next”")),
            // A deadline that another clause's deadline depends on cannot be removed.
            ("one", json!([{ "key": "start", "rule": "At once", "dueOn": day }]), ("INVALID", "deadlines", "the key “next” is missing, and a deadline of treaty/1.a depends on it")),
            ("one", json!([]), ("INVALID", "deadlines", "“next”")),
            // Cycles: of one deadline, of two deadlines in one clause, and across clauses.
            ("two", json!([{ "key": "k", "rule": "r", "after": { "days": 0, "deadline": { "key": "k" } } }]), ("INVALID", "deadlines.0.after.deadline", "depends on itself: treaty/1.a#k → treaty/1.a#k")),
            ("two", json!([
                { "rule": "q" },
                { "key": "k", "rule": "r", "after": { "days": 0, "deadline": { "key": "l" } } },
                { "key": "l", "rule": "s", "after": { "days": 0, "deadline": { "key": "k" } } }
            ]), ("INVALID", "deadlines.1.after.deadline", "depends on itself: treaty/1.a#k → treaty/1.a#l → treaty/1.a#k")),
            ("one", json!([
                { "key": "start", "rule": "r", "after": { "days": 0, "deadline": { "clauseId": "@two", "key": "end" } } },
                { "key": "next", "rule": "s", "after": { "days": 0, "deadline": { "key": "start" } } }
            ]), ("INVALID", "deadlines.0.after.deadline", "treaty/1.a#end → treaty/1#next")),
        ] {
            let faults = w.reject("updateClause", &w.about(name, &json!({ "deadlines": deadlines })));
            let (code, path, message) = &faults[0];
            assert_eq!((code.as_str(), path.as_str(), faults.len()), (expected.0, expected.1, 1), "{deadlines}: {faults:?}");
            assert!(message.contains(expected.2), "{deadlines}: {message}");
        }
        // A new clause has no id yet, so its deadlines can refer to each other by key, but not to the clause's
        // completion.
        let new = json!({
            "agreementId": "@treaty", "number": "3", "heading": "New", "summary": "New.", "nature": "ONE_OFF", "topicId": "@security",
            "deadlines": [{ "key": "a", "rule": "r", "dueOn": day }, { "rule": "s", "after": { "days": 0, "deadline": { "key": "b" } } }]
        });
        let faults = w.reject("createClause", &new);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].2.contains("no deadline of treaty/3 has the key “b”"), "{faults:?}");
        check(&app);
    }

    fn due_dates_after_the_year_9999_are_null(app: Empty) {
        let w = World::new(&app);
        let read = w.change("update", "two", &json!({ "deadlines": [
            { "key": "last", "rule": "At the end of days", "endOf": { "period": "YEAR", "containing": "9999-01-01" } },
            { "key": "later", "rule": "Later", "after": { "days": 36500, "deadline": { "key": "last" } } },
            { "rule": "Later still", "after": { "days": 0, "deadline": { "key": "later" } } }
        ] }));
        let due = read["deadlines"].as_array().unwrap().iter().map(|deadline| deadline["dueOn"].clone());
        assert_eq!(due.collect::<Value>(), json!(["9999-12-31", null, null]));
    }

    fn dossier_rules_can_refer_to_later_clauses_and_events(app: Empty) {
        let text = BASE.replacen(
            "topic = \"security\"\n\n",
            "topic = \"security\"\ndeadlines = [\n\
             { key = \"own\", rule = \"a\", phase = \"START\", after = { days = 1, deadline = \"#first\" } },\n\
             { key = \"first\", rule = \"b\", after = { days = 30, event = \"shots\" } },\n\
             { rule = \"c\", after = { days = 5, deadline = \"truce/2#end\" }, held_by = \"north\" },\n\
             { rule = \"d\", after = { days = 0, completion = \"truce/2\" } },\n\
             { rule = \"e\", after = { days = 2, deadline = \"truce/1#first\" } },\n\
             ]\n\n",
            1,
        );
        let text = text.replace(
            "nature = \"ONE_OFF\"\ntopic = \"security\"\n",
            "nature = \"ONE_OFF\"\ntopic = \"security\"\ndeadlines = [\n\
             { key = \"end\", rule = \"f\", end_of = { period = \"MONTH\", containing = 2020-02-10 } },\n\
             { rule = \"g\", after = { days = 1, deadline = \"truce/1#own\" } },\n\
             ]\n",
        );
        let text = format!("{text}\n[[assessment]]\nof = \"truce/2\"\nstatus = \"COMPLETE\"\neffective_on = 2020-03-09\nnote = \"Gone.\"\n");
        import_text(&app, &text);
        let first = [
            "2020-03-03 START: 1 after truce/1#first",
            "2020-03-02 FINISH: 30 after shots",
            "2020-03-05 FINISH: 5 after truce/2#end by north",
            "2020-03-09 FINISH: 0 after truce/2",
            "2020-03-04 FINISH: 2 after truce/1#first",
        ];
        assert_eq!(deadlines(&app, "truce", "1"), first);
        assert_eq!(deadlines(&app, "truce", "2"), ["2020-02-29 FINISH: end of MONTH 2020-02-10", "2020-03-04 FINISH: 1 after truce/1#own"]);
        check(&app);
        let position = app.log_position();
        assert!(import_text(&app, &text).is_unchanged());
        assert_eq!(app.log_position(), position);
        // One import can rename keys and references in any order of clauses.
        let renamed = text.replace("key = \"end\"", "key = \"finish\"").replace("truce/2#end", "truce/2#finish")
            .replace("key = \"own\"", "key = \"mine\"").replace("truce/1#own", "truce/1#mine");
        assert_eq!(import_text(&app, &renamed).clauses.updated, 2);
        assert_eq!(days(&app, "truce", "1"), ["2020-03-03", "2020-03-02", "2020-03-05", "2020-03-09", "2020-03-04"]);
        // If an import moves an event, it also moves the due dates that depend on this event.
        import_text(&app, &renamed.replace("happened_on = 2020-02-01", "happened_on = 2020-02-02"));
        assert_eq!(days(&app, "truce", "2"), ["2020-02-29", "2020-03-05"]);
        check(&app);
    }

    fn invalid_rules_in_dossiers_are_reported_with_file_and_line(app: Empty) {
        let dossier = |deadlines: &str| {
            let with = format!("nature = \"ONE_OFF\"\ntopic = \"security\"\ndeadlines = [\n{deadlines}\n]\n");
            BASE.replace("nature = \"ONE_OFF\"\ntopic = \"security\"\n", &with)
        };
        for (deadlines, expected) in [
            (r#"{ rule = "r", after = { days = 1 } },"#, vec!["test.toml:46: deadlines.0.after.days: require one of event, completion and deadline"]),
            (r#"{ rule = "r", after = 3 },"#, vec!["test.toml:46: deadlines.0.after: must be a table: { … }, not the number 3"]),
            (r#"{ rule = "r", after = { days = "3", event = "shots" } },"#, vec!["test.toml:46: deadlines.0.after.days: must be a whole number like 14, not the string “3”"]),
            (r#"{ rule = "r", after = { days = 3000000000, event = "shots" } },"#, vec!["test.toml:46: deadlines.0.after.days: 3000000000 is out of range"]),
            (r#"{ rule = "r", after = { days = 36501, event = "shots" } },"#, vec!["test.toml:46: deadlines.0.after.days: 36501 is out of range: from 0 to 36500 days"]),
            (r#"{ rule = "r", after = { event = "shots", completion = "truce/1" } },"#, vec![
                "test.toml:46: deadlines.0.after.completion: only one of event, completion and deadline is allowed",
                "test.toml:46: deadlines.0.after.days: is missing, and a count of days must have it",
            ]),
            (r#"{ rule = "r", due_on = 2020-02-02, end_of = { period = "WEEK", containing = 2020-02-02 } },"#, vec![
                "test.toml:46: deadlines.0.end_of.period: “WEEK” must be MONTH, QUARTER or YEAR",
                "test.toml:46: deadlines.0.end_of: only one of due_on, end_of and after is allowed",
            ]),
            (r#"{ rule = "r", after = { days = 1, deadline = "end" } },"#, vec!["test.toml:46: deadlines.0.after.deadline: “end” does not name a deadline; expected #KEY for a deadline of the same clause, or AGREEMENT/NUMBER#KEY"]),
            (r#"{ rule = "r", after = { days = 1, deadline = "truce/7#end" } },"#, vec!["test.toml:46: deadlines.0.after.deadline: there is no clause “truce/7” (did you mean “truce/1”?); expected the AGREEMENT/NUMBER of a clause in this import or in the database"]),
            ("{ rule = \"q\" },\n{ rule = \"r\", after = { days = 1, deadline = \"truce/1#end\" } },", vec!["test.toml:47: deadlines.1.after.deadline: no deadline of truce/1 has the key “end”"]),
            (r#"{ rule = "r", after = { days = 1, completion = "truce/2" } },"#, vec!["test.toml:46: deadlines.0.after.completion: is the completion of the same clause; a deadline cannot depend on its own clause"]),
            (r#"{ rule = "r", phase = "MIDDLE", key = "A b" },"#, vec![
                "test.toml:46: deadlines.0.key: “A b” is not a slug; valid: lower-case letters a to z, digits, and single hyphens between them",
                "test.toml:46: deadlines.0.phase: “MIDDLE” must be START or FINISH",
            ]),
            ("{ key = \"a\", rule = \"q\", after = { days = 1, deadline = \"#b\" } },\n{ key = \"b\", rule = \"r\", after = { days = 1, deadline = \"truce/2#a\" } },",
                vec!["test.toml:46: deadlines.0.after.deadline: depends on itself: truce/2#a → truce/2#b → truce/2#a"]),
        ] {
            assert_eq!(faults_of(&app, &[file("test.toml", &dossier(deadlines))]), expected, "{deadlines}");
        }
    }
}
