//! What is refused, with which words, and that nothing is written then.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Days;
use clausewatch::domain::viewer::Role;
use clausewatch::domain::{GlobalId, Id, Kind, day};
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import};
use crate::support::world::{World, with};
use crate::support::{TestApp, clausewatch, client, on_both_databases, text};

/// An input of that mutation of that record which would be taken.
fn sound(w: &World<'_>, mutation: &str, name: &str) -> Value {
    if mutation.ends_with("Status") {
        let status = [("Clause", "PARTIAL"), ("Caveat", "ACCEPTED"), ("Proposal", "TABLED")];
        let status = status.iter().find(|(kind, _)| *kind == w.kind(name)).unwrap().1;
        return w.about(
            name,
            &json!({ "status": status, "effectiveOn": "2016-06-15", "note": "So it is." }),
        );
    }
    if !mutation.starts_with("create") {
        return w.about(name, &json!({}));
    }
    let mut input = w.input(name);
    for (field, other) in [("slug", "fresh"), ("number", "99")] {
        if let Some(value) = input.get_mut(field) {
            *value = json!(other);
        }
    }
    input
}

/// Sends each case's mutation (about a record, with a patch over an input that would be taken), and compares the faults:
/// their codes, their paths, and a part of their messages.
fn check(w: &World<'_>, cases: &Value) {
    for case in cases.as_array().unwrap() {
        let (mutation, name) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
        let faults = w.refuse(mutation, &with(sound(w, mutation, name), &case[2]));
        let expected = case[3].as_array().unwrap();
        let found: Vec<_> = faults.iter().map(|(code, path, _)| json!([code, path])).collect();
        let told: Vec<_> = expected.iter().map(|fault| json!([fault[0], fault[1]])).collect();
        assert_eq!(found, told, "{mutation} {} {faults:?}", case[2]);
        for ((_, _, message), fault) in faults.iter().zip(expected) {
            let part = fault[2].as_str().unwrap();
            assert!(message.contains(part), "{mutation} {}: “{message}” lacks “{part}”", case[2]);
        }
    }
}

/// The id that a record of that kind would have, if there was one.
fn unknown(kind: Kind) -> String {
    GlobalId::new(kind, Id::<()>::new()).encode()
}

/// The same UUID as an id of another kind.
fn forged(id: &str, kind: Kind) -> String {
    GlobalId { kind, ..GlobalId::decode(id).unwrap() }.encode()
}

/// Sends an operation that must fail, makes sure that nothing was written, and compares the error's code and a part of
/// its message.
fn fails(app: &TestApp, query: &str, variables: Value, code: &str, part: &str) {
    let before = app.log_position();
    let (found, message) = app.error(query, variables);
    assert_eq!(found, code, "{query}: {message}");
    assert!(message.contains(part), "{query}: “{message}” lacks “{part}”");
    assert_eq!(app.log_position(), before, "{query}");
}

const STATUS: &str = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { clause { id } } }";

