//! Search: the results, their order and their excerpts. Both databases are compared with the same snapshot.

mod index;
mod matching;

use std::collections::{BTreeMap, HashSet};
use std::thread;

use clausewatch::db::{Access, Db, Location, integrity};
use serde_json::{Value, json};

use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases, outline};

const SEARCH: &str = "query($query: String!, $kinds: [SearchKind!], $first: Int, $after: String) {
    search(query: $query, kinds: $kinds, first: $first, after: $after) {
        totalCount
        nodes {
            score
            excerpt { text matches { start end } }
            item {
                __typename
                ... on Agreement { id label: shortTitle }
                ... on Clause { id label: reference heading }
                ... on Proposal { id label: slug }
                ... on Caveat { id label: reference heading }
                ... on Event { id label: title }
                ... on Party { id label: shortName }
                ... on Source { id label: title }
            }
        }
        edges { cursor node { item { ... on Node { id } } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

/// The answer to a search with these variables.
fn search(app: &TestApp, variables: &Value) -> Value {
    app.data(SEARCH, variables.clone())["search"].take()
}

/// The labels of the results, best first.
fn found(app: &TestApp, query: &str) -> Vec<String> {
    let found = search(app, &json!({ "query": query, "first": 200 }));
    let nodes = found["nodes"].as_array().expect("a list");
    assert!(nodes.len() == 200 || found["totalCount"] == nodes.len(), "{query}");
    nodes.iter().map(|node| text(&node["item"]["label"])).collect()
}

/// The suggestions of a search without results.
fn suggested(app: &TestApp, query: &str) -> Vec<String> {
    let document =
        "query($query: String!) { search(query: $query) { nodes { score } suggestions } }";
    let answer = app.data(document, json!({ "query": query }))["search"].take();
    assert_eq!(answer["nodes"], json!([]), "{query}");
    answer["suggestions"].as_array().expect("a list").iter().map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// An excerpt with its matches in brackets. Cuts the text at the positions, as a client does.
fn marked(excerpt: &Value) -> String {
    let units: Vec<u16> = text(&excerpt["text"]).encode_utf16().collect();
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).unwrap();
    let piece = |from: usize, to: usize| {
        String::from_utf16(&units[from..to]).expect("excerpts contain whole characters")
    };
    let (mut shown, mut at) = (String::new(), 0);
    for range in excerpt["matches"].as_array().expect("a list") {
        let (start, end) = (number(&range["start"]), number(&range["end"]));
        shown = format!("{shown}{}[{}]", piece(at, start), piece(start, end));
        at = end;
    }
    format!("{shown}{}", piece(at, units.len()))
}

/// The ids of all results of a search, read in pages. Checks every page.
fn walk(app: &TestApp, query: &str, size: usize) -> Vec<String> {
    let (mut walked, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = search(app, &json!({ "query": query, "first": size, "after": after }));
        let edges = page["edges"].as_array().expect("a list");
        let info = &page["pageInfo"];
        let ids: Vec<String> = edges.iter().map(|edge| text(&edge["node"]["item"]["id"])).collect();
        let nodes: Vec<String> = page["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|node| text(&node["item"]["id"]))
            .collect();
        assert_eq!(ids, nodes, "{query}: nodes and edges differ");
        assert_eq!(info["hasPreviousPage"], !after.is_null(), "{query}");
        assert_eq!(
            edges.first().map_or(&Value::Null, |edge| &edge["cursor"]),
            &info["startCursor"]
        );
        assert_eq!(edges.last().map_or(&Value::Null, |edge| &edge["cursor"]), &info["endCursor"]);
        walked.extend(ids);
        if info["hasNextPage"] == false {
            assert_eq!(page["totalCount"], walked.len(), "{query}");
            return walked;
        }
        assert_eq!(edges.len(), size, "{query}: page size");
        after = info["endCursor"].clone();
    }
}

fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    integrity::check(session.read().unwrap()).unwrap()
}

/// Queries whose results have the same order on both databases.
const QUERIES: [&str; 27] = [
    "minsk",
    "Minsk II",
    "minsk-2",
    "minsk ii 9",
    "minsk ii 11.a",
    "minsk 4a",
    "package of measures",
    "ceasefire",
    "CEASE",
    "border control",
    "control border",
    "elections before border",
    "special status law",
    "withdrawal heavy weapons osce",
    "prisoners exchange",
    "amnesty",
    "constitution",
    "nato eastward",
    "neutral ukraine",
    "UR-4",
    "slate kaplan",
    "putin guarantees",
    "rada resolution",
    "zelensky",
    "debaltseve",
    "2015",
    "a",
];

on_both_databases! {
    fn both_databases_return_the_same_search_results(app: SharedSample) {
        let answers: BTreeMap<&str, Value> = QUERIES
            .into_iter()
            .map(|query| {
                let answer = search(&app, &json!({ "query": query, "first": 8 }));
                let lines = answer["nodes"].as_array().expect("a list").iter().map(|node| {
                    let item = &node["item"];
                    let heading = item["heading"].as_str().map(|heading| format!(" ({heading})")).unwrap_or_default();
                    format!("{} {}: {}{heading} — {}", node["score"], text(&item["__typename"]), text(&item["label"]), marked(&node["excerpt"]))
                });
                (query, json!({ "totalCount": answer["totalCount"], "nodes": lines.collect::<Vec<_>>() }))
            })
            .collect();
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("search_results", outline(&json!(answers)));
        });
    }

    fn both_databases_return_all_results_in_the_same_order(app: SharedSample) {
        let orders: BTreeMap<&str, Vec<String>> = ["minsk", "the", "o", "ukraine"].into_iter().map(|query| (query, found(&app, query))).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("search_orders", outline(&json!(orders)));
        });
    }

    fn record_with_the_searched_reference_comes_first(app: SharedSample) {
        for (query, first) in [
            ("minsk ii 9", "Minsk II, 9"),
            ("Minsk II, 11.a", "Minsk II, 11.a"),
            ("minsk ii 11a", "Minsk II, 11.a"),
            ("minsk ii 1", "Minsk II, 1"),
            ("minsk ii", "Minsk II"),
            ("ur-4", "Written reply of the United States to Russia's draft treaty, UR-4"),
            ("ur4", "Written reply of the United States to Russia's draft treaty, UR-4"),
            ("blinken's offer to support a way out through the minsk agreements e-4", "Blinken's offer to support a way out through the Minsk agreements, E-4"),
            ("blinken's offer to support a way out through the minsk agreements", "minsk-track-2021"),
        ] {
            assert_eq!(found(&app, query)[0], first, "{query}");
        }
        // If the query is only a number, the clauses with this number come first, from all agreements.
        let nine = found(&app, "9");
        let clauses = nine.iter().take_while(|label| label.ends_with(", 9")).count();
        assert!(clauses > 1, "{nine:?}");
        assert!(!nine[clauses..].iter().any(|label| label.ends_with(", 9")), "{nine:?}");
    }

    fn changed_names_are_found_by_their_current_value(app: Empty) {
        let w = World::new(&app);
        w.apply("createClause", &with(w.input("one"), &json!({ "number": "2", "heading": "Accord 1", "summary": "Accord 1, accord 1." })), "");
        w.change("update", "treaty", &json!({ "shortTitle": "Accord" }));
        assert_eq!(found(&app, "accord 1")[..2], ["Accord, 1", "Accord, 2"]);
        w.change("update", "one", &json!({ "number": "3" }));
        assert_eq!(found(&app, "accord 1")[0], "Accord, 2");
        assert_eq!(found(&app, "accord 3")[0], "Accord, 3");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn sources_come_after_other_records_with_the_same_score(app: Empty) {
        let mut w = World::new(&app);
        w.create("report", "Source", json!({ "slug": "report", "title": "Kestrel", "kind": "PRESS" }));
        w.create("flight", "Event", json!({ "happenedOn": "2020-01-01", "kind": "OTHER", "title": "Kestrel", "summary": "None.", "slug": "report" }));
        let kinds: Vec<Value> = search(&app, &json!({ "query": "kestrel" }))["nodes"].as_array().unwrap().iter().map(|node| node["item"]["__typename"].clone()).collect();
        assert_eq!(kinds, ["Event", "Source"]);
        let scores = search(&app, &json!({ "query": "kestrel" }))["nodes"].take();
        assert_eq!(scores[0]["score"], scores[1]["score"]);
        for size in [1, 2] {
            assert_eq!(walk(&app, "kestrel", size).len(), 2);
        }
    }

    fn whole_words_names_and_rare_words_have_higher_scores(app: Empty) {
        let w = World::new(&app);
        let clause = |number: &str, heading: &str, summary: &str| {
            w.apply("createClause", &with(w.input("one"), &json!({ "number": number, "heading": heading, "summary": summary })), "");
        };
        clause("11", "Other", "A dove sits.");
        clause("12", "Dove", "It sits.");
        clause("13", "Other", "A dove, and the dove again.");
        clause("14", "Doves", "They sit.");
        assert_eq!(found(&app, "dove"), ["Treaty, 12", "Treaty, 14", "Treaty, 13", "Treaty, 11"]);
        clause("15", "Other", "Sits on a branch.");
        clause("16", "Branch", "Sits.");
        let scores: Vec<i64> = search(&app, &json!({ "query": "sits" }))["nodes"].as_array().unwrap().iter().map(|node| node["score"].as_i64().unwrap()).collect();
        assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
        let score = |query: &str| search(&app, &json!({ "query": query }))["nodes"][0]["score"].as_i64().unwrap();
        assert!(score("branch") > score("other"), "rarer words have a higher score");
        assert_eq!(found(&app, "sits")[..2], ["Treaty, 11", "Treaty, 12"], "with equal scores, the oldest record comes first");
    }

    fn filter_by_kind_keeps_scores_and_order(app: SharedSample) {
        let all = search(&app, &json!({ "query": "ceasefire", "first": 200 }));
        let all = all["nodes"].as_array().unwrap();
        let mut together = 0;
        for (kind, name) in [("AGREEMENT", "Agreement"), ("CLAUSE", "Clause"), ("PROPOSAL", "Proposal"), ("CAVEAT", "Caveat"), ("EVENT", "Event"), ("PARTY", "Party"), ("SOURCE", "Source")] {
            let only = search(&app, &json!({ "query": "ceasefire", "kinds": kind, "first": 200 }));
            let expected: Vec<&Value> = all.iter().filter(|node| node["item"]["__typename"] == name).collect();
            assert_eq!(only["nodes"].as_array().unwrap().iter().collect::<Vec<_>>(), expected, "{kind}");
            assert_eq!(only["totalCount"], expected.len());
            together += expected.len();
        }
        assert_eq!(together, all.len());
        assert!(together > 20, "{together}");
        let two = search(&app, &json!({ "query": "ceasefire", "kinds": ["EVENT", "CLAUSE"], "first": 0 }));
        assert!((2..together).contains(&usize::try_from(two["totalCount"].as_u64().unwrap()).unwrap()));
        assert_eq!(search(&app, &json!({ "query": "ceasefire", "kinds": [] }))["totalCount"], 0);
    }

    fn search_pages_of_any_size_contain_each_result_once(app: SharedSample) {
        // Most records contain the first word, so the test reads its results in larger pages.
        for (query, sizes) in [("the", [40, 50]), ("minsk", [7, 50]), ("ceasefire", [1, 3]), ("nothing-of-the-kind", [1, 50])] {
            let whole = walk(&app, query, 200);
            assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len(), "{query}");
            for size in sizes {
                assert_eq!(walk(&app, query, size), whole, "{query}, pages of {size}");
            }
        }
        let none = search(&app, &json!({ "query": "minsk", "first": 0 }));
        assert_eq!(none["nodes"], json!([]));
        let info = json!({ "hasNextPage": true, "hasPreviousPage": false, "startCursor": null, "endCursor": null });
        assert_eq!(none["pageInfo"], info);
        let unsized_page = search(&app, &json!({ "query": "the" }));
        assert_eq!(unsized_page["nodes"].as_array().unwrap().len(), 50);
    }

    fn cursor_continues_after_the_current_place_of_its_record(app: Empty) {
        let w = World::new(&app);
        for number in ["11", "12", "13", "14"] {
            w.apply("createClause", &with(w.input("one"), &json!({ "number": number, "summary": "A dove." })), "");
        }
        let page = search(&app, &json!({ "query": "dove", "first": 2 }));
        let after = page["pageInfo"]["endCursor"].clone();
        let rest = || search(&app, &json!({ "query": "dove", "after": after }))["nodes"].as_array().unwrap().iter().map(|node| text(&node["item"]["label"])).collect::<Vec<_>>();
        assert_eq!(rest(), ["Treaty, 13", "Treaty, 14"]);
        let id = page["nodes"][1]["item"]["id"].clone();
        w.apply("archiveClause", &json!({ "clauseId": id }), "");
        assert_eq!(rest(), ["Treaty, 13", "Treaty, 14"], "an archived record keeps its place");
        w.apply("updateClause", &json!({ "clauseId": id, "heading": "Dove" }), "");
        assert_eq!(rest(), ["Treaty, 11", "Treaty, 13", "Treaty, 14"], "the changed record is now the first");
        w.apply("updateClause", &json!({ "clauseId": id, "heading": "Hawk", "summary": "None." }), "");
        let lost = app.error(SEARCH, json!({ "query": "dove", "after": after }));
        assert_eq!(lost.0, "BAD_USER_INPUT");
        assert!(lost.1.contains("start again without a cursor"), "{lost:?}");
        let other = app.error("query($after: String) { clauses(after: $after) { totalCount nodes { id } } }", json!({ "after": after }));
        assert!(other.1.contains("is a cursor of another list"), "{other:?}");
        let other = app.data("{ clauses { pageInfo { endCursor } } }", json!({}))["clauses"]["pageInfo"]["endCursor"].take();
        let other = app.error(SEARCH, json!({ "query": "dove", "after": other }));
        assert!(other.1.contains("is a cursor of another list"), "{other:?}");
    }

    fn search_query_is_never_interpreted_as_syntax(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "heading": "Ceasefire now", "summary": "Near or not, and 100% sure." }));
        for query in [
            "\"ceasefire\" now", "ceasefire*", "*ceasefire", "-ceasefire", "+now", "ceasefire:now", "heading:ceasefire OR NOT now", "ceasefire & now", "ceasefire | !now",
            "ceasefire <-> now", "NEAR(ceasefire now)", "NEAR", "or", "NOT", "and", "^ceasefire", "(ceasefire", "{ceasefire}", "ceasefire'", "'ceasefire''now'", "100%", "%100", "_now",
            "\\ceasefire\\", "ceasefire\\", "ceasefire$1", "$1 now", "ceasefire -- now", "ceasefire; now", "ceasefire \u{0} now", "ceasefire\u{7}now", "ceasefire\nnow", "[\"ceasefire\"", "{\"word\": \"now\"}",
        ] {
            let words: Vec<&str> = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let texts = ["ceasefire", "now", "near", "or", "not", "and", "100", "sure", "1"];
            let is_there = words.iter().all(|word| texts.contains(&word.to_lowercase().as_str()));
            assert_eq!(found(&app, query).contains(&"Treaty, 1".to_owned()), is_there, "{query:?}");
        }
        for query in ["' OR 'x'='x", "x'); DROP TABLE search_words; --", "\" OR x=x --", "'; DELETE FROM agreements; --", "%", "_", "\\", "*", "\"", "ceasef%re", "ceasef_re"] {
            assert_eq!(found(&app, query), Vec::<String>::new(), "{query:?}");
        }
        assert_eq!(found(&app, "ceasefire now"), ["Treaty, 1"]);
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn query_without_words_returns_nothing(app: SharedSample) {
        for query in ["", " ", ".,;:!?", "—«»…", "🕊️", "\u{0}", "\u{0}\u{1}\u{1b}[31m\u{7f}".trim_end_matches("31m\u{7f}"), "\u{301}", &"*".repeat(200)] {
            assert_eq!(search(&app, &json!({ "query": query })), json!({
                "totalCount": 0, "nodes": [], "edges": [],
                "pageInfo": { "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null },
            }), "{query:?}");
        }
    }

    fn query_beyond_the_limits_is_rejected_with_the_limit(app: Empty) {
        World::new(&app);
        let refused = |variables: Value, part: &str| {
            let (code, message) = app.error(SEARCH, variables);
            assert_eq!(code, "BAD_USER_INPUT", "{message}");
            assert!(message.contains(part), "“{message}” lacks “{part}”");
        };
        let words = |count: usize| (0..count).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
        refused(json!({ "query": "x".repeat(10_240) }), "`query` has 10240 characters; a search has at most 200");
        refused(json!({ "query": "ї".repeat(201) }), "`query` has 201 characters; a search has at most 200");
        refused(json!({ "query": words(17) }), "`query` has 17 different words; a search has at most 16");
        refused(json!({ "query": "fire", "first": 201 }), "`first: 201` is out of range: a page has from 0 to 200 records");
        refused(json!({ "query": "fire", "first": -1 }), "`first: -1` is out of range");
        refused(json!({ "query": "fire", "after": "x" }), "`after: “x”` is not a cursor");
        for query in ["ї".repeat(200), words(16), "fire ".repeat(40), "🕊".repeat(200)] {
            assert!(search(&app, &json!({ "query": query }))["totalCount"].is_number(), "{query}");
        }
        let kinds = app.send("{ search(query: \"a\", kinds: [TOPIC]) { totalCount } }", json!({}));
        assert_eq!(kinds["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    }

    fn long_words_and_long_texts_are_found(app: Empty) {
        let w = World::new(&app);
        let long = "ї".repeat(20_000);
        let many = (0..2_500).map(|number| format!("w{number:05}")).collect::<Vec<_>>().join(" 🕊");
        w.change("update", "one", &json!({ "summary": long, "text": many }));
        assert_eq!(found(&app, "w02499 w00000 w01"), ["Treaty, 1"]);
        assert_eq!(found(&app, &"ї".repeat(200)), ["Treaty, 1"], "only the first 64 characters of a word are compared");
        let excerpt = search(&app, &json!({ "query": "w01234" }))["nodes"][0]["excerpt"].take();
        assert!(marked(&excerpt).contains("🕊[w01234] 🕊w01235"), "{excerpt}");
        assert!(text(&excerpt["text"]).chars().count() <= 202, "{excerpt}");
        assert_eq!(differences(&app), Vec::<String>::new());
    }
}
