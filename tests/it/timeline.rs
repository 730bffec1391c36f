//! The timeline: all records with a day, in chronological order, for the whole database and for each agreement.

mod filters;

use std::collections::{BTreeMap, BTreeSet};

use clausewatch::domain::GlobalId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::connections::{List, ids, texts};
use crate::statements::{cost, number};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases};

/// For each kind of entry, the fields that the tests format as one line.
const ENTRY: &str = "__typename ... on Proposal { day: madeOn title } ... on Event { day: happenedOn title } \
     ... on ClauseAssessment { day: effectiveOn about: clause { reference } clauseStatus: status heldBy { slug } } \
     ... on CaveatAssessment { day: effectiveOn about: caveat { reference } caveatStatus: status heldBy { slug } } \
     ... on ProposalAssessment { day: effectiveOn about: proposal { reference } proposalStatus: status heldBy { slug } } \
     ... on Deadline { due: dueOn about: clause { reference } heldBy { slug } }";

/// An expected entry of the timeline, constructed from the other lists.
struct Dated {
    day: String,
    rank: usize,
    id: String,
    /// The ids of the clauses, caveats and proposals that the entry is about.
    about: Vec<String>,
}

impl Dated {
    fn key(&self) -> (&str, usize, Uuid) {
        (&self.day, self.rank, GlobalId::decode(&self.id).unwrap().uuid)
    }
}

/// All expected entries in timeline order, and the ids of the clauses, caveats and proposals of each agreement.
fn reference(app: &TestApp) -> (Vec<Dated>, BTreeMap<String, BTreeSet<String>>) {
    const ASSESSMENTS: &str = "assessments(first: 60) { nodes { id effectiveOn } }";
    let mut found = Vec::new();
    let mut agreements: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |node: &Value, day: &str, rank: usize, about: Vec<String>| {
        let Some(day) = node[day].as_str() else { return };
        found.push(Dated { day: day.to_owned(), rank, id: text(node, "/id"), about });
    };
    let (mut after, mut more) = (Value::Null, true);
    while more {
        let query = "query($after: String) { events(first: 200, after: $after) { pageInfo { hasNextPage endCursor } \
                     nodes { id happenedOn concerns { ... on Node { id } } } } }";
        let mut page = app.data(query, json!({ "after": after }))["events"].take();
        for event in page["nodes"].as_array().unwrap() {
            add(event, "happenedOn", 1, ids(&event["concerns"]));
        }
        more = page["pageInfo"]["hasNextPage"] == true;
        after = page["pageInfo"]["endCursor"].take();
    }
    let query = format!(
        "{{ proposals {{ nodes {{ id madeOn agreements {{ slug }} {ASSESSMENTS} caveats(first: 30) {{ nodes {{ id {ASSESSMENTS} }} }} }} }} \
         clauses(first: 100) {{ nodes {{ id agreement {{ slug }} deadlines {{ id dueOn }} {ASSESSMENTS} }} }} }}"
    );
    let data = app.data(&query, json!({}));
    let mut member = |agreement: &str, id: String| {
        agreements.entry(agreement.to_owned()).or_default().insert(id);
    };
    for proposal in data["proposals"]["nodes"].as_array().unwrap() {
        let id = text(proposal, "/id");
        add(proposal, "madeOn", 0, vec![id.clone()]);
        let caveats = proposal["caveats"]["nodes"].as_array().unwrap();
        for subject in caveats.iter().chain([proposal]) {
            for agreement in texts(&proposal["agreements"], "/slug") {
                member(agreement, text(subject, "/id"));
            }
            for assessment in subject["assessments"]["nodes"].as_array().unwrap() {
                add(assessment, "effectiveOn", 2, vec![text(subject, "/id")]);
            }
        }
    }
    for clause in data["clauses"]["nodes"].as_array().unwrap() {
        let id = text(clause, "/id");
        member(&text(clause, "/agreement/slug"), id.clone());
        for assessment in clause["assessments"]["nodes"].as_array().unwrap() {
            add(assessment, "effectiveOn", 2, vec![id.clone()]);
        }
        for deadline in clause["deadlines"].as_array().unwrap() {
            add(deadline, "dueOn", 3, vec![id.clone()]);
        }
    }
    found.sort_by(|one, other| one.key().cmp(&other.key()));
    (found, agreements)
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

/// The entries of the timeline as lines, for one agreement or for the whole database.
fn lines(app: &TestApp, agreement: Option<&str>, arguments: &str) -> Vec<String> {
    let timeline = format!("timeline(first: 200 {arguments}) {{ nodes {{ {ENTRY} }} }}");
    let query = match agreement {
        Some(slug) => format!("{{ of: agreement(slug: \"{slug}\") {{ {timeline} }} }}"),
        None => format!("query {{ {timeline} }}"),
    };
    let data = app.data(&query, json!({}));
    let nodes = data["of"].pointer("/timeline/nodes").unwrap_or(&data["timeline"]["nodes"]);
    nodes.as_array().unwrap().iter().map(line).collect()
}

fn line(node: &Value) -> String {
    let paths = [
        "/day",
        "/due",
        "/__typename",
        "/title",
        "/about/reference",
        "/clauseStatus",
        "/caveatStatus",
        "/proposalStatus",
        "/heldBy/slug",
    ];
    let words = paths.into_iter().filter_map(|path| node.pointer(path).and_then(Value::as_str));
    words.collect::<Vec<_>>().join(" ")
}

/// Like [`lines`], but with only the day and the kind of each entry.
fn shown(app: &TestApp, agreement: Option<&str>, arguments: &str) -> Vec<String> {
    let short = |line: String| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    lines(app, agreement, arguments).into_iter().map(short).collect()
}

/// The test world with one assessment of a clause, a proposal and a caveat. Returns the ids of the assessments.
fn assessed(app: &TestApp) -> (World<'_>, Vec<Value>) {
    let w = World::new(app);
    let assess = |(name, status, on): (&str, &str, &str)| {
        let kind = w.kind(name);
        let input = w.about(name, &json!({ "status": status, "effectiveOn": on, "note": "n" }));
        w.apply(&format!("update{kind}Status"), &input, "assessment { id }")["assessment"]["id"]
            .take()
    };
    let assessments = [
        ("two", "PARTIAL", "2015-02-26"),
        ("answer", "TABLED", "2016-06-01"),
        ("give", "REJECTED", "2016-07-01"),
    ];
    let assessments = assessments.into_iter().map(assess).collect();
    (w, assessments)
}

/// The timeline of `assessed`.
const WORLD: [&str; 7] = [
    "2015-02-26 ClauseAssessment",
    "2015-02-26 Deadline",
    "2016-05-01 Proposal",
    "2016-06-01 Proposal",
    "2016-06-01 ProposalAssessment",
    "2016-07-01 Event",
    "2016-07-01 CaveatAssessment",
];

/// `WORLD` without the entries at these indexes.
fn without(hidden: &[usize]) -> Vec<&'static str> {
    WORLD
        .iter()
        .enumerate()
        .filter(|(index, _)| !hidden.contains(index))
        .map(|(_, entry)| *entry)
        .collect()
}