on_both_databases! {
    fn texts_out_of_bounds_are_refused(app: Empty) {
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
        // The longest that is taken, counted in characters rather than bytes.
        w.change("update", "annex", &json!({ "title": "🕊".repeat(300), "slug": "s".repeat(80), "note": "ї".repeat(20_000) }));
        w.change("update", "two", &json!({ "number": "1".repeat(32) }));
    }

    fn texts_without_a_visible_character_are_refused(app: Empty) {
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

    fn names_with_invisible_characters_are_refused(app: Empty) {
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
                ["updateAgreement", "annex", { "externalIds": [{ "scheme": name, "value": "1" }] }, fault("externalIds.0.scheme")],
                ["updateAgreement", "annex", { "externalIds": [{ "scheme": "UN", "value": name }] }, fault("externalIds.0.value")],
                ["createClause", "two", { "heading": name }, fault("heading")],
                ["updateProposal", "offer", { "title": name }, fault("title")],
                ["updateCaveat", "give", { "heading": name }, fault("heading")],
                ["updateEvent", "talks", { "title": name }, fault("title")],
                ["createEvent", "talks", { "place": name }, fault("place")],
                ["createSource", "gazette", { "title": name }, fault("title")],
                ["updateSource", "gazette", { "publisher": name }, fault("publisher")],
            ]));
            // In prose, writing systems need some of them.
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

    fn line_endings_of_texts_sent_change_nothing(app: Empty) {
        let w = World::new(&app);
        w.change("update", "borders", &json!({ "name": "Borders ", "description": "\u{feff}One, \r\n\r\ntwo.\t\r\n" }));
        let read = w.read("borders", "name description version");
        assert_eq!((&read["name"], &read["description"]), (&json!("Borders"), &json!("One,\n\ntwo.\n")));
        let position = app.log_position();
        for same in ["One,\n\ntwo.\n", "One,  \n \ntwo. \n", "One,\r\n\r\ntwo.\r\n", "One,\r\rtwo.\r"] {
            w.change("update", "borders", &json!({ "description": same }));
            assert_eq!(app.log_position(), position, "{same:?}");
        }
        // A text of every kind of input.
        let crlf = "One,\r\ntwo.";
        w.change("update", "annex", &json!({ "externalIds": [{ "scheme": "UN ", "value": "1 " }], "parties": [{ "partyId": "@north", "role": "PARTY", "capacity": crlf }] }));
        w.change("update", "two", &json!({ "deadlines": [{ "rule": crlf, "note": crlf }] }));
        w.change("update", "give", &json!({ "clauseLinks": [{ "clauseId": "@one", "kind": "OVERLAPS", "note": crlf }] }));
        let read = app.data(
            "{ agreements { nodes { externalIds { scheme value } parties { capacity } clauses { nodes { deadlines { rule note } } } } } \
             proposals { nodes { caveats { nodes { clauseLinks { note } } } } } }",
            json!({}),
        ).to_string();
        assert!(!read.contains("\\r") && !read.contains("UN "), "{read}");
        assert_eq!(read.matches("One,\\ntwo.").count(), 4, "{read}");
        let noted = w.apply("updateClauseStatus", &with(sound(&w, "updateClauseStatus", "one"), &json!({ "note": crlf })), "assessment { id note }");
        assert_eq!(noted["assessment"]["note"], "One,\ntwo.");
        let input = json!({ "assessmentId": noted["assessment"]["id"], "reason": crlf });
        let retracted = w.apply("retractAssessment", &input, "assessment { retractionReason }");
        assert_eq!(retracted["assessment"]["retractionReason"], "One,\ntwo.");
    }

    fn instants_that_leave_the_years_by_their_offset_are_refused(app: Empty) {
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

    fn slugs_numbers_and_addresses_of_the_wrong_form_are_refused(app: Empty) {
        let w = World::new(&app);
        for slug in ["", " ", "Big", "two words", "-a", "a-", "a--b", "ä", "a_b", "a\u{0}", "a/b", "мир"] {
            let part = format!("“{slug}” is not a slug: lower-case letters a to z, digits, and single hyphens");
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

    fn days_and_positions_out_of_bounds_are_refused(app: Empty) {
        let w = World::new(&app);
        let late = (day::latest_today() + Days::new(2)).to_string();
        check(&w, &json!([
            ["updateClauseStatus", "one", { "effectiveOn": "2015-02-11" }, [["OUT_OF_RANGE", "effectiveOn", "2015-02-11 is before 2015-02-12, the day on which its subject was agreed or proposed"]]],
            ["updateProposalStatus", "offer", { "effectiveOn": "2016-04-30" }, [["OUT_OF_RANGE", "effectiveOn", "2016-04-30 is before 2016-05-01"]]],
            ["updateCaveatStatus", "ask", { "effectiveOn": "0001-01-01" }, [["OUT_OF_RANGE", "effectiveOn", "0001-01-01 is before 2016-05-01"]]],
            ["updateCaveatStatus", "ask", { "effectiveOn": "9999-12-31" }, [["OUT_OF_RANGE", "effectiveOn", "9999-12-31 is in the future; the latest day is 20"]]],
            ["updateClauseStatus", "one", { "effectiveOn": late, "heldBy": "@north" }, [["OUT_OF_RANGE", "effectiveOn", format!("{late} is in the future")]]],
            ["updateEvent", "talks", { "endedOn": "2016-06-30" }, [["OUT_OF_RANGE", "endedOn", "2016-06-30 is before 2016-07-01, the day it began"]]],
            ["createClause", "two", { "position": 0 }, [["OUT_OF_RANGE", "position", "0 is out of range: from 1 to 100000"]]],
            ["updateCaveat", "give", { "position": -1 }, [["OUT_OF_RANGE", "position", "-1 is out of range"]]],
            ["updateClause", "two", { "position": 100_001 }, [["OUT_OF_RANGE", "position", "100001 is out of range"]]],
        ]));
        for (mutation, name) in [("updateClauseStatus", "one"), ("updateCaveatStatus", "ask")] {
            w.apply(mutation, &sound(&w, mutation, name), "");
        }
        check(&w, &json!([
            ["updateAgreement", "treaty", { "agreedOn": "2016-06-16" }, [["OUT_OF_RANGE", "agreedOn", "2016-06-16 is after 2016-06-15, the day of the earliest status of its clauses"]]],
            ["updateProposal", "offer", { "madeOn": "2016-06-16" }, [["OUT_OF_RANGE", "madeOn", "2016-06-16 is after 2016-06-15, the day of the earliest status of the proposal or its caveats"]]],
        ]));
        w.change("update", "treaty", &json!({ "agreedOn": "2016-06-15" }));
        w.change("update", "offer", &json!({ "madeOn": "2016-06-15" }));
    }

    fn days_that_are_none_are_refused(app: Empty) {
        let w = World::new(&app);
        for on in [json!("2015-02-30"), json!("2015-2-1"), json!(20_150_212), json!("0000-01-01"), json!(""), json!("2015-02-12T00:00:00Z"), json!("12.02.2015"), json!("+2015-02-1"), json!("２015-02-12")] {
            let input = with(sound(&w, "updateClauseStatus", "one"), &json!({ "effectiveOn": on }));
            fails(&app, STATUS, json!({ "input": input }), "BAD_USER_INPUT", "is not a day: write");
            let literal = format!("{{ clauses(filter: {{ statusSinceFrom: {on} }}) {{ totalCount }} }}");
            fails(&app, &literal, json!({}), "BAD_USER_INPUT", "is not a day: write");
        }
        let without = with(sound(&w, "updateClauseStatus", "one"), &json!({ "effectiveOn": null }));
        fails(&app, STATUS, json!({ "input": without }), "GRAPHQL_VALIDATION_FAILED", "effectiveOn");
    }

    fn ids_that_are_none_are_refused(app: Empty) {
        let w = World::new(&app);
        let long = "x".repeat(100_000);
        let padded = format!("{}=", w.id("one"));
        for id in ["", " ", "нет", "🕊", "1", "a\u{0}", "AAAA", &long, &padded, "00000000-0000-0000-0000-000000000000"] {
            let quoted: String = id.chars().take(60).collect();
            check(&w, &json!([
                ["updateClauseStatus", "one", { "clauseId": id }, [["INVALID", "clauseId", quoted]]],
                ["updateClauseStatus", "one", { "heldBy": id }, [["INVALID", "heldBy", "is not an id: give the `id` of a record of the kind party"]]],
            ]));
            let retraction = w.refuse("retractAssessment", &json!({ "assessmentId": id, "reason": "r" }));
            assert_eq!((retraction[0].0.as_str(), retraction[0].1.as_str()), ("INVALID", "assessmentId"));
            fails(&app, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }), "BAD_USER_INPUT", "is not an id of this API");
            fails(&app, "query($id: ID!) { nodes(ids: [$id]) { id } }", json!({ "id": id }), "BAD_USER_INPUT", "is not an id of this API");
        }
        check(&w, &json!([
            ["updateEvent", "talks", { "actorIds": ["@north", "@talks", "zzz"] }, [["INVALID", "actorIds.1", "is the id of a record of the kind event, not party"], ["INVALID", "actorIds.2", "“zzz” is not an id"]]],
            ["createEvent", "talks", { "concernsIds": ["@one", "@north"], "sourceIds": ["@north"] }, [["INVALID", "concernsIds.1", "kind party, not clause or caveat or proposal"], ["INVALID", "sourceIds.0", "not source"]]],
            ["updateClauseStatus", "one", { "clauseId": "@ask" }, [["INVALID", "clauseId", "is the id of a record of the kind caveat, not clause"]]],
            ["archiveParty", "north", { "partyId": "@security" }, [["INVALID", "partyId", "kind topic, not party"]]],
            ["createCaveat", "give", { "proposalId": "@treaty", "clauseLinks": [{ "clauseId": "@ask", "kind": "OVERLAPS" }] }, [["INVALID", "proposalId", "kind agreement, not proposal"], ["INVALID", "clauseLinks.0.clauseId", "kind caveat, not clause"]]],
        ]));
        let retraction = w.refuse("retractAssessment", &json!({ "assessmentId": "@one", "reason": "r" }));
        assert!(retraction[0].2.ends_with("is the id of a record of the kind clause, not of an assessment"), "{retraction:?}");
    }

    fn ids_of_nothing_are_not_found(app: Empty) {
        let w = World::new(&app);
        let (party, source, topic) = (unknown(Kind::Party), unknown(Kind::Source), unknown(Kind::Topic));
        let (clause, event) = (unknown(Kind::Clause), unknown(Kind::Event));
        check(&w, &json!([
            ["updateClauseStatus", "one", { "clauseId": clause }, [["NOT_FOUND", "clauseId", format!("there is no clause with the id “{clause}”")]]],
            ["updateClauseStatus", "one", { "clauseId": forged(w.id("ask"), Kind::Clause) }, [["NOT_FOUND", "clauseId", "there is no clause with the id"]]],
            ["updateClauseStatus", "one", { "heldBy": party, "eventId": event, "evidence": [{ "source": { "title": "T", "kind": "PRESS" } }, { "sourceId": source }] }, [
                ["NOT_FOUND", "heldBy", format!("there is no party with the id “{party}”")], ["NOT_FOUND", "eventId", event], ["NOT_FOUND", "evidence.1.sourceId", source]
            ]],
            ["updateClause", "two", { "clauseId": clause }, [["NOT_FOUND", "clauseId", clause]]],
            ["archiveTopic", "borders", { "topicId": topic }, [["NOT_FOUND", "topicId", topic]]],
            ["createClause", "two", {
                "agreementId": unknown(Kind::Agreement), "position": null, "parentId": clause, "topicId": topic, "sourceId": source,
                "obligations": [{ "partyId": "@north", "role": "OBLIGED" }, { "partyId": party, "role": "MONITOR", "heldById": party }], "deadlines": [{ "rule": "r", "heldById": party }]
            }, [
                ["NOT_FOUND", "agreementId", "agreement"], ["NOT_FOUND", "parentId", clause], ["NOT_FOUND", "topicId", topic], ["NOT_FOUND", "sourceId", source],
                ["NOT_FOUND", "obligations.1.partyId", party], ["NOT_FOUND", "obligations.1.heldById", party], ["NOT_FOUND", "deadlines.0.heldById", party]
            ]],
            ["createProposal", "answer", { "proposedByIds": ["@north", party], "respondsToId": unknown(Kind::Proposal), "agreementIds": [unknown(Kind::Agreement)] }, [
                ["NOT_FOUND", "proposedByIds.1", party], ["NOT_FOUND", "agreementIds.0", "no agreement"], ["NOT_FOUND", "respondsToId", "no proposal"]
            ]],
            ["updatePrecondition", "order", { "stepId": clause, "sourceId": source }, [["NOT_FOUND", "stepId", "there is no clause or caveat or proposal with the id"], ["NOT_FOUND", "sourceId", source]]],
        ]));
        let payload = w.apply("updateCaveatStatus", &sound(&w, "updateCaveatStatus", "ask"), "assessment { id }");
        let other = forged(payload["assessment"]["id"].as_str().unwrap(), Kind::ClauseAssessment);
        for id in [unknown(Kind::CaveatAssessment), other] {
            let faults = w.refuse("retractAssessment", &json!({ "assessmentId": id, "reason": "r" }));
            assert_eq!((faults[0].0.as_str(), faults[0].1.as_str()), ("NOT_FOUND", "assessmentId"));
            assert!(faults[0].2.contains(&id), "{faults:?}");
        }
        let none = json!({ "ids": [party, forged(w.id("ask"), Kind::Clause), unknown(Kind::Deadline)] });
        assert_eq!(app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", none), json!({ "nodes": [null, null, null] }));
    }

    fn what_is_there_already_is_a_duplicate(app: Empty) {
        let w = World::new(&app);
        w.change("archive", "envoy", &json!({}));
        w.change("archive", "order", &json!({}));
        check(&w, &json!([
            ["createAgreement", "annex", { "slug": "treaty" }, [["DUPLICATE", "slug", "“treaty” is taken by another agreement"]]],
            ["updateAgreement", "annex", { "slug": "treaty" }, [["DUPLICATE", "slug", "“treaty”"]]],
            ["updateParty", "north", { "slug": "envoy" }, [["DUPLICATE", "slug", "(archived and renamed records keep their slugs)"]]],
            ["createTopic", "borders", { "slug": "security" }, [["DUPLICATE", "slug", "“security”"]]],
            ["createSource", "gazette", { "slug": "gazette" }, [["DUPLICATE", "slug", "“gazette”"]]],
            ["createEvent", "talks", { "slug": "talks" }, [["DUPLICATE", "slug", "“talks”"]]],
            ["updateProposal", "offer", { "slug": "answer" }, [["DUPLICATE", "slug", "“answer”"]]],
            ["createClause", "two", { "number": "1" }, [["DUPLICATE", "number", "“1” is taken"]]],
            ["updateClause", "two", { "number": "1" }, [["DUPLICATE", "number", "“1” is taken"]]],
            ["createCaveat", "ask", { "number": "A-1" }, [["DUPLICATE", "number", "“A-1” is taken"]]],
            ["createPrecondition", "order", {}, [["DUPLICATE", "requiresId", "the same precondition is recorded already"]]],
            ["updateClauseStatus", "one", { "evidence": [{ "source": { "title": "T", "kind": "PRESS" } }, { "sourceId": "@gazette" }, { "sourceId": "@gazette" }] }, [["DUPLICATE", "evidence.2", "repeats item 1 of evidence"]]],
            ["updateAgreement", "annex", { "externalIds": [{ "scheme": "A", "value": "1" }, { "scheme": "B", "value": "1" }, { "scheme": "A", "value": "1" }] }, [["DUPLICATE", "externalIds.2", "repeats item 0"]]],
            ["updateAgreement", "annex", { "parties": [{ "partyId": "@north", "role": "PARTY" }, { "partyId": "@north", "role": "PARTY", "capacity": "x" }] }, [["DUPLICATE", "parties.1", "item 0"]]],
            ["updateAgreement", "annex", { "relations": [{ "kind": "AMENDS", "agreementId": "@treaty" }, { "kind": "AMENDS", "agreementId": "@treaty" }] }, [["DUPLICATE", "relations.1", "item 0"]]],
            ["updateClause", "two", { "obligations": [{ "partyId": "@north", "role": "OBLIGED" }, { "partyId": "@north", "role": "OBLIGED" }], "deadlines": [{ "rule": "r" }, { "rule": "r" }] }, [["DUPLICATE", "obligations.1", "item 0"], ["DUPLICATE", "deadlines.1", "item 0"]]],
            ["updateCaveat", "give", { "owedByIds": ["@north", "@north"], "inExchangeForIds": ["@ask", "@ask"], "answersIds": ["@ask", "@ask"], "clauseLinks": [{ "clauseId": "@one", "kind": "OVERLAPS" }, { "clauseId": "@one", "kind": "OVERLAPS", "note": "n" }] }, [
                ["DUPLICATE", "owedByIds.1", "item 0"], ["DUPLICATE", "inExchangeForIds.1", "item 0"], ["DUPLICATE", "answersIds.1", "item 0"], ["DUPLICATE", "clauseLinks.1", "item 0"]
            ]],
            ["updateEvent", "talks", { "actorIds": ["@north", "@south", "@north"], "concernsIds": ["@one", "@one"] }, [["DUPLICATE", "actorIds.2", "item 0"], ["DUPLICATE", "concernsIds.1", "item 0"]]],
        ]));
        // Numbers are unique in one agreement only.
        w.apply("createClause", &with(w.input("one"), &json!({ "agreementId": "@annex" })), "");
    }

    fn records_that_refer_to_themselves_or_across_are_refused(app: Empty) {
        let w = World::new(&app);
        check(&w, &json!([
            ["createClause", "two", { "agreementId": "@annex" }, [["INVALID", "parentId", "is a clause of another agreement"]]],
            ["updateClause", "one", { "parentId": "@two" }, [["INVALID", "parentId", "is this clause or a part of it"]]],
            ["updateClause", "one", { "parentId": "@one" }, [["INVALID", "parentId", "a clause cannot contain itself"]]],
            ["updateTopic", "security", { "parentId": "@borders" }, [["INVALID", "parentId", "is this topic or a part of it"]]],
            ["updateTopic", "security", { "parentId": "@security" }, [["INVALID", "parentId", "a topic cannot contain itself"]]],
            ["createPrecondition", "order", { "requiresId": "@two" }, [["INVALID", "requiresId", "a step cannot require itself"]]],
            ["updatePrecondition", "order", { "stepId": "@ask" }, [["INVALID", "requiresId", "a step cannot require itself"]]],
            ["updateAgreement", "treaty", { "relations": [{ "kind": "AMENDS", "agreementId": "@annex" }, { "kind": "EXTENDS", "agreementId": "@treaty" }] }, [["INVALID", "relations.1.agreementId", "must be another agreement: no agreement extends itself"]]],
            ["updateProposal", "offer", { "respondsToId": "@answer" }, [["INVALID", "respondsToId", "a proposal cannot respond to itself"]]],
            ["updateProposal", "offer", { "respondsToId": "@offer" }, [["INVALID", "respondsToId", "a proposal cannot respond to itself"]]],
            ["createCaveat", "ask", { "answersIds": ["@give", "@ask"] }, [["INVALID", "answersIds.1", "is a caveat of the same proposal; a caveat can only answer caveats of other proposals"]]],
            ["updateCaveat", "ask", { "inExchangeForIds": ["@give", "@ask"] }, [["INVALID", "inExchangeForIds.1", "a caveat cannot be exchanged for itself"]]],
            ["updateParty", "envoy", { "representsId": "@envoy" }, [["INVALID", "representsId", "is this person; a person must represent another party"]]],
            ["updateParty", "north", { "representsId": "@south" }, [["INVALID", "representsId", "only a PERSON can represent a party; this party is of kind STATE"]]],
            ["updateParty", "envoy", { "kind": "MEDIATING_BODY" }, [["INVALID", "representsId", "this party is of kind MEDIATING_BODY"]]],
            ["createProposal", "offer", { "proposedByIds": [] }, [["INVALID", "proposedByIds", "must name at least one party"]]],
        ]));
        // An input of which exactly one field is right.
        let source = json!({ "title": "T", "kind": "PRESS" });
        for evidence in [json!({}), json!({ "sourceId": "S1", "source": source }), json!({ "sourceId": "S1", "source": null }), json!({ "sourceId": null })] {
            let input = with(sound(&w, "updateClauseStatus", "one"), &json!({ "evidence": [evidence] }));
            fails(&app, STATUS, json!({ "input": input }), "GRAPHQL_VALIDATION_FAILED", "needs exactly one of its fields, which is not null: `source`, `sourceId`");
        }
    }

    fn several_faults_are_told_at_once(app: Empty) {
        let w = World::new(&app);
        let party = unknown(Kind::Party);
        check(&w, &json!([
            ["createAgreement", "annex", { "slug": "No Slug", "title": "", "summary": "a\u{0}", "note": "x".repeat(20_001), "sourceId": unknown(Kind::Source), "parties": [{ "partyId": "@north", "role": "PARTY" }, { "partyId": party, "role": "PARTY" }] }, [
                ["INVALID", "slug", "“No Slug”"], ["INVALID", "title", "empty"], ["INVALID", "summary", "U+0000"], ["TOO_LONG", "note", "20001"],
                ["NOT_FOUND", "sourceId", "no source"], ["NOT_FOUND", "parties.1.partyId", party]
            ]],
            ["updateClauseStatus", "one", { "note": "", "effectiveOn": "2015-01-01", "heldBy": party, "evidence": [{ "source": { "title": "", "kind": "PRESS", "url": "x" } }] }, [
                ["INVALID", "note", "empty"], ["OUT_OF_RANGE", "effectiveOn", "2015-01-01"], ["INVALID", "evidence.0.source.title", "empty"], ["INVALID", "evidence.0.source.url", "“x”"], ["NOT_FOUND", "heldBy", party]
            ]],
            ["createClause", "two", { "number": "1", "agreementId": "@annex" , "parentId": "@one" }, [["INVALID", "parentId", "another agreement"]]],
            ["updateClause", "one", { "number": "1.a", "parentId": "@two" }, [["INVALID", "parentId", "is this clause or a part of it"], ["DUPLICATE", "number", "“1.a”"]]],
        ]));
    }

    fn cursors_and_sizes_that_fit_no_page_are_refused(app: Empty) {
        let w = World::new(&app);
        let cursors = app.data("{ clauses { pageInfo { endCursor } } agreements { pageInfo { endCursor } } }", json!({}));
        let cursor = |list: &str| cursors[list]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let bytes = URL_SAFE_NO_PAD.decode(cursor("clauses")).unwrap();
        let altered = |to: &[u8]| URL_SAFE_NO_PAD.encode([&bytes[..2], to].concat());
        let altered = [altered(b""), altered(b"x\0y"), altered(&[0xff]), altered(b"2015-02-30\0a\0b\0c"), altered(&bytes[2..10])];
        for (side, size) in [("after", "first"), ("before", "last")] {
            let page = format!("query($cursor: String!) {{ clauses({side}: $cursor, {size}: 1) {{ totalCount }} }}");
            let altered = altered.iter().map(String::as_str);
            for garbage in ["", "x", "нет", "////", &"x".repeat(10_000)].into_iter().chain(altered) {
                fails(&app, &page, json!({ "cursor": garbage }), "BAD_USER_INPUT", "is not a cursor: use a `cursor`");
            }
            fails(&app, &page, json!({ "cursor": w.id("one") }), "BAD_USER_INPUT", "cursor");
            fails(&app, &page, json!({ "cursor": cursor("agreements") }), "BAD_USER_INPUT", "is a cursor of another list, or of this one in another order");
            let ordered = page.replace(": 1)", ": 1, orderBy: { field: DEADLINE })");
            fails(&app, &ordered, json!({ "cursor": cursor("clauses") }), "BAD_USER_INPUT", "in another order");
            for wrong in [-1, 201, i32::MAX] {
                fails(&app, &format!("{{ clauses({size}: {wrong}) {{ totalCount }} }}"), json!({}), "BAD_USER_INPUT", &format!("`{size}: {wrong}` is out of range: a page has from 0 to 200 records"));
            }
            let empty = app.data(&format!("{{ clauses({size}: 0) {{ totalCount nodes {{ id }} pageInfo {{ endCursor }} }} }}"), json!({}));
            assert_eq!(empty["clauses"], json!({ "totalCount": 2, "nodes": [], "pageInfo": { "endCursor": null } }));
        }
        fails(&app, "{ clauses(first: 1, last: 1) { totalCount } }", json!({}), "BAD_USER_INPUT", "`first` and `last` cannot be given together");
        let ids = vec![w.id("one"); 201];
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        fails(&app, nodes, json!({ "ids": ids }), "BAD_USER_INPUT", "`ids` has 201 items; at most 200 can be asked for at once");
        assert_eq!(app.data(nodes, json!({ "ids": ids[1..] }))["nodes"].as_array().unwrap().len(), 200);
    }

    fn documents_that_do_not_fit_the_schema_are_refused(app: Empty) {
        let w = World::new(&app);
        let status = |patch: Value| json!({ "input": with(sound(&w, "updateClauseStatus", "one"), &patch) });
        for (query, variables, part) in [
            (STATUS, status(json!({ "status": "DONE" })), "DONE"),
            (STATUS, status(json!({ "status": "partial" })), "partial"),
            (STATUS, status(json!({ "status": 1 })), "status"),
            (STATUS, status(json!({ "note": 1 })), "note"),
            (STATUS, status(json!({ "nonsense": 1 })), "nonsense"),
            (STATUS, status(json!({ "expectedVersion": "1" })), "expectedVersion"),
            (STATUS, status(json!({ "expectedVersion": 1.5 })), "expectedVersion"),
            (STATUS, json!({ "input": null }), "input"),
            (STATUS, json!({}), "the variable $input is missing; its type is UpdateClauseStatusInput!"),
            ("{ clauses(filter: { status: DONE }) { totalCount } }", json!({}), "DONE"),
            ("{ clauses { nonsense } }", json!({}), "nonsense"),
            ("{ clauses(size: 1) { totalCount } }", json!({}), "size"),
            ("{ clause(agreement: \"treaty\") { id } }", json!({}), "number"),
            ("query($size: String) { clauses(first: $size) { totalCount } }", json!({ "size": "1" }), "first"),
            ("{ clauses }", json!({}), "clauses"),
        ] {
            fails(&app, query, variables, "GRAPHQL_VALIDATION_FAILED", part);
        }
        // What is wrong with the second mutation keeps the first from running, too.
        let two = "mutation($input: UpdateClauseStatusInput!, $other: UpdateClauseStatusInput!) {
            updateClauseStatus(input: $input) { clause { id } } other: updateClauseStatus(input: $other) { clause { id } } }";
        fails(&app, two, status(json!({})), "GRAPHQL_VALIDATION_FAILED", "the variable $other is missing; its type is UpdateClauseStatusInput!");
        let large = status(json!({ "expectedVersion": 9_999_999_999_i64 }));
        fails(&app, STATUS, large, "GRAPHQL_VALIDATION_FAILED", "`expectedVersion`: 9999999999 is not of the type Int (from -2147483648 to 2147483647)");
    }

    fn texts_are_stored_and_found_literally(app: Empty) {
        let w = World::new(&app);
        let headings = [
            "100% done", "100 done", "a_b", "axb", r"back\slash", "'; DROP TABLE clauses; --", "\" OR 1=1 --", "$1 ? :name {parent}", "🕊 Мир — Élysée", "line\nbreak", "[\"json\", null]",
        ];
        for (number, heading) in headings.iter().enumerate() {
            w.apply("createClause", &with(w.input("one"), &json!({ "number": format!("9.{number}"), "heading": heading })), "");
        }
        let found = |text: &str| -> Vec<String> {
            let query = "query($text: String!) { clauses(filter: { text: $text }) { totalCount nodes { heading } } }";
            let clauses = app.data(query, json!({ "text": text }))["clauses"].take();
            let nodes = clauses["nodes"].as_array().unwrap();
            assert_eq!(clauses["totalCount"], nodes.len());
            nodes.iter().map(|node| node["heading"].as_str().unwrap().to_owned()).collect()
        };
        for heading in headings {
            assert_eq!(found(heading), [heading], "{heading}");
        }
        for (part, heading) in [("%", "100% done"), ("_", "a_b"), (r"\", r"back\slash"), ("'; drop", headings[5]), ("мир — elysee", headings[8]), ("🕊", headings[8]), ("LINE BREAK", headings[9])] {
            assert_eq!(found(part), [heading], "{part}");
        }
        assert_eq!(found("%%"), Vec::<String>::new());
        let literal = format!("{{ clauses(filter: {{ text: {:?} }}) {{ nodes {{ heading }} }} }}", "мир");
        assert_eq!(app.data(&literal, json!({})), json!({ "clauses": { "nodes": [{ "heading": headings[8] }] } }));
    }

    fn filters_and_slugs_that_fit_nothing_find_nothing(app: Empty) {
        let w = World::new(&app);
        for slug in ["", "x' OR '1'='1", "TREATY", "treaty\u{0}", "\u{0}", "🕊", "treaty/1", "[]"] {
            let query = r#"query($slug: String!) {
                agreement(slug: $slug) { id } party(slug: $slug) { id } proposal(slug: $slug) { id } clause(agreement: $slug, number: $slug) { id }
                number: clause(agreement: "treaty", number: $slug) { id } clauses(filter: { agreement: [$slug], topic: [$slug] }) { totalCount }
                caveats(filter: { proposal: [$slug], party: [$slug] }) { totalCount } events(filter: { actor: [$slug] }) { totalCount }
                agreements(filter: { party: [$slug] }) { totalCount } proposals(filter: { agreement: [$slug] }) { totalCount }
            }"#;
            let none = json!({ "totalCount": 0 });
            assert_eq!(app.data(query, json!({ "slug": slug })), json!({
                "agreement": null, "party": null, "proposal": null, "clause": null, "number": null,
                "clauses": none, "caveats": none, "events": none, "agreements": none, "proposals": none,
            }), "{slug:?}");
            let caveat = w.read("offer", &format!("caveat(number: {}) {{ id }}", json!(slug)));
            assert_eq!(caveat, json!({ "caveat": null }));
        }
        for list in ["clauses", "caveats", "proposals", "events"] {
            let query = format!("query($text: String!) {{ {list}(filter: {{ text: $text }}) {{ totalCount }} }}");
            fails(&app, &query, json!({ "text": "ї".repeat(301) }), "BAD_USER_INPUT", "`text` has 301 characters; a filter has at most 300");
            fails(&app, &query, json!({ "text": "a\u{0}b" }), "BAD_USER_INPUT", "`text` contains the control character U+0000");
            assert_eq!(app.data(&query, json!({ "text": "ї".repeat(300) }))[list], json!({ "totalCount": 0 }));
        }
    }
}
