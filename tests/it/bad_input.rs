//! Invalid input: the server rejects it with a specific message and writes nothing.

mod texts;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Days;
use clausewatch::domain::viewer::Role;
use clausewatch::domain::{GlobalId, Id, Kind, day};
use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import};
use crate::support::world::{World, with};
use crate::support::{TestApp, clausewatch, client, on_both_databases, text};

/// A valid input of `mutation` for the record `name`.
fn valid_input(w: &World<'_>, mutation: &str, name: &str) -> Value {
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

/// Sends the mutation of each case, with a valid input changed by the case's patch, and compares the errors: their
/// codes, their paths, and a part of each message.
fn check(w: &World<'_>, cases: &Value) {
    for case in cases.as_array().unwrap() {
        let (mutation, name) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
        let faults = w.reject(mutation, &with(valid_input(w, mutation, name), &case[2]));
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

/// A valid id of this kind that no record has.
fn unknown(kind: Kind) -> String {
    GlobalId::new(kind, Id::<()>::new()).encode()
}

/// The same UUID in an id of another kind.
fn with_kind(id: &str, kind: Kind) -> String {
    GlobalId { kind, ..GlobalId::decode(id).unwrap() }.encode()
}

/// Sends an operation that must fail, checks that nothing was written, and compares the error's code and a part of its
/// message.
fn fails(app: &TestApp, query: &str, variables: Value, code: &str, part: &str) {
    let before = app.log_position();
    let (found, message) = app.error(query, variables);
    assert_eq!(found, code, "{query}: {message}");
    assert!(message.contains(part), "{query}: “{message}” lacks “{part}”");
    assert_eq!(app.log_position(), before, "{query}");
}

const STATUS: &str = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { clause { id } } }";

on_both_databases! {
    fn malformed_ids_are_rejected(app: Empty) {
        let w = World::new(&app);
        let long = "x".repeat(100_000);
        let padded = format!("{}=", w.id("one"));
        for id in ["", " ", "нет", "🕊", "1", "a\u{0}", "AAAA", &long, &padded, "00000000-0000-0000-0000-000000000000"] {
            let quoted: String = id.chars().take(60).collect();
            check(&w, &json!([
                ["updateClauseStatus", "one", { "clauseId": id }, [["INVALID", "clauseId", quoted]]],
                ["updateClauseStatus", "one", { "heldBy": id }, [["INVALID", "heldBy", "is not an id: give an `id` of kind party"]]],
            ]));
            let retraction = w.reject("retractAssessment", &json!({ "assessmentId": id, "reason": "r" }));
            assert_eq!((retraction[0].0.as_str(), retraction[0].1.as_str()), ("INVALID", "assessmentId"));
            fails(&app, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }), "BAD_USER_INPUT", "is not an id of this API");
            fails(&app, "query($id: ID!) { nodes(ids: [$id]) { id } }", json!({ "id": id }), "BAD_USER_INPUT", "is not an id of this API");
        }
        check(&w, &json!([
            ["updateEvent", "talks", { "actorIds": ["@north", "@talks", "zzz"] }, [["INVALID", "actorIds.1", "is an id of kind event, not party"], ["INVALID", "actorIds.2", "“zzz” is not an id"]]],
            ["createEvent", "talks", { "concernsIds": ["@one", "@north"], "sourceIds": ["@north"] }, [["INVALID", "concernsIds.1", "kind party, not clause or caveat or proposal"], ["INVALID", "sourceIds.0", "not source"]]],
            ["updateClauseStatus", "one", { "clauseId": "@ask" }, [["INVALID", "clauseId", "is an id of kind caveat, not clause"]]],
            ["archiveParty", "north", { "partyId": "@security" }, [["INVALID", "partyId", "kind topic, not party"]]],
            ["createCaveat", "give", { "proposalId": "@treaty", "clauseLinks": [{ "clauseId": "@ask", "kind": "OVERLAPS" }] }, [["INVALID", "proposalId", "kind agreement, not proposal"], ["INVALID", "clauseLinks.0.clauseId", "kind caveat, not clause"]]],
        ]));
        let retraction = w.reject("retractAssessment", &json!({ "assessmentId": "@one", "reason": "r" }));
        assert!(retraction[0].2.ends_with("is an id of kind clause, not of an assessment"), "{retraction:?}");
    }

    fn ids_of_missing_records_are_not_found(app: Empty) {
        let w = World::new(&app);
        let (party, source, topic) = (unknown(Kind::Party), unknown(Kind::Source), unknown(Kind::Topic));
        let (clause, event) = (unknown(Kind::Clause), unknown(Kind::Event));
        check(&w, &json!([
            ["updateClauseStatus", "one", { "clauseId": clause }, [["NOT_FOUND", "clauseId", format!("there is no clause with the id “{clause}”")]]],
            ["updateClauseStatus", "one", { "clauseId": with_kind(w.id("ask"), Kind::Clause) }, [["NOT_FOUND", "clauseId", "there is no clause with the id"]]],
            ["updateClauseStatus", "one", { "heldBy": party, "eventId": event, "evidence": [{ "source": { "title": "T", "kind": "PRESS" } }, { "sourceId": source }] }, [
                ["NOT_FOUND", "heldBy", format!("there is no party with the id “{party}”")], ["NOT_FOUND", "eventId", event], ["NOT_FOUND", "evidence.1.sourceId", source]
            ]],
            ["updateClauseStatus", "one", { "evidence": [{ "citation": { "sourceId": source } }] }, [["NOT_FOUND", "evidence.0.citation.sourceId", source]]],
            ["updateClause", "two", { "clauseId": clause }, [["NOT_FOUND", "clauseId", clause]]],
            ["archiveTopic", "borders", { "topicId": topic }, [["NOT_FOUND", "topicId", topic]]],
            ["updateTopic", "borders", { "parentId": topic }, [["NOT_FOUND", "parentId", topic]]],
            ["updateParty", "envoy", { "representsId": party }, [["NOT_FOUND", "representsId", party]]],
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
            ["updateAgreement", "annex", { "endings": [{ "endedOn": "2016-01-01", "kind": "EXPIRED", "heldById": party, "sourceId": source }] }, [
                ["NOT_FOUND", "endings.0.heldById", party], ["NOT_FOUND", "endings.0.sourceId", source]
            ]],
            ["createInterpretation", "reading", { "subjectId": clause, "heldById": party, "sourceId": source }, [
                ["NOT_FOUND", "subjectId", "there is no clause or caveat with the id"], ["NOT_FOUND", "heldById", party], ["NOT_FOUND", "sourceId", source]
            ]],
            ["updatePrecondition", "order", { "stepId": clause, "sourceId": source }, [["NOT_FOUND", "stepId", "there is no clause or caveat or proposal with the id"], ["NOT_FOUND", "sourceId", source]]],
        ]));
        let payload = w.apply("updateCaveatStatus", &valid_input(&w, "updateCaveatStatus", "ask"), "assessment { id }");
        let other = with_kind(payload["assessment"]["id"].as_str().unwrap(), Kind::ClauseAssessment);
        for id in [unknown(Kind::CaveatAssessment), other] {
            let faults = w.reject("retractAssessment", &json!({ "assessmentId": id, "reason": "r" }));
            assert_eq!((faults[0].0.as_str(), faults[0].1.as_str()), ("NOT_FOUND", "assessmentId"));
            assert!(faults[0].2.contains(&id), "{faults:?}");
        }
        let none = json!({ "ids": [party, with_kind(w.id("ask"), Kind::Clause), unknown(Kind::Deadline)] });
        assert_eq!(app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", none), json!({ "nodes": [null, null, null] }));
    }

    fn existing_values_are_rejected_as_duplicates(app: Empty) {
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
            ["createPrecondition", "order", {}, [["DUPLICATE", "requiresId", "the same precondition is already recorded"]]],
            ["updateClauseStatus", "one", { "evidence": [{ "source": { "title": "T", "kind": "PRESS" } }, { "sourceId": "@gazette" }, { "sourceId": "@gazette" }] }, [["DUPLICATE", "evidence.2", "repeats item 1 of evidence"]]],
            ["updateAgreement", "annex", { "externalIds": [{ "scheme": "PA-X", "value": "1" }, { "scheme": "PAM", "value": "1" }, { "scheme": "PA-X", "value": "1" }] }, [["DUPLICATE", "externalIds.2", "repeats item 0"]]],
            ["updateAgreement", "annex", { "parties": [{ "partyId": "@north", "role": "PARTY" }, { "partyId": "@north", "role": "PARTY", "capacity": "x" }] }, [["DUPLICATE", "parties.1", "item 0"]]],
            ["updateAgreement", "annex", { "relations": [{ "kind": "AMENDS", "agreementId": "@treaty" }, { "kind": "AMENDS", "agreementId": "@treaty" }] }, [["DUPLICATE", "relations.1", "item 0"]]],
            ["updateClause", "two", { "obligations": [{ "partyId": "@north", "role": "OBLIGED" }, { "partyId": "@north", "role": "OBLIGED" }], "deadlines": [{ "rule": "r" }, { "rule": "r" }] }, [["DUPLICATE", "obligations.1", "item 0"], ["DUPLICATE", "deadlines.1", "item 0"]]],
            ["updateCaveat", "give", { "owedByIds": ["@north", "@north"], "inExchangeForIds": ["@ask", "@ask"], "answersIds": ["@ask", "@ask"], "clauseLinks": [{ "clauseId": "@one", "kind": "OVERLAPS" }, { "clauseId": "@one", "kind": "OVERLAPS", "note": "n" }] }, [
                ["DUPLICATE", "owedByIds.1", "item 0"], ["DUPLICATE", "inExchangeForIds.1", "item 0"], ["DUPLICATE", "answersIds.1", "item 0"], ["DUPLICATE", "clauseLinks.1", "item 0"]
            ]],
            ["updateEvent", "talks", { "actorIds": ["@north", "@south", "@north"], "concernsIds": ["@one", "@one"] }, [["DUPLICATE", "actorIds.2", "item 0"], ["DUPLICATE", "concernsIds.1", "item 0"]]],
        ]));
        // Clause numbers are unique only within an agreement.
        w.apply("createClause", &with(w.input("one"), &json!({ "agreementId": "@annex" })), "");
    }

    fn invalid_references_between_records_are_rejected(app: Empty) {
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
        // An item of `evidence` must set exactly one of its fields.
        let source = json!({ "title": "T", "kind": "PRESS" });
        for evidence in [json!({}), json!({ "sourceId": "S1", "source": source }), json!({ "sourceId": "S1", "source": null }), json!({ "sourceId": null })] {
            let input = with(valid_input(&w, "updateClauseStatus", "one"), &json!({ "evidence": [evidence] }));
            fails(&app, STATUS, json!({ "input": input }), "GRAPHQL_VALIDATION_FAILED", "requires exactly one of these fields, and not null: `citation`, `source`, `sourceId`");
        }
    }

    fn all_errors_of_an_input_are_reported_at_once(app: Empty) {
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

    fn invalid_cursors_and_page_sizes_are_rejected(app: Empty) {
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
            fails(&app, &page, json!({ "cursor": cursor("agreements") }), "BAD_USER_INPUT", "is a cursor of another list, or of this list in another order");
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
        fails(&app, nodes, json!({ "ids": ids }), "BAD_USER_INPUT", "`ids` has 201 items; at most 200 can be requested at once");
        assert_eq!(app.data(nodes, json!({ "ids": ids[1..] }))["nodes"].as_array().unwrap().len(), 200);
    }

    fn documents_that_violate_the_schema_are_rejected(app: Empty) {
        let w = World::new(&app);
        let status = |patch: Value| json!({ "input": with(valid_input(&w, "updateClauseStatus", "one"), &patch) });
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
        // An invalid variable of the second mutation also prevents the first one from running.
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

    fn unmatched_filters_and_slugs_return_nothing(app: Empty) {
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
        for list in ["clauses", "caveats", "proposals", "events", "sources"] {
            let query = format!("query($text: String!) {{ {list}(filter: {{ text: $text }}) {{ totalCount }} }}");
            fails(&app, &query, json!({ "text": "ї".repeat(301) }), "BAD_USER_INPUT", "`text` has 301 characters; a filter has at most 300");
            fails(&app, &query, json!({ "text": "a\u{0}b" }), "BAD_USER_INPUT", "`text` contains the control character U+0000");
            assert_eq!(app.data(&query, json!({ "text": "ї".repeat(300) }))[list], json!({ "totalCount": 0 }));
        }
    }
}