macro_rules! assert_lines {
    ($name:literal, $answer:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false }, { insta::assert_snapshot!($name, $answer.join("\n")) })
    };
}

on_both_databases! {
    fn timeline_lists_the_events_of_each_day(app: SharedSample) {
        assert_lines!("timeline_of_february_2015", lines(&app, None, "from: \"2015-02-13\", to: \"2015-03-05\""));
        assert_lines!("timeline_of_december_2021", lines(&app, None, "from: \"2021-12-10\", to: \"2022-01-05\""));
        assert_lines!("timeline_of_minsk_2_in_december_2021", lines(&app, Some("minsk-2"), "from: \"2021-12-01\", to: \"2022-01-26\""));
    }

    fn timeline_contains_all_records_with_a_day_in_order(app: SharedSample) {
        let (dated, agreements) = reference(&app);
        let all: Vec<&String> = dated.iter().map(|entry| &entry.id).collect();
        assert!(all.len() > 700, "{}", all.len());
        assert!(List::root("timeline", "").walk(&app, 200, true).iter().eq(all));
        assert!(agreements.len() > 5);
        for (agreement, members) in agreements {
            let about = |entry: &&Dated| entry.about.iter().any(|id| members.contains(id));
            let expected = dated.iter().filter(about).map(|entry| &entry.id);
            let of = format!("agreement(slug: \"{agreement}\")");
            let list = List { of: &[&of], field: "timeline", arguments: "" };
            assert!(list.walk(&app, 200, true).iter().eq(expected), "{agreement}");
        }
    }

    fn timelines_are_equal_for_all_page_sizes(app: SharedSample) {
        List::root("timeline", "").check_walks(&app, &[37, 199]);
        List::root("timeline", "from: \"2021-11-01\"").check_walks(&app, &[3]);
        let list = List { of: &["agreement(slug: \"minsk-protocol\")"], field: "timeline", arguments: "" };
        let walked = list.check_walks(&app, &[11, 50]);
        assert!(walked.len() > 50, "{}", walked.len());
        let list = List { of: &["agreement(slug: \"minsk-2\")"], field: "timeline", arguments: "from: \"2016-01-01\", to: \"2016-12-31\"" };
        list.check_walks(&app, &[1, 7]);
    }

    fn cursor_is_valid_for_any_filter_by_kind(app: Empty) {
        let _ = assessed(&app);
        for of in [&[][..], &["agreement(slug: \"treaty\")"]] {
            let list = |arguments| List { of, field: "timeline", arguments };
            let whole = list("").page(&app, "first: 200", "");
            // Pages around the event: one entry before it, and all entries after it.
            let place = whole["edges"].as_array().unwrap().len() - 2;
            let cursor = &whole["edges"][place]["cursor"];
            let before = list("kinds: [ASSESSMENT]").page(&app, &format!("last: 1, before: {cursor}"), "... on ProposalAssessment { effectiveOn }");
            assert_eq!((&before["nodes"][0]["effectiveOn"], &before["totalCount"]), (&json!("2016-06-01"), &json!(3)), "{of:?}");
            let after = list("kinds: [ASSESSMENT, PROPOSAL]").page(&app, &format!("first: 9, after: {cursor}"), "");
            assert_eq!(ids(&after["nodes"]), ids(&whole["nodes"])[place + 1..]);
        }
    }

    fn entries_of_one_day_are_sorted_by_kind(app: Empty) {
        let (mut w, _) = assessed(&app);
        assert_eq!(shown(&app, None, ""), WORLD);
        let day = json!({ "slug": "day", "happenedOn": "2016-06-01" });
        w.create("day", "Event", with(w.input("talks"), &with(day, &json!({ "endedOn": null }))));
        w.change("update", "one", &json!({ "deadlines": [{ "rule": "r", "dueOn": "2016-06-01" }] }));
        let entries = ["Proposal", "Event", "ProposalAssessment", "Deadline"].map(|kind| format!("2016-06-01 {kind}"));
        assert_eq!(shown(&app, None, "from: \"2016-06-01\", to: \"2016-06-01\""), entries);
        assert_eq!(shown(&app, Some("treaty"), "from: \"2016-06-01\", to: \"2016-06-01\""), entries);
    }

    fn timeline_of_an_agreement_contains_its_entries_once(app: Empty) {
        let (w, _) = assessed(&app);
        // Only one of the proposals, the answer, concerns the treaty. The talks concern a clause and a caveat of the
        // treaty.
        assert_eq!(shown(&app, Some("treaty"), ""), without(&[2]));
        // The annex has no clauses, but the answer also concerns the annex.
        assert_eq!(shown(&app, Some("annex"), ""), without(&[0, 1, 2]));
        let count = "agreements { nodes { slug timeline(first: 0) { totalCount pageInfo { hasNextPage } } } }";
        let timeline = |count: i32| json!({ "totalCount": count, "pageInfo": { "hasNextPage": true } });
        assert_eq!(app.data(&format!("{{ {count} }}"), json!({}))["agreements"]["nodes"], json!([
            { "slug": "treaty", "timeline": timeline(6) }, { "slug": "annex", "timeline": timeline(4) },
        ]));
        w.change("update", "answer", &json!({ "agreementIds": [] }));
        assert_eq!(shown(&app, Some("annex"), ""), [""; 0]);
        assert_eq!(shown(&app, Some("treaty"), ""), without(&[2, 3, 4, 6]));
    }

    fn retracted_and_archived_records_are_excluded(app: Empty) {
        let (w, assessments) = assessed(&app);
        for (name, everywhere, of_the_treaty) in [
            ("two", &[0, 1][..], &[0, 1, 2][..]),
            ("talks", &[5], &[2, 5]),
            ("give", &[6], &[2, 6]),
            ("answer", &[3, 4, 6], &[2, 3, 4, 6]),
            ("offer", &[2], &[2]),
        ] {
            w.change("archive", name, &json!({}));
            assert_eq!(shown(&app, None, ""), without(everywhere), "{name}");
            assert_eq!(shown(&app, Some("treaty"), ""), without(of_the_treaty), "{name}");
            w.change("archive", name, &json!({ "archived": false }));
            assert_eq!(shown(&app, None, ""), WORLD, "{name}");
        }
        w.change("archive", "treaty", &json!({}));
        assert_eq!(shown(&app, None, ""), without(&[0, 1]));
        w.change("archive", "treaty", &json!({ "archived": false }));
        for (assessment, place) in assessments.iter().zip([0, 4, 6]) {
            let whole = shown(&app, None, "").len();
            w.apply("retractAssessment", &json!({ "assessmentId": assessment, "reason": "r" }), "");
            assert_eq!(shown(&app, None, "").len(), whole - 1);
            assert!(!shown(&app, None, "").contains(&WORLD[place].to_owned()));
            assert!(!shown(&app, Some("treaty"), "").contains(&WORLD[place].to_owned()));
        }
    }

    fn cursor_of_a_retracted_or_archived_entry_stays_valid(app: Empty) {
        let (w, assessments) = assessed(&app);
        for (of, rest) in [(&[][..], 6), (&["agreement(slug: \"treaty\")"][..], 5)] {
            let list = List { of, field: "timeline", arguments: "" };
            let page = list.page(&app, "first: 1", "");
            let cursor = format!("after: {}", page["pageInfo"]["endCursor"]);
            let before = list.page(&app, &cursor, "")["nodes"].take();
            assert_eq!(before.as_array().unwrap().len(), rest);
            w.change("archive", "two", &json!({}));
            let without_deadline = ids(&before).split_off(1);
            assert_eq!(ids(&list.page(&app, &cursor, "")["nodes"]), without_deadline);
            w.change("archive", "two", &json!({ "archived": false }));
        }
        let page = List::root("timeline", "").page(&app, "first: 1", "");
        w.apply("retractAssessment", &json!({ "assessmentId": assessments[0], "reason": "r" }), "");
        let page = List::root("timeline", "").page(&app, &format!("after: {}", page["pageInfo"]["endCursor"]), "");
        assert_eq!(page["nodes"].as_array().unwrap().len(), 6);
    }

    fn timelines_of_many_agreements_equal_the_single_ones(app: SharedSample) {
        let paging = ["first: 3", "last: 4", "first: 200, from: \"2015-02-01\", to: \"2015-03-31\""];
        for arguments in paging {
            let page = format!(
                "timeline({arguments}) {{ totalCount nodes {{ ... on Node {{ id }} }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage }} }}"
            );
            let together = app.data(&format!("{{ agreements {{ nodes {{ slug {page} }} }} }}"), json!({}));
            for agreement in together["agreements"]["nodes"].as_array().unwrap() {
                let query = format!("{{ agreement(slug: {}) {{ slug {page} }} }}", agreement["slug"]);
                assert_eq!(&app.data(&query, json!({}))["agreement"], agreement, "{arguments}");
            }
        }
    }

    fn page_costs_one_statement_and_one_for_each_kind(app: Sample) {
        let kinds = |nodes: &Value| {
            texts(nodes, "/__typename").into_iter().map(str::to_owned).collect::<BTreeSet<String>>()
        };
        for size in [1, 30, 200] {
            let variables = json!({ "size": size });
            let query = "query($size: Int) { timeline(first: $size) { nodes { __typename ... on Node { id } } } }";
            let found = kinds(&app.data(query, variables.clone())["timeline"]["nodes"]);
            assert_eq!(cost(&app, query, variables.clone()), 1 + number(&found));
            let query = "query($size: Int) { agreements { nodes { timeline(first: $size) { totalCount nodes { __typename } } } } }";
            let data = app.data(query, variables.clone());
            let of_all = data["agreements"]["nodes"].as_array().unwrap().iter();
            let found: BTreeSet<String> = of_all.flat_map(|agreement| kinds(&agreement["timeline"]["nodes"])).collect();
            // One statement each for agreements, timelines, records of each kind, and the numbers of entries.
            assert_eq!(cost(&app, query, variables), 1 + 1 + number(&found) + 1);
        }
    }

    fn wrong_order_of_days_and_foreign_cursors_are_rejected(app: SharedSample) {
        for query in ["{ timeline(PAGE) { totalCount } }", "{ agreement(slug: \"minsk-2\") { timeline(PAGE) { totalCount } } }"] {
            let (code, message) = app.error(&query.replace("PAGE", "from: \"2020-01-02\", to: \"2020-01-01\""), json!({}));
            assert_eq!((code.as_str(), message.as_str()), (
                "BAD_USER_INPUT", "`from: 2020-01-02` is after `to: 2020-01-01`: give the earlier day first",
            ));
            for list in ["events", "clauses", "changes"] {
                let other = app.data(&format!("{{ list: {list}(first: 1) {{ pageInfo {{ endCursor }} }} }}"), json!({}));
                let page = format!("after: {}", other["list"]["pageInfo"]["endCursor"]);
                let (code, message) = app.error(&query.replace("PAGE", &page), json!({}));
                assert_eq!(code, "BAD_USER_INPUT");
                assert!(message.starts_with("`after: “") && message.contains(" a cursor"), "{message}");
            }
        }
        let own = app.data("{ timeline(first: 1) { pageInfo { endCursor } } }", json!({}));
        let page = format!("{{ events(after: {}) {{ totalCount }} }}", own["timeline"]["pageInfo"]["endCursor"]);
        assert_eq!(app.error(&page, json!({})).0, "BAD_USER_INPUT");
    }
}
