//! Lists in every order.

use std::collections::{HashMap, HashSet};

use clausewatch::domain::alphabet;
use serde_json::{Value, json};

use crate::connections::{List, ids};
use crate::dossiers::import_text;
use crate::support::on_both_databases;

/// Records without assessments. Some have the same day as other records.
pub const UNASSESSED: &str = r#"
[[agreement]]
slug = "twin"
title = "Additional twin"
short_title = "Twin"
kind = "OTHER"
adoption = "Made up for a test."
agreed_on = 2015-02-12
summary = "Agreed on the same day as another."

[[agreement.clause]]
number = "1"
heading = "Nothing"
summary = "Nobody has judged it."
nature = "ONE_OFF"
topic = "process"

[[agreement.clause]]
number = "2"
heading = "Nothing more"
summary = "Nobody has judged it either."
nature = "ONE_OFF"
topic = "process"
deadlines = [{ rule = "On a day that is not known" }]

[[proposal]]
slug = "twin-proposal"
title = "A twin"
summary = "Nobody has judged it."
standing = "UNOFFICIAL"
made_on = 2021-12-02
proposed_by = ["fred-kaplan"]
addressed_to = ["russia"]

[[proposal.caveat]]
number = "T-1"
kind = "OFFER"
heading = "Nothing"
summary = "Nobody has judged it."
topic = "process"

[[proposal.caveat]]
number = "T-2"
kind = "OFFER"
heading = "Nothing more"
summary = "Nobody has judged it either."
topic = "process"
"#;

/// The sort key of a node, as a string that sorts in the same way.
type Key = fn(&Value) -> String;

/// An order of a list, with the fields to select and the sort key.
struct Order {
    list: &'static str,
    field: &'static str,
    selection: &'static str,
    key: Key,
}

fn day(node: &Value, pointer: &str, none: &str) -> String {
    node.pointer(pointer).and_then(Value::as_str).unwrap_or(none).to_owned()
}

fn place(node: &Value, pointer: &str) -> String {
    format!("{} {:04}", day(node, pointer, ""), node["position"].as_i64().expect("a position"))
}

const ORDERS: &[Order] = &[
    // Clauses of agreements concluded on the same day have their own test, which checks that the clauses of each
    // agreement are together.
    Order {
        list: "clauses",
        field: "POSITION",
        selection: "agreement { agreedOn }",
        key: |node| day(node, "/agreement/agreedOn", ""),
    },
    Order {
        list: "clauses",
        field: "STATUS_SINCE",
        selection: "statusSince",
        key: |node| day(node, "/statusSince", "0000"),
    },
    Order {
        list: "clauses",
        field: "DEADLINE",
        selection: "deadlines { dueOn }",
        key: |node| {
            let deadlines = node["deadlines"].as_array().expect("a list").iter();
            let days = deadlines.filter_map(|deadline| deadline["dueOn"].as_str());
            days.min().unwrap_or("9999").to_owned()
        },
    },
    Order {
        list: "caveats",
        field: "POSITION",
        selection: "proposal { madeOn }",
        key: |node| day(node, "/proposal/madeOn", ""),
    },
    Order {
        list: "caveats",
        field: "STATUS_SINCE",
        selection: "statusSince",
        key: |node| day(node, "/statusSince", "0000"),
    },
    Order {
        list: "proposals",
        field: "MADE_ON",
        selection: "madeOn",
        key: |node| day(node, "/madeOn", ""),
    },
    Order {
        list: "proposals",
        field: "STATUS_SINCE",
        selection: "statusSince",
        key: |node| day(node, "/statusSince", "0000"),
    },
    Order {
        list: "agreements",
        field: "AGREED_ON",
        selection: "agreedOn",
        key: |node| day(node, "/agreedOn", ""),
    },
    Order {
        list: "agreements",
        field: "TITLE",
        selection: "title",
        key: |node| day(node, "/title", ""),
    },
    Order {
        list: "events",
        field: "DAY",
        selection: "happenedOn",
        key: |node| day(node, "/happenedOn", ""),
    },
    Order {
        list: "sources",
        field: "TITLE",
        selection: "title",
        key: |node| day(node, "/title", ""),
    },
    Order {
        list: "sources",
        field: "PUBLISHED_ON",
        selection: "publishedOn",
        key: |node| day(node, "/publishedOn", "0000"),
    },
];

/// Checks that a list is sorted by a key in this direction.
fn check_sorted(nodes: &[Value], key: Key, direction: &str, what: &str) {
    let keys: Vec<String> = nodes.iter().map(key).collect();
    let mut sorted = keys.clone();
    sorted.sort_by(|one, other| alphabet::compare(one, other));
    if direction == "DESC" {
        sorted.reverse();
    }
    assert_eq!(keys, sorted, "{what}");
}

