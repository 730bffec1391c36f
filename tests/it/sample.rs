//! The facts about the Minsk agreements and the diplomacy of the winter 2021–22 in the shipped dossiers, compared with
//! their sources.

mod rules;

use serde_json::{Value, json};

use crate::connections::texts;
use crate::support::{TestApp, on_both_databases, outline};

/// A complete list of the sample, which fits on one page.
fn list<'v>(data: &'v Value, pointer: &str) -> &'v Vec<Value> {
    data.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("{pointer}: {data:#}"))
}

/// A string field of a record, or `-` if it is missing.
fn text<'v>(record: &'v Value, pointer: &str) -> &'v str {
    record.pointer(pointer).and_then(Value::as_str).unwrap_or("-")
}

/// Some string fields of each record, joined by spaces and sorted.
fn lines(records: &[Value], pointers: &[&str]) -> Vec<String> {
    let line = |record: &Value| {
        let words: Vec<&str> = pointers.iter().map(|pointer| text(record, pointer)).collect();
        words.join(" ")
    };
    let mut lines: Vec<String> = records.iter().map(line).collect();
    lines.sort();
    lines
}

/// Every event, read in pages.
fn events(app: &TestApp, selection: &str) -> Vec<Value> {
    let query = format!(
        "query($after: String) {{ events(first: 100, after: $after) {{ nodes {{ {selection} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut events, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut page = app.data(&query, json!({ "after": after }))["events"].take();
        events.extend(page["nodes"].as_array().expect("a list").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return events;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

/// The deadlines of a clause of Minsk II: the due date and the holder of each.
fn deadlines(app: &TestApp, number: &str) -> Vec<String> {
    let query = "query($n: String!) { clause(agreement: \"minsk-2\", number: $n) { deadlines { dueOn heldBy { slug } } } }";
    let data = app.data(query, json!({ "n": number }));
    lines(list(&data, "/clause/deadlines"), &["/dueOn", "/heldBy/slug"])
}

on_both_databases! {
    fn sample_contains_all_agreements_with_all_their_points(app: SharedSample) {
        let query = "{ agreements { nodes { slug agreedOn clauses { totalCount nodes { number position } } } } }";
        let data = app.data(query, json!({}));
        let agreements = list(&data, "/agreements/nodes");
        assert_eq!(
            lines(agreements, &["/agreedOn", "/slug"]),
            [
                "2014-09-05 minsk-protocol",
                "2014-09-19 minsk-memorandum",
                "2015-02-12 minsk-2",
                "2015-02-12 minsk-declaration",
                "2015-02-17 unsc-2202",
                "2015-09-29 minsk-addendum-2015",
                "2016-09-21 minsk-disengagement-2016",
                "2019-10-01 steinmeier-formula",
                "2019-12-09 paris-conclusions-2019",
                "2020-07-22 ceasefire-measures-2020",
            ]
        );
        let numbers = |slug: &str| -> Vec<&str> {
            let agreement = agreements.iter().find(|agreement| agreement["slug"] == slug);
            texts(&agreement.expect("the agreement exists")["clauses"]["nodes"], "/number")
        };
        assert_eq!(numbers("minsk-protocol"), ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
        assert_eq!(numbers("minsk-memorandum"), ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        assert_eq!(
            numbers("minsk-2"),
            [
                "1", "2", "3", "4", "4.a", "4.b", "5", "6", "7", "8", "8.a", "8.b", "9", "10", "10.a", "10.b", "11",
                "11.a", "11.b", "11.n1", "11.n2", "11.n3", "11.n4", "11.n5", "11.n6", "11.n7", "11.n8", "12", "13",
            ]
        );
        assert_eq!(numbers("unsc-2202"), ["1", "2", "3", "4"]);
    }

    fn sample_contains_the_parties_of_the_conflict_and_the_talks(app: SharedSample) {
        for (slug, kind) in [
            ("ukraine", "STATE"),
            ("russia", "STATE"),
            ("france", "STATE"),
            ("germany", "STATE"),
            ("united-states", "STATE"),
            ("nato", "INTERNATIONAL_ORGANISATION"),
            ("osce", "INTERNATIONAL_ORGANISATION"),
            ("osce-smm", "INTERNATIONAL_ORGANISATION"),
            ("un-security-council", "INTERNATIONAL_ORGANISATION"),
            ("trilateral-contact-group", "MEDIATING_BODY"),
            ("normandy-four", "MEDIATING_BODY"),
            ("cadlr", "DE_FACTO_AUTHORITY"),
            ("dpr", "DE_FACTO_AUTHORITY"),
            ("lpr", "DE_FACTO_AUTHORITY"),
            ("fred-kaplan", "PERSON"),
        ] {
            let data = app.data("query($s: String!) { party(slug: $s) { kind } }", json!({ "s": slug }));
            assert_eq!(data["party"]["kind"], kind, "{slug}");
        }
    }

    fn minsk_2_has_five_signatories_and_disputed_russian_roles(app: SharedSample) {
        let query = "{ agreement(slug: \"minsk-2\") { parties { role party { slug represents { slug } } heldBy { slug } } } }";
        let data = app.data(query, json!({}));
        let (mut signed, mut russia) = (Vec::new(), Vec::new());
        for part in list(&data, "/agreement/parties") {
            if part["role"] == "SIGNATORY" {
                signed.push(part.clone());
            }
            if part["party"]["slug"] == "russia" {
                russia.push(part.clone());
            }
        }
        assert_eq!(
            lines(&signed, &["/party/slug", "/party/represents/slug", "/heldBy/slug"]),
            [
                "alexander-zakharchenko - -",
                "dpr - dpr",
                "heidi-tagliavini osce -",
                "igor-plotnitsky - -",
                "leonid-kuchma ukraine -",
                "mikhail-zurabov russia -",
            ]
        );
        assert_eq!(
            lines(&russia, &["/role", "/heldBy/slug"]),
            [
                "GUARANTOR russia",
                "MEDIATOR russia",
                "PARTY france",
                "PARTY germany",
                "PARTY ukraine",
                "PARTY united-states",
            ]
        );
    }

    fn deadlines_of_minsk_2_include_rival_due_dates(app: SharedSample) {
        assert_eq!(deadlines(&app, "1"), ["2015-02-15 -"]);
        // The start depends on the translation, and the end is 14 days after the start. Some parties state other due
        // dates.
        assert_eq!(
            deadlines(&app, "2"),
            [
                "2015-02-16 -",
                "2015-02-17 -",
                "2015-03-01 cadlr",
                "2015-03-02 -",
                "2015-03-03 -",
                "2015-03-07 dpr",
                "2015-03-07 ukraine",
            ]
        );
        assert_eq!(deadlines(&app, "4.a"), ["2015-02-16 -", "2015-02-17 -", "2015-03-03 -"]);
        assert_eq!(deadlines(&app, "4.b"), ["2015-03-14 -"]);
        assert_eq!(deadlines(&app, "6"), ["2015-03-07 -", "2015-03-08 -"]);
        // The start depends on elections that were never held, so it has no due date.
        assert_eq!(deadlines(&app, "9"), ["- -", "2015-12-31 -"]);
        assert_eq!(deadlines(&app, "11.a"), ["2015-12-31 -"]);
        assert_eq!(deadlines(&app, "11.b"), ["2015-12-31 -"]);
        for number in ["5", "7", "8", "10", "12", "13"] {
            assert!(deadlines(&app, number).is_empty(), "{number}");
        }
    }

    fn border_and_elections_have_opposite_preconditions(app: SharedSample) {
        let query = "query($n: String!) { clause(agreement: \"minsk-2\", number: $n) { preconditions { kind heldBy { slug } \
                     requires { ... on Clause { number agreement { slug } } } } } }";
        let waits = |number: &str| {
            let data = app.data(query, json!({ "n": number }));
            let pointers = ["/heldBy/slug", "/kind", "/requires/agreement/slug", "/requires/number"];
            lines(list(&data, "/clause/preconditions"), &pointers)
        };
        let border = waits("9");
        let by_text: Vec<&String> = border.iter().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(
            by_text,
            ["- BEFORE_FINISH minsk-2 11", "- BEFORE_FINISH minsk-2 12", "- BEFORE_START minsk-2 12"]
        );
        assert!(border.contains(&"ukraine BEFORE_START minsk-2 10".to_owned()), "{border:#?}");
        assert!(border.contains(&"russia BEFORE_START minsk-2 11".to_owned()), "{border:#?}");
        let elections = waits("12");
        assert!(elections.contains(&"- BEFORE_START minsk-2 4.a".to_owned()), "{elections:#?}");
        assert!(elections.contains(&"ukraine BEFORE_START minsk-2 9".to_owned()), "{elections:#?}");
        assert!(!elections.contains(&"- BEFORE_START minsk-2 9".to_owned()), "{elections:#?}");
        assert_eq!(waits("2"), ["- BEFORE_START minsk-2 1", "- BEFORE_START minsk-memorandum 2"]);
    }

    fn clauses_of_minsk_2_have_their_status_after_the_invasion(app: SharedSample) {
        let query = "{ agreement(slug: \"minsk-2\") { clauses { nodes { number heading status statusSince \
                     assessment { heldBy { slug } momentum confidence } } } } }";
        let data = app.data(query, json!({}));
        for clause in list(&data, "/agreement/clauses/nodes") {
            let number = text(clause, "/number");
            assert_ne!(clause["status"], "UNASSESSED", "{number}");
            assert_eq!(clause["assessment"]["heldBy"], Value::Null, "{number}: the neutral record");
            // The invasion breached clauses 1, 2, 10 and 10.a. It made the other clauses obsolete, except for those
            // that were already completed.
            let invaded = ["1", "2", "10", "10.a"].contains(&number);
            assert_eq!(clause["status"] == "BREACHED", invaded, "{number}: {}", clause["status"]);
            assert!(text(clause, "/statusSince") >= "2022-02-22" || clause["status"] == "COMPLETE", "{number}");
        }
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("minsk_2_in_force", outline(&data));
        });
    }

    fn statuses_of_december_2021_match_the_fact_sheet(app: SharedSample) {
        let query = "{ agreement(slug: \"minsk-2\") { clauses { nodes { number assessments(first: 200) { nodes { \
                     status momentum effectiveOn heldBy { slug } } } } } } }";
        let data = app.data(query, json!({}));
        let then: Vec<(&str, &str, &str)> = list(&data, "/agreement/clauses/nodes")
            .iter()
            .map(|clause| {
                let history = list(clause, "/assessments/nodes").iter();
                let mut neutral = history.filter(|said| said["heldBy"].is_null());
                let in_force = neutral.find(|said| text(said, "/effectiveOn") <= "2021-12-02");
                let in_force = in_force.expect("every clause had been assessed by then");
                (text(clause, "/number"), text(in_force, "/status"), text(in_force, "/momentum"))
            })
            .collect();
        for expected in [
            ("1", "MINIMAL", "REGRESSING"),
            ("2", "PARTIAL", "REGRESSING"),
            ("6", "PARTIAL", "STALLED"),
            ("8", "BREACHED", "REGRESSING"),
        ] {
            assert!(then.contains(&expected), "{expected:?} in {then:#?}");
        }
        for (number, status) in [
            ("3", "PARTIAL"),
            ("4.b", "COMPLETE"),
            ("5", "NOT_STARTED"),
            ("7", "MINIMAL"),
            ("9", "NOT_STARTED"),
            ("12", "NOT_STARTED"),
            ("13", "COMPLETE"),
        ] {
            assert!(then.iter().any(|then| (then.0, then.1) == (number, status)), "{number} {then:#?}");
        }
    }

    fn clause_has_the_assessments_of_both_ukraine_and_russia(app: SharedSample) {
        let query = "{ clause(agreement: \"minsk-2\", number: \"10\") { assessments(first: 200) { nodes { status heldBy { slug } } } } }";
        let said = app.data(query, json!({}));
        let said = lines(list(&said, "/clause/assessments/nodes"), &["/heldBy/slug", "/status"]);
        assert!(said.contains(&"ukraine BREACHED".to_owned()), "{said:#?}");
        assert!(said.contains(&"russia NOT_APPLICABLE".to_owned()), "{said:#?}");
    }

    fn sample_contains_the_proposals_of_the_winter_with_caveats(app: SharedSample) {
        let query = "{ proposals { nodes { slug standing madeOn respondsTo { slug } caveats { nodes { number } } } } }";
        let data = app.data(query, json!({}));
        let proposals = list(&data, "/proposals/nodes");
        assert_eq!(
            lines(proposals, &["/madeOn", "/slug", "/standing", "/respondsTo/slug"]),
            [
                "2021-12-01 putin-security-guarantees-2021 OFFICIAL -",
                "2021-12-02 minsk-track-2021 OFFICIAL -",
                "2021-12-02 neutral-ukraine-test UNOFFICIAL putin-security-guarantees-2021",
                "2021-12-02 ukraine-withdraws-request UNOFFICIAL -",
                "2021-12-02 western-sanctions-warning OFFICIAL -",
                "2021-12-17 russia-nato-draft-agreement OFFICIAL -",
                "2021-12-17 russia-us-draft-treaty OFFICIAL -",
                "2022-01-26 nato-reply-2022 OFFICIAL russia-nato-draft-agreement",
                "2022-01-26 us-reply-2022 OFFICIAL russia-us-draft-treaty",
                "2022-02-17 russia-reaction-2022 OFFICIAL us-reply-2022",
            ]
        );
        let numbers = |slug: &str| -> Vec<&str> {
            let proposal = proposals.iter().find(|proposal| proposal["slug"] == slug);
            texts(&proposal.expect("the proposal exists")["caveats"]["nodes"], "/number")
        };
        assert_eq!(numbers("russia-us-draft-treaty"), ["US-1", "US-2", "US-3", "US-4", "US-5", "US-6", "US-7", "US-8"]);
        assert_eq!(
            numbers("russia-nato-draft-agreement"),
            ["N-1", "N-2", "N-3", "N-4", "N-5", "N-6", "N-7", "N-8", "N-9"]
        );
        assert_eq!(numbers("nato-reply-2022"), ["NR-1", "NR-2", "NR-3", "NR-4", "NR-5"]);
        assert_eq!(numbers("neutral-ukraine-test")[..5], ["G-1", "G-2", "C-1", "C-2", "C-3"]);
        assert_eq!(
            numbers("us-reply-2022"),
            ["UR-1", "UR-2", "UR-3", "UR-4", "UR-4.a", "UR-4.b", "UR-5", "UR-6", "UR-7"]
        );
    }

    fn guarantees_of_the_column_are_exchanged_for_conditions(app: SharedSample) {
        let query = "{ proposal(slug: \"neutral-ukraine-test\") { isPackage proposedBy { slug } caveats { nodes { number kind \
                     inExchangeFor { number } owedBy { slug } owedTo { slug } } } } }";
        let data = app.data(query, json!({}));
        assert_eq!(data["proposal"]["isPackage"], true);
        assert_eq!(data["proposal"]["proposedBy"], json!([{ "slug": "fred-kaplan" }]));
        for caveat in list(&data, "/proposal/caveats/nodes") {
            let mut others = texts(&caveat["inExchangeFor"], "/number");
            others.sort_unstable();
            let (kind, expected): (&str, &[&str]) = match text(caveat, "/number") {
                "G-1" | "G-2" => ("OFFER", &["C-1", "C-2", "C-3"]),
                "C-1" | "C-2" | "C-3" => ("DEMAND", &["G-1", "G-2"]),
                _ => ("CLARIFICATION", &[]),
            };
            assert_eq!(others, expected, "{}", caveat["number"]);
            assert_eq!(caveat["kind"], kind, "{}", caveat["number"]);
        }
    }

    fn american_reply_answers_the_articles_of_the_draft_treaty(app: SharedSample) {
        let query = "{ proposal(slug: \"us-reply-2022\") { caveats { nodes { number answers { number proposal { slug } } } } } }";
        let data = app.data(query, json!({}));
        let mut answers = Vec::new();
        for caveat in list(&data, "/proposal/caveats/nodes") {
            for answered in list(caveat, "/answers") {
                if answered["proposal"]["slug"] == "russia-us-draft-treaty" {
                    answers.push(format!("{} {}", text(caveat, "/number"), text(answered, "/number")));
                }
            }
        }
        assert_eq!(
            answers,
            ["UR-2 US-4", "UR-3 US-5", "UR-3 US-6", "UR-4 US-6", "UR-5 US-6", "UR-5 US-7", "UR-6 US-5"]
        );
    }

    fn core_demands_are_rejected(app: SharedSample) {
        for (proposal, number) in [
            ("russia-nato-draft-agreement", "N-4"),
            ("russia-nato-draft-agreement", "N-6"),
            ("russia-nato-draft-agreement", "N-7"),
            ("russia-us-draft-treaty", "US-4"),
        ] {
            let query = "query($p: String!, $n: String!) { proposal(slug: $p) { caveat(number: $n) { status statusSince } } }";
            let data = app.data(query, json!({ "p": proposal, "n": number }));
            let expected = json!({ "status": "REJECTED", "statusSince": "2022-01-26" });
            assert_eq!(data["proposal"]["caveat"], expected, "{number}");
        }
        let lapsed = app.data("{ proposals(filter: { status: [LAPSED] }) { totalCount } }", json!({}));
        assert_eq!(lapsed["proposals"]["totalCount"], 10, "all proposals lapsed with the invasion");
    }

    fn every_record_has_sources_and_reports_unchecked_facts(app: SharedSample) {
        let common = "source { slug } confidence note";
        let history = "assessments(first: 50) { totalCount nodes { id evidence { slug } } }";
        let query = format!(
            "{{ agreements(first: 200) {{ nodes {{ slug {common} }} }} \
             clauses(first: 200) {{ nodes {{ reference {common} {history} preconditions {{ source {{ slug }} }} }} }} \
             proposals(first: 200) {{ nodes {{ slug {common} {history} }} }} \
             caveats(first: 200) {{ nodes {{ reference {common} {history} preconditions {{ source {{ slug }} }} }} }} }}"
        );
        let data = app.data(&query, json!({}));
        let (mut unsure, mut assessments, mut preconditions) = (0, 0, 0);
        for kind in ["agreements", "clauses", "proposals", "caveats"] {
            for record in list(&data, &format!("/{kind}/nodes")) {
                let name = format!("{}{}", text(record, "/slug"), text(record, "/reference"));
                assert!(record["source"]["slug"].is_string(), "{name} has no source");
                if record["confidence"] == "LOW" {
                    assert!(text(record, "/note").contains("checked"), "the note of {name} must say what was not checked");
                    unsure += 1;
                }
                for said in record.pointer("/assessments/nodes").and_then(Value::as_array).into_iter().flatten() {
                    assert_ne!(said["evidence"], json!([]), "an assessment of {name} has no evidence");
                    assessments += 1;
                }
                for waits in record["preconditions"].as_array().into_iter().flatten() {
                    assert!(waits["source"]["slug"].is_string(), "a precondition of {name} has no source");
                    preconditions += 1;
                }
            }
        }
        assert_eq!((unsure, preconditions), (4, 72));
        assert!(assessments > 650, "{assessments}");
        let events = events(&app, "slug confidence summary sources { slug }");
        assert_eq!(events.len(), 175);
        for event in events {
            assert_ne!(event["sources"], json!([]), "{} has no source", event["slug"]);
        }
    }
}
