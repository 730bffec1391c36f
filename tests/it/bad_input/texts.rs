//! Invalid texts, names, slugs, numbers, addresses, days and positions.

use super::*;

on_both_databases! {
    fn empty_long_and_control_character_texts_are_rejected(app: Empty) {
        let w = World::new(&app);
        let (prose, line) = ("x".repeat(20_001), "🕊".repeat(301));
        check(&w, &json!([
            ["createClause", "two", { "note": prose, "summary": prose, "text": prose }, [
                ["TOO_LONG", "summary", "has 20001 characters, 1 too many; at most 20000"], ["TOO_LONG", "text", "20001"], ["TOO_LONG", "note", "20001"]
            ]],
            ["updateClauseStatus", "one", { "note": prose }, [["TOO_LONG", "note", "has 20001 characters, 1 too many; at most 20000"]]],
            ["createAgreement", "annex", { "title": line, "place": line }, [["TOO_LONG", "title", "has 301 characters, 1 too many; at most 300"], ["TOO_LONG", "place", "301"]]],
            ["updateProposal", "answer", { "slug": "s".repeat(81) }, [["TOO_LONG", "slug", "has 81 characters; a slug has at most 80"]]],
            ["updateClause", "two", { "number": "1".repeat(33) }, [["TOO_LONG", "number", "has 33 characters; a number has at most 32"]]],
            ["createSource", "gazette", { "url": format!("https://x.org/{}", "y".repeat(2000)) }, [["TOO_LONG", "url", "has 2014 characters; an address has at most 2000"]]],
            ["updateTopic", "borders", { "name": "" }, [["INVALID", "name", "must not be empty"]]],
            ["updateTopic", "borders", { "description": "" }, [["INVALID", "description", "must not be empty"]]],
            ["updateEvent", "talks", { "title": " \n\t", "summary": "\u{a0}\u{2003}" }, [["INVALID", "title", "must not be empty"], ["INVALID", "summary", "must not be empty"]]],
            ["updateCaveatStatus", "ask", { "note": " " }, [["INVALID", "note", "must not be empty"]]],
            ["updateParty", "north", { "name": "No\u{0}rth", "shortName": "\u{7}" }, [["INVALID", "name", "U+0000"], ["INVALID", "shortName", "U+0007"]]],
            ["createPrecondition", "order", { "kind": "BEFORE_EFFECT", "note": "a\u{85}b" }, [["INVALID", "note", "U+0085"]]],
            ["updateProposalStatus", "offer", { "note": "a\u{0}b" }, [["INVALID", "note", "U+0000"]]],
            ["updateClause", "two", { "deadlines": [{ "rule": "ok" }, { "rule": "", "note": "\u{1b}[31m" }] }, [["INVALID", "deadlines.1.rule", "empty"], ["INVALID", "deadlines.1.note", "U+001B"]]],
            ["updateAgreement", "annex", { "externalIds": [{ "scheme": "UN", "value": "" }] }, [["INVALID", "externalIds.0.value", "empty"]]],
            ["updateAgreement", "annex", { "parties": [{ "partyId": "@north", "role": "PARTY", "capacity": prose }] }, [["TOO_LONG", "parties.0.capacity", "20001"]]],
            ["updateCaveat", "give", { "clauseLinks": [{ "clauseId": "@one", "kind": "OVERLAPS", "note": "" }] }, [["INVALID", "clauseLinks.0.note", "empty"]]],
        ]));
        // The maximum lengths are valid. They are counted in characters, not bytes.
        w.change("update", "annex", &json!({ "title": "🕊".repeat(300), "slug": "s".repeat(80), "note": "ї".repeat(20_000) }));
        w.change("update", "two", &json!({ "number": "1".repeat(32) }));
    }

    fn texts_without_a_visible_character_are_rejected(app: Empty) {
        let w = World::new(&app);
        for nothing in ["\u{200b}", "\u{200b}\n\u{200b}", "\u{2060}\u{ad}", "\u{3164}", "\u{2800}", "\u{301}", "\u{200b} \u{200f}"] {
            let fault = |path: &str| json!([["INVALID", path, "has no visible character"]]);
            check(&w, &json!([
                ["updateTopic", "borders", { "name": nothing }, fault("name")],
                ["updateTopic", "borders", { "description": nothing }, fault("description")],
                ["updateClauseStatus", "one", { "note": nothing }, fault("note")],
                ["updateAgreement", "annex", { "summary": nothing }, fault("summary")],
                ["createPrecondition", "order", { "kind": "BEFORE_EFFECT", "note": nothing }, fault("note")],
            ]));
        }
        check(&w, &json!([["updateTopic", "borders", { "name": "\u{feff}" }, [["INVALID", "name", "must not be empty"]]]]));
    }

    fn names_with_invisible_characters_are_rejected(app: Empty) {
        let w = World::new(&app);
        for hidden in ["\u{200b}", "\u{202e}", "\u{2066}", "\u{200d}", "\u{ad}", "\u{feff}", "\u{2028}", "\u{e0041}"] {
            let name = format!("A{hidden}b");
            let part = format!("contains the invisible character U+{:04X}", u32::from(hidden.chars().next().unwrap()));
            let fault = |path: &str| json!([["INVALID", path, part]]);
            check(&w, &json!([
                ["updateTopic", "borders", { "name": name }, fault("name")],
                ["createParty", "north", { "name": name }, fault("name")],
                ["updateParty", "north", { "shortName": name }, fault("shortName")],
                ["updateAgreement", "annex", { "title": name }, fault("title")],
                ["createAgreement", "annex", { "shortTitle": name }, fault("shortTitle")],
                ["updateAgreement", "annex", { "place": name }, fault("place")],
                ["updateAgreement", "annex", { "externalIds": [{ "scheme": "UN", "value": name }] }, fault("externalIds.0.value")],
                ["createClause", "two", { "heading": name }, fault("heading")],
                ["updateProposal", "offer", { "title": name }, fault("title")],
                ["updateCaveat", "give", { "heading": name }, fault("heading")],
                ["updateEvent", "talks", { "title": name }, fault("title")],
                ["createEvent", "talks", { "place": name }, fault("place")],
                ["createSource", "gazette", { "title": name }, fault("title")],
                ["updateSource", "gazette", { "publisher": name }, fault("publisher")],
            ]));
            // Prose may contain these characters, because some writing systems need them.
            w.change("update", "borders", &json!({ "description": format!("{name} {}", u32::from(hidden.chars().next().unwrap())) }));
            let admin = client(Some(&app.token("Ada", Role::Admin)));
            let query = "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret userErrors { code message } } }";
            let answer = app.send_by(&admin, query, json!({ "input": { "name": name, "role": "READER" } }));
            let payload = &answer["data"]["createToken"];
            assert_eq!((&payload["secret"], &payload["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID")), "{answer:#}");
            let url = ["--database-url", &app.database_url];
            let made = clausewatch(&[&["token", "create", "--role", "reader", "--name", &name], &url[..]].concat(), &std::env::temp_dir());
            assert!(!made.status.success() && text(&made.stderr).contains(&part), "{}", text(&made.stderr));
            let dossier = BASE.replace("name = \"Security\"", &format!("name = \"{name}\""));
            let failure = import(&app, &[file("base.toml", &dossier)]).unwrap_err().to_string();
            assert_eq!(failure, format!("base.toml:4: name: {part}, which is not allowed in names"));
        }
    }

    fn line_endings_and_trailing_spaces_are_normalized(app: Empty) {
        let w = World::new(&app);
        w.change("update", "borders", &json!({ "name": "Borders ", "description": "\u{feff}One, \r\n\r\ntwo.\t\r\n" }));
        let read = w.read("borders", "name description version");
        assert_eq!((&read["name"], &read["description"]), (&json!("Borders"), &json!("One,\n\ntwo.\n")));
        let position = app.log_position();
        for same in ["One,\n\ntwo.\n", "One,  \n \ntwo. \n", "One,\r\n\r\ntwo.\r\n", "One,\r\rtwo.\r"] {
            w.change("update", "borders", &json!({ "description": same }));
            assert_eq!(app.log_position(), position, "{same:?}");
        }
        // Line endings are also normalized in nested inputs.
        let crlf = "One,\r\ntwo.";
        w.change("update", "annex", &json!({ "externalIds": [{ "scheme": "UN ", "value": "S/1 " }], "parties": [{ "partyId": "@north", "role": "PARTY", "capacity": crlf }] }));
        w.change("update", "two", &json!({ "deadlines": [{ "rule": crlf, "note": crlf }] }));
        w.change("update", "give", &json!({ "clauseLinks": [{ "clauseId": "@one", "kind": "OVERLAPS", "note": crlf }] }));
        let read = app.data(
            "{ agreements { nodes { externalIds { scheme value } parties { capacity } clauses { nodes { deadlines { rule note } } } } } \
             proposals { nodes { caveats { nodes { clauseLinks { note } } } } } }",
            json!({}),
        ).to_string();
        assert!(!read.contains("\\r") && !read.contains("UN "), "{read}");
        assert_eq!(read.matches("One,\\ntwo.").count(), 4, "{read}");
        let noted = w.apply("updateClauseStatus", &with(valid_input(&w, "updateClauseStatus", "one"), &json!({ "note": crlf })), "assessment { id note }");
        assert_eq!(noted["assessment"]["note"], "One,\ntwo.");
        let input = json!({ "assessmentId": noted["assessment"]["id"], "reason": crlf });
        let retracted = w.apply("retractAssessment", &input, "assessment { retractionReason }");
        assert_eq!(retracted["assessment"]["retractionReason"], "One,\ntwo.");
    }

    fn times_outside_the_valid_years_in_utc_are_rejected(app: Empty) {
        const QUERY: &str = "query($at: DateTime) { clauses { nodes { status(knownAt: $at) } } }";
        for (at, is_valid) in [
            ("0001-01-01T00:00:00Z", true),
            ("0001-01-01T00:30:00+00:30", true),
            ("9999-12-31T23:59:59.999999Z", true),
            ("9999-12-31T23:30:00+01:00", true),
            ("0001-01-01T00:30:00+01:00", false),
            ("9999-12-31T23:30:00-01:00", false),
            ("0000-06-01T00:00:00Z", false),
        ] {
            let inline = QUERY.replace("($at: DateTime)", "").replace("$at", &format!("\"{at}\""));
            for (query, variables) in [(QUERY, json!({ "at": at })), (inline.as_str(), json!({}))] {
                if is_valid {
                    app.data(query, variables);
                } else {
                    let (_, message) = app.error(query, variables);
                    assert!(message.contains("is out of range: in UTC, its year must be from 0001 to 9999"), "{at}: {message}");
                }
            }
        }
    }

    fn malformed_slugs_numbers_and_addresses_are_rejected(app: Empty) {
        let w = World::new(&app);
        for slug in ["", " ", "Big", "two words", "-a", "a-", "a--b", "ä", "a_b", "a\u{0}", "a/b", "мир"] {
            let part = format!("“{slug}” is not a slug; valid: lower-case letters a to z, digits, and single hyphens");
            for (mutation, name) in [("createAgreement", "annex"), ("updateEvent", "talks"), ("updateSource", "gazette"), ("createProposal", "answer")] {
                check(&w, &json!([[mutation, name, { "slug": slug }, [["INVALID", "slug", part]]]]));
            }
        }
        for number in ["", " ", "4 a", "№4", "4/a", "4_a", "4\u{0}"] {
            let part = format!("“{number}” is not a number like 4, 10.a or UR-1");
            for (mutation, name) in [("createClause", "two"), ("updateCaveat", "give")] {
                check(&w, &json!([[mutation, name, { "number": number }, [["INVALID", "number", part]]]]));
            }
        }
        for url in ["", "javascript:alert(1)", "data:text/html,x", "ftp://example.org", "example.org", "//example.org", "https://", "https://a b.org"] {
            let part = format!("“{url}” is not an address that starts with https:// or http://");
            check(&w, &json!([
                ["createSource", "gazette", { "url": url, "archivedUrl": url }, [["INVALID", "url", part], ["INVALID", "archivedUrl", part]]],
                ["updateClauseStatus", "one", { "evidence": [{ "sourceId": "@gazette" }, { "source": { "title": "T", "kind": "PRESS", "url": url } }] }, [["INVALID", "evidence.1.source.url", part]]],
            ]));
        }
    }

    fn days_and_positions_out_of_range_are_rejected(app: Empty) {
        let w = World::new(&app);
        let late = (day::latest_today() + Days::new(2)).to_string();
        check(&w, &json!([
            ["updateClauseStatus", "one", { "effectiveOn": "2015-02-11" }, [["OUT_OF_RANGE", "effectiveOn", "2015-02-11 is before 2015-02-12, the day on which the record was agreed or proposed"]]],
            ["updateProposalStatus", "offer", { "effectiveOn": "2016-04-30" }, [["OUT_OF_RANGE", "effectiveOn", "2016-04-30 is before 2016-05-01"]]],
            ["updateCaveatStatus", "ask", { "effectiveOn": "0001-01-01" }, [["OUT_OF_RANGE", "effectiveOn", "0001-01-01 is before 2016-05-01"]]],
            ["updateCaveatStatus", "ask", { "effectiveOn": "9999-12-31" }, [["OUT_OF_RANGE", "effectiveOn", "9999-12-31 is in the future; the latest day is 20"]]],
            ["updateClauseStatus", "one", { "effectiveOn": late, "heldBy": "@north" }, [["OUT_OF_RANGE", "effectiveOn", format!("{late} is in the future")]]],
            ["updateEvent", "talks", { "endedOn": "2016-06-30" }, [["OUT_OF_RANGE", "endedOn", "2016-06-30 is before 2016-07-01, the first day of the event"]]],
            ["createClause", "two", { "position": 0 }, [["OUT_OF_RANGE", "position", "0 is out of range: from 1 to 100000"]]],
            ["updateCaveat", "give", { "position": -1 }, [["OUT_OF_RANGE", "position", "-1 is out of range"]]],
            ["updateClause", "two", { "position": 100_001 }, [["OUT_OF_RANGE", "position", "100001 is out of range"]]],
        ]));
        for (mutation, name) in [("updateClauseStatus", "one"), ("updateCaveatStatus", "ask")] {
            w.apply(mutation, &valid_input(&w, mutation, name), "");
        }
        check(&w, &json!([
            ["updateAgreement", "treaty", { "agreedOn": "2016-06-16" }, [["OUT_OF_RANGE", "agreedOn", "2016-06-16 is after 2016-06-15, the day of the earliest status of its clauses"]]],
            ["updateProposal", "offer", { "madeOn": "2016-06-16" }, [["OUT_OF_RANGE", "madeOn", "2016-06-16 is after 2016-06-15, the day of the earliest status of the proposal or its caveats"]]],
        ]));
        w.change("update", "treaty", &json!({ "agreedOn": "2016-06-15" }));
        w.change("update", "offer", &json!({ "madeOn": "2016-06-15" }));
    }

    fn values_at_their_limits_are_valid(app: Empty) {
        let w = World::new(&app);
        let latest = day::latest_today().to_string();
        let names: Vec<String> = (1..=50).map(|number| number.to_string()).collect();
        let url = format!("https://x.org/{}", "y".repeat(1_986));
        w.change("update", "annex", &json!({ "aliases": names, "coveredFrom": "2016-01-01", "coveredTo": "2016-01-01" }));
        w.change("update", "annex", &json!({ "endings": [{ "endedOn": "2015-02-20", "kind": "TERMINATED" }] }));
        w.change("update", "annex", &json!({ "endings": [{ "endedOn": latest, "kind": "TERMINATED" }] }));
        w.change("update", "two", &json!({ "position": 100_000 }));
        w.change("update", "gazette", &json!({ "url": url }));
        w.change("update", "talks", &json!({ "endedOn": "2016-07-01" }));
        for on in ["2015-02-12", latest.as_str()] {
            w.apply("recordStatusCheck", &json!({ "subjectId": "@one", "checkedOn": on }), "");
        }
    }

    fn invalid_days_are_rejected(app: Empty) {
        let w = World::new(&app);
        for on in [json!("2015-02-30"), json!("2015-2-1"), json!(20_150_212), json!("0000-01-01"), json!(""), json!("2015-02-12T00:00:00Z"), json!("12.02.2015"), json!("+2015-02-1"), json!("２015-02-12")] {
            let input = with(valid_input(&w, "updateClauseStatus", "one"), &json!({ "effectiveOn": on }));
            fails(&app, STATUS, json!({ "input": input }), "BAD_USER_INPUT", "is not a day: write");
            let literal = format!("{{ clauses(filter: {{ statusSinceFrom: {on} }}) {{ totalCount }} }}");
            fails(&app, &literal, json!({}), "BAD_USER_INPUT", "is not a day: write");
        }
        let without = with(valid_input(&w, "updateClauseStatus", "one"), &json!({ "effectiveOn": null }));
        let errors = w.reject("updateClauseStatus", &without);
        assert!(matches!(errors.as_slice(), [(_, path, message)] if path == "effectiveOn" && message.starts_with("is missing")), "{errors:?}");
    }
}