on_both_databases! {
    fn ordered_lists_are_sorted_and_paged_completely(app: Sample) {
        import_text(&app, UNASSESSED);
        for Order { list, field, selection, key } in ORDERS {
            let unordered: HashSet<String> =
                List::root(list, "").walk(&app, 200, true).into_iter().collect();
            let mut both = Vec::new();
            for direction in ["ASC", "DESC"] {
                let what = format!("{list} by {field} {direction}");
                let arguments = format!("orderBy: {{ field: {field}, direction: {direction} }}");
                let ordered = List::root(list, &arguments);
                let nodes = ordered.all(&app, selection);
                check_sorted(&nodes, *key, direction, &what);
                let walked = ordered.check_walks(&app, &[3]);
                assert_eq!(walked, ids(&Value::from(nodes.clone())), "{what}");
                assert_eq!(walked.iter().cloned().collect::<HashSet<_>>(), unordered, "{what}");
                both.push(nodes);
            }
            let keys: Vec<String> = both[0].iter().map(key).collect();
            let distinct: HashSet<&String> = keys.iter().collect();
            assert!(*field == "TITLE" || distinct.len() < keys.len(), "{list} by {field}: no ties to test");
            if *field == "STATUS_SINCE" {
                assert_eq!(both[0][0]["statusSince"], Value::Null, "{list}: unassessed records come first");
                assert!(both[0].iter().any(|node| node["statusSince"].is_string()), "{list}");
            }
            if *field == "PUBLISHED_ON" {
                assert_eq!(both[0][0]["publishedOn"], Value::Null, "{list}: a source without a day comes first");
                assert!(both[1][0]["publishedOn"].is_string(), "{list}");
            }
            if *field == "DEADLINE" {
                assert_eq!(keys.last().map(String::as_str), Some("9999"), "clauses without a deadline come last");
                assert_ne!(keys[0], "9999");
            }
        }
    }

    fn events_by_clauses_count_changes_of_the_neutral_record(app: SharedSample) {
        let query = "{ clauses(first: 200) { nodes { id assessments(first: 200) { nodes { heldBy { id } event { id } } } } } }";
        let mut clauses: HashMap<String, HashSet<String>> = HashMap::new();
        for clause in app.data(query, json!({}))["clauses"]["nodes"].as_array().unwrap() {
            for assessment in clause["assessments"]["nodes"].as_array().unwrap() {
                if let (Some(event), Value::Null) = (assessment["event"]["id"].as_str(), &assessment["heldBy"]) {
                    clauses.entry(event.to_owned()).or_default().insert(clause["id"].to_string());
                }
            }
        }
        for direction in ["ASC", "DESC"] {
            let arguments = format!("orderBy: {{ field: CLAUSES, direction: {direction} }}");
            let ordered = List::root("events", &arguments);
            let nodes = ordered.all(&app, "title happenedOn");
            let keys: Vec<(usize, &str)> = nodes
                .iter()
                .map(|event| (clauses.get(event["id"].as_str().unwrap()).map_or(0, HashSet::len), event["happenedOn"].as_str().unwrap()))
                .collect();
            assert!(if direction == "ASC" { keys.is_sorted() } else { keys.iter().rev().is_sorted() }, "{direction}: {keys:?}");
            if direction == "DESC" {
                assert_eq!(nodes[0]["title"], "Russia's full-scale invasion of Ukraine");
            }
            assert_eq!(ordered.check_walks(&app, &[3]), ids(&Value::from(nodes)));
        }
    }

    fn position_order_groups_by_document_in_text_order(app: Sample) {
        import_text(&app, UNASSESSED);
        for (list, owner) in [("clauses", "agreement"), ("caveats", "proposal")] {
            for direction in ["ASC", "DESC"] {
                let arguments = format!("orderBy: {{ field: POSITION, direction: {direction} }}");
                let selection = format!("position {owner} {{ slug }}");
                let nodes = List::root(list, &arguments).all(&app, &selection);
                let owners: Vec<String> =
                    nodes.iter().map(|node| day(node, &format!("/{owner}/slug"), "")).collect();
                let mut blocks = owners.clone();
                blocks.dedup();
                let distinct: HashSet<&String> = owners.iter().collect();
                assert_eq!(blocks.len(), distinct.len(), "{list} {direction}: {blocks:?}");
                for slug in distinct {
                    let own: Vec<Value> =
                        nodes.iter().zip(&owners).filter(|(_, owner)| *owner == slug).map(|(node, _)| node.clone()).collect();
                    check_sorted(&own, |node| place(node, "/none"), direction, slug);
                }
            }
        }
    }

    fn nested_lists_can_be_ordered_and_paged(app: SharedSample) {
        for of in ["agreement(slug: \"minsk-2\")", "party(slug: \"ukraine\")"].each_ref().map(std::slice::from_ref) {
            for Order { field, selection, key, .. } in ORDERS.iter().filter(|order| order.list == "clauses") {
                for direction in ["ASC", "DESC"] {
                    let arguments = format!("orderBy: {{ field: {field}, direction: {direction} }}");
                    let list = List { of, field: "clauses", arguments: &arguments };
                    let nodes = list.all(&app, selection);
                    assert!(nodes.len() > 20, "{of:?}");
                    check_sorted(&nodes, *key, direction, &format!("{of:?} {field} {direction}"));
                    list.check_walks(&app, &[7]);
                }
            }
        }
    }

    fn names_and_titles_are_sorted_alphabetically(app: Empty) {
        // Sorted by code point, capitals would come before small letters, É after z, and Ґ after Я.
        let sorted = ["10 steps", "2 steps", "Äpfel", "apple", "Apple", "Éclair", "zebra", "Zone", "Ґанок", "Гора", "Дім"];
        let mut shuffled = sorted.to_vec();
        shuffled.reverse();
        shuffled.swap(2, 7);
        for (number, name) in shuffled.iter().enumerate() {
            let slug = format!("s-{number}");
            for (kind, input) in [
                ("Agreement", json!({ "slug": slug, "title": name, "shortTitle": "s", "summary": "s", "adoption": "a", "kind": "OTHER", "agreedOn": "2015-02-12" })),
                ("Party", json!({ "slug": slug, "name": name, "shortName": "s", "kind": "STATE" })),
                ("Topic", json!({ "slug": slug, "name": name })),
                ("Source", json!({ "slug": slug, "title": name, "kind": "PRESS" })),
            ] {
                let mutation = format!("mutation($input: Create{kind}Input!) {{ create{kind}(input: $input) {{ userErrors {{ path message }} }} }}");
                let data = app.data(&mutation, json!({ "input": input }));
                assert_eq!(data[format!("create{kind}")]["userErrors"], json!([]));
            }
        }
        let lists = [("agreements", "orderBy: { field: TITLE }", "title"), ("parties", "", "name"), ("sources", "", "title")];
        for (field, arguments, name) in lists {
            let list = List::root(field, arguments);
            let all: Vec<String> = list.all(&app, name).iter().map(|node| day(node, &format!("/{name}"), "")).collect();
            assert_eq!(all, sorted, "{field}");
            let ids: Vec<String> = list.all(&app, "id").iter().map(|node| day(node, "/id", "")).collect();
            assert_eq!(list.walk(&app, 2, true), ids, "{field}");
        }
        let topics = app.data("{ topics { name } }", json!({}));
        let topics: Vec<&str> = topics["topics"].as_array().unwrap().iter().map(|topic| topic["name"].as_str().unwrap()).collect();
        assert_eq!(topics, sorted);
    }

    fn lists_without_an_order_argument_are_sorted_as_documented(app: SharedSample) {
        let lists: [(List<'_>, &str, Key, &str); 10] = [
            (List::root("agreements", ""), "agreedOn", |node| day(node, "/agreedOn", ""), "ASC"),
            (List::root("proposals", ""), "madeOn", |node| day(node, "/madeOn", ""), "ASC"),
            (List::root("parties", ""), "name", |node| day(node, "/name", ""), "ASC"),
            (List::root("events", ""), "happenedOn", |node| day(node, "/happenedOn", ""), "ASC"),
            (List::root("sources", ""), "title", |node| day(node, "/title", ""), "ASC"),
            (
                List { of: &["source(url: \"https://undocs.org/A/RES/ES-11/1\")"], field: "assessments", arguments: "" },
                "... on Assessment { effectiveOn recordedAt }",
                |node| format!("{} {}", day(node, "/effectiveOn", ""), day(node, "/recordedAt", "")),
                "DESC",
            ),
            (
                List { of: &["source(url: \"https://slate.com/news-and-politics/2021/12/biden-and-putin-ukraine-crisis.html\")"], field: "events", arguments: "" },
                "happenedOn",
                |node| day(node, "/happenedOn", ""),
                "ASC",
            ),
            (
                List { of: &["party(slug: \"russia\")"], field: "agreements", arguments: "" },
                "agreedOn",
                |node| day(node, "/agreedOn", ""),
                "ASC",
            ),
            (
                List { of: &["agreement(slug: \"minsk-2\")"], field: "clauses", arguments: "" },
                "position",
                |node| place(node, "/none"),
                "ASC",
            ),
            (
                List { of: &["clause(agreement: \"minsk-2\", number: \"1\")"], field: "assessments", arguments: "" },
                "effectiveOn recordedAt",
                |node| format!("{} {}", day(node, "/effectiveOn", ""), day(node, "/recordedAt", "")),
                "DESC",
            ),
        ];
        for (list, selection, key, direction) in lists {
            let nodes = list.all(&app, selection);
            assert!(nodes.len() > 5, "{}: {}", list.field, nodes.len());
            check_sorted(&nodes, key, direction, list.field);
        }
        let topics = app.data("{ topics { id name } }", json!({}));
        let topics: Vec<Value> = topics["topics"].as_array().expect("a list").clone();
        check_sorted(&topics, |node| day(node, "/name", ""), "ASC", "topics");
    }
}
