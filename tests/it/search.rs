//! Search: what is found, in which order, and what is shown of it. Both databases are compared with the same snapshot.

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

/// What a search with these variables answers.
fn search(app: &TestApp, variables: &Value) -> Value {
    app.data(SEARCH, variables.clone())["search"].take()
}

/// The labels of what is found, best first.
fn found(app: &TestApp, query: &str) -> Vec<String> {
    let found = search(app, &json!({ "query": query, "first": 200 }));
    let nodes = found["nodes"].as_array().expect("a list");
    assert!(nodes.len() == 200 || found["totalCount"] == nodes.len(), "{query}");
    nodes.iter().map(|node| text(&node["item"]["label"])).collect()
}

/// What a search that finds nothing suggests.
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

/// An excerpt with its matches in brackets, cut out as a client would.
fn marked(excerpt: &Value) -> String {
    let units: Vec<u16> = text(&excerpt["text"]).encode_utf16().collect();
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).unwrap();
    let piece =
        |from: usize, to: usize| String::from_utf16(&units[from..to]).expect("whole characters");
    let (mut shown, mut at) = (String::new(), 0);
    for range in excerpt["matches"].as_array().expect("a list") {
        let (start, end) = (number(&range["start"]), number(&range["end"]));
        shown = format!("{shown}{}[{}]", piece(at, start), piece(start, end));
        at = end;
    }
    format!("{shown}{}", piece(at, units.len()))
}

/// Every id that a search finds, walked in pages. Checks every page on the way.
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
        assert_eq!(ids, nodes, "{query}: nodes and edges agree");
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
        assert_eq!(edges.len(), size, "{query}: a full page");
        after = info["endCursor"].clone();
    }
}

fn differences(app: &TestApp) -> Vec<String> {
    let mut session = app.db().session(Access::Read).unwrap();
    integrity::check(session.read().unwrap()).unwrap()
}

/// What both databases find in the sample, in the same order.
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
    fn shared_queries_find_the_same_in_the_same_order_on_both_databases(app: Sample) {
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

    fn every_order_of_all_results_is_the_same_on_both_databases(app: Sample) {
        let orders: BTreeMap<&str, Vec<String>> = ["minsk", "the", "o", "ukraine"].into_iter().map(|query| (query, found(&app, query))).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("search_orders", outline(&json!(orders)));
        });
    }

    fn case_accents_and_forms_of_letters_do_not_count(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "heading": "Élysée — зустріч", "summary": "ЁЛКА у Києві. Об’єкт 🕊️ ﬁne." }));
        for query in ["élysée", "ELYSEE", "E\u{301}lyse\u{301}e", "ёлка", "елка", "ЗУСТРІЧ", "києві", "fine", "ﬁn", "объект", "об'єкт"] {
            let expected: &[&str] = if query == "объект" { &[] } else { &["Treaty, 1"] };
            assert_eq!(found(&app, query), expected, "{query}");
        }
        let excerpt = |query: &str| marked(&search(&app, &json!({ "query": query }))["nodes"][0]["excerpt"]);
        assert_eq!(excerpt("elysee"), "1 [Élysée] — зустріч");
        assert_eq!(excerpt("елка києві fin"), "[ЁЛКА] у [Києві]. Об’єкт 🕊️ [ﬁne].");
    }

    fn other_spellings_of_a_word_are_the_same_word(app: Empty) {
        let w = World::new(&app);
        let summary = "Об\u{2bc}єкт, Straße, λόγος, Ґанок, Łódź, Ødense, Đakovo, cease\u{ad}fire, Russia\u{2019}s. 双方同意停火协议。หยุดยิงแล้ว";
        w.change("update", "one", &json!({ "heading": "First", "summary": summary }));
        let excerpt = |query: &str| marked(&search(&app, &json!({ "query": query, "kinds": "CLAUSE" }))["nodes"][0]["excerpt"]);
        for (queries, mark) in [
            (&["об'єкт", "ОБ\u{2019}ЄКТ", "об\u{2bc}єкт", "обєкт"][..], "[Об\u{2bc}єкт]"),
            (&["STRASSE", "straße", "STRAẞE"], "[Straße]"),
            (&["ΛΌΓΟΣ", "λογοσ", "λόγος"], "[λόγος]"),
            (&["ганок", "ҐАНОК"], "[Ґанок]"),
            (&["lodz", "łódź"], "[Łódź]"),
            (&["odense"], "[Ødense]"),
            (&["dakovo", "đakovo"], "[Đakovo]"),
            (&["ceasefire", "cease\u{200b}fire", "CEASE\u{ad}FIRE"], "[cease\u{ad}fire]"),
            (&["Russia's", "russias"], "[Russia\u{2019}s]"),
            (&["停火"], "双方同意[停火]协议"),
            (&["火协议"], "双方同意停[火协议]"),
            (&["หยุดยิง"], "[หยุดยิง]แล้ว"),
        ] {
            for query in queries {
                assert_eq!(found(&app, query), ["Treaty, 1"], "{query}");
                assert!(excerpt(query).contains(mark), "{query}: {}", excerpt(query));
            }
        }
        assert_eq!(found(&app, "russia first"), ["Treaty, 1"], "what stands before an apostrophe is a word, too");
        assert_eq!(found(&app, "停战"), Vec::<String>::new());
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn aliases_notes_and_external_ids_are_searched(app: Empty) {
        let mut w = World::new(&app);
        for (query, label) in [
            ("додаток", "Annex"), ("pa-x 1", "Annex"), ("one copy", "Annex"), ("annex guns", ""), ("guns treaty", "Treaty, 1.a"), ("важке озброєння", "Treaty, 1.a"),
            ("translated", "Treaty, 1.a"), ("відповідь", "answer"), ("leaked", "answer"), ("відповідь give", "Answer, G-1"), ("дати", "Answer, G-1"), ("oral", "Answer, G-1"),
            ("розмови", "Talks"), ("анна", "Envoy"), ("ann envoy", "Envoy"),
        ] {
            let expected: &[&str] = if label.is_empty() { &[] } else { &[label] };
            assert_eq!(found(&app, query), expected, "{query}");
        }
        let excerpt = search(&app, &json!({ "query": "guns" }))["nodes"][0]["excerpt"].take();
        assert_eq!(marked(&excerpt), "[Guns]");
        w.change("update", "two", &json!({ "aliases": ["Howitzers"], "note": null }));
        assert_eq!((found(&app, "guns"), found(&app, "translated")), (Vec::new(), Vec::new()));
        assert_eq!(found(&app, "howitzers"), ["Treaty, 1.a"]);
        w.change("update", "annex", &json!({ "externalIds": [{ "scheme": "UNTS", "value": "52401" }] }));
        assert_eq!((found(&app, "pa-x"), found(&app, "unts 52401")), (Vec::new(), vec!["Annex".to_owned()]));
        w.change("archive", "envoy", &json!({}));
        assert_eq!(found(&app, "анна"), Vec::<String>::new());
        for (aliases, code) in [(json!(["A", "A"]), "DUPLICATE"), (json!([" "]), "INVALID"), (json!(["x".repeat(301)]), "TOO_LONG"), (json!((0..51).map(|n| n.to_string()).collect::<Vec<_>>()), "TOO_LONG")] {
            assert_eq!(w.refuse("updateClause", &w.about("two", &json!({ "aliases": aliases })))[0].0, code, "{aliases}");
        }
        w.create("late", "Party", json!({ "slug": "late", "name": "Late", "shortName": "Late", "kind": "STATE" }));
        assert_eq!(w.created("late")["aliases"], json!([]));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn names_in_other_languages_and_spellings_find_the_record_itself_first(app: Sample) {
        for (query, first) in [
            ("кордон", "Minsk II, 9"), ("перемир'я", "Minsk II, 1"), ("перемир\u{2019}я", "Minsk II, 1"), ("перемирие", "Minsk II, 1"), ("cease fire", "Minsk II, 1"),
            ("Дебальцеве", "Ceasefire takes effect, but not at Debaltseve"), ("Debaltsevo", "Ceasefire takes effect, but not at Debaltseve"),
            ("Donbass", "CADLR"), ("Zelenskyy", "Zelensky"), ("Steinmeyer", "Steinmeier formula"), ("Frank-Walter Steinmeyer", "Steinmeier"), ("Steinmeyer formula", "Steinmeier formula"),
            // The record itself comes before events and sources that mention it.
            ("border control", "Minsk II, 9"), ("full ceasefire", "Paris conclusions, 1"), ("припинення вогню", "Minsk II, 1"), ("amnesty", "Minsk II, 5"), ("constitutional reform", "Minsk II, 11"),
            ("prisoners exchange", "Blinken's offer to support a way out through the Minsk agreements, E-5"), ("special status law", "Minsk II, 11.b"), ("minsk ii", "Minsk II"), ("minsk 2 9", "Minsk II, 9"),
        ] {
            let labels = found(&app, query);
            assert_eq!(labels.first().map(String::as_str), Some(first), "{query}: {labels:?}");
        }
    }

    fn one_misspelt_letter_finds_after_what_is_spelt_so(app: Empty) {
        let mut w = World::new(&app);
        w.create("report", "Event", json!({ "happenedOn": "2020-01-01", "kind": "OTHER", "title": "Kestrol", "summary": "Kestrol, kestrol, kestrol." }));
        w.apply("createClause", &with(w.input("one"), &json!({ "number": "2", "heading": "Bird", "summary": "A kestrel sits." })), "");
        for query in ["kestrel", "kestrel sits", "kestrle", "kestel", "kesttrel", "kestrek"] {
            assert_eq!(found(&app, query)[0], "Treaty, 2", "{query}");
        }
        assert_eq!(found(&app, "kestrel"), ["Treaty, 2", "Kestrol"]);
        assert_eq!(found(&app, "kestrol"), ["Kestrol", "Treaty, 2"]);
        let scores = search(&app, &json!({ "query": "kestrel" }))["nodes"].take();
        assert!(scores[0]["score"].as_i64() > Some(0) && scores[1]["score"].as_i64() < Some(0), "{scores}");
        assert_eq!(marked(&scores[1]["excerpt"]), "[Kestrol], [kestrol], [kestrol].");
        assert_eq!(walk(&app, "kestrel", 1).len(), 2);
        for query in ["kastrol bird", "brd", "kestrolsis", "ksterol"] {
            assert_eq!(found(&app, query), Vec::<String>::new(), "{query}");
        }
        // A word that many records have is what was meant.
        for number in 20..30 {
            w.apply("createClause", &with(w.input("one"), &json!({ "number": number.to_string(), "heading": "Kestrel" })), "");
        }
        assert!(!found(&app, "kestrel").contains(&"Kestrol".to_owned()));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn search_that_finds_nothing_suggests_the_nearest_words(app: Sample) {
        assert_eq!(suggested(&app, "ceasfyre")[0], "ceasefire");
        assert_eq!(suggested(&app, "debalzeve"), ["Debaltseve"]);
        assert_eq!(suggested(&app, "zellenski")[0], "Zelensky");
        assert_eq!(suggested(&app, "кордани"), ["кордон"]);
        assert_eq!(suggested(&app, "amnasti law")[0], "amnesty");
        for query in ["xyzzyxyzzy", "999999", "", "停戦"] {
            assert_eq!(suggested(&app, query), Vec::<String>::new(), "{query}");
        }
        let found = app.data("{ search(query: \"ceasefire\") { suggestions } }", json!({}));
        assert_eq!(found["search"]["suggestions"], json!([]), "it found something");
    }

    fn last_word_may_be_a_beginning_and_the_others_may_not(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "heading": "Ceasefire holds", "summary": "Nothing else." }));
        for (query, is_found) in [
            ("c", true), ("ceasef", true), ("ceasefire", true), ("ceasefires", true), ("easefire", true), ("ceasefirexx", false), ("sefire", false), ("holds cease", true),
            ("cease holds", false), ("ceasef holds", false), ("holds cease ", true), ("holds holds", true), ("hold hold", false), ("ceasefire hol", true), ("ceasefire hol ho", false),
        ] {
            assert_eq!(found(&app, query).contains(&"Treaty, 1".to_owned()), is_found, "{query:?}");
        }
    }

    fn all_words_must_be_there_in_any_order_and_any_text(app: Empty) {
        let w = World::new(&app);
        w.change("update", "two", &json!({ "heading": "Alpha", "summary": "Beta.", "text": "Gamma." }));
        for query in ["alpha", "beta", "gamma", "gamma beta alpha", "alpha gam"] {
            assert_eq!(found(&app, query), ["Treaty, 1.a"], "{query}");
        }
        assert_eq!(found(&app, "alpha beta delta"), Vec::<String>::new());
        assert_eq!(found(&app, "games beta"), Vec::<String>::new());
    }

    fn points_are_found_by_their_number_and_what_they_are_in(app: Empty) {
        let w = World::new(&app);
        for query in ["1a treaty", "weapons treaty", "treaty heavy weap", "1A"] {
            assert_eq!(found(&app, query), ["Treaty, 1.a"], "{query}");
        }
        // The annex has the number 1 elsewhere, and is about a treaty.
        assert_eq!(found(&app, "treaty 1.a"), ["Treaty, 1.a", "Annex"]);
        assert_eq!(found(&app, "offer a-1"), ["Offer, A-1"]);
        assert_eq!(found(&app, "annex weapons"), Vec::<String>::new(), "the clause is not of the annex");
        assert_eq!(found(&app, "treaty")[0], "Treaty", "a name alone finds what has it, and not all that is in it");
        assert!(!found(&app, "treaty").contains(&"Treaty, 1.a".to_owned()));
        w.change("update", "treaty", &json!({ "shortTitle": "Accord" }));
        assert_eq!(found(&app, "accord weapons"), ["Accord, 1.a"], "a new name counts at once");
        w.change("update", "offer", &json!({ "title": "Entirely new" }));
        assert_eq!(found(&app, "entirely a-1"), ["Entirely new, A-1"]);
    }

    fn what_is_asked_for_by_its_reference_comes_first(app: Sample) {
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
        // A number alone is that of each agreement's clause.
        let nine = found(&app, "9");
        let clauses = nine.iter().take_while(|label| label.ends_with(", 9")).count();
        assert!(clauses > 1, "{nine:?}");
        assert!(!nine[clauses..].iter().any(|label| label.ends_with(", 9")), "{nine:?}");
    }

    fn names_that_change_are_asked_for_by_what_they_are_now(app: Empty) {
        let w = World::new(&app);
        w.apply("createClause", &with(w.input("one"), &json!({ "number": "2", "heading": "Accord 1", "summary": "Accord 1, accord 1." })), "");
        w.change("update", "treaty", &json!({ "shortTitle": "Accord" }));
        assert_eq!(found(&app, "accord 1")[..2], ["Accord, 1", "Accord, 2"]);
        w.change("update", "one", &json!({ "number": "3" }));
        assert_eq!(found(&app, "accord 1")[0], "Accord, 2");
        assert_eq!(found(&app, "accord 3")[0], "Accord, 3");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn sources_come_after_what_fits_as_well(app: Empty) {
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

    fn whole_words_names_and_rare_words_weigh_more(app: Empty) {
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
        assert!(score("branch") > score("other"), "fewer records have it");
        assert_eq!(found(&app, "sits")[..2], ["Treaty, 11", "Treaty, 12"], "of equals, what was recorded first");
    }

    fn kinds_narrow_and_leave_scores_and_order_alone(app: Sample) {
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

    fn pages_of_any_size_lose_and_repeat_nothing(app: Sample) {
        for query in ["the", "minsk", "ceasefire", "nothing-of-the-kind"] {
            let whole = walk(&app, query, 200);
            assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len(), "{query}");
            for size in [1, 3, 50] {
                assert_eq!(walk(&app, query, size), whole, "{query}, {size} a page");
            }
        }
        let none = search(&app, &json!({ "query": "minsk", "first": 0 }));
        assert_eq!(none["nodes"], json!([]));
        let info = json!({ "hasNextPage": true, "hasPreviousPage": false, "startCursor": null, "endCursor": null });
        assert_eq!(none["pageInfo"], info);
        let unsized_page = search(&app, &json!({ "query": "the" }));
        assert_eq!(unsized_page["nodes"].as_array().unwrap().len(), 50);
    }

    fn cursor_goes_on_from_where_its_record_stands_now(app: Empty) {
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
        assert_eq!(rest(), ["Treaty, 11", "Treaty, 13", "Treaty, 14"], "it stands first now");
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

    fn what_is_searched_for_is_never_syntax(app: Empty) {
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

    fn what_has_no_words_finds_nothing(app: Sample) {
        for query in ["", " ", ".,;:!?", "—«»…", "🕊️", "\u{0}", "\u{0}\u{1}\u{1b}[31m\u{7f}".trim_end_matches("31m\u{7f}"), "\u{301}", &"*".repeat(200)] {
            assert_eq!(search(&app, &json!({ "query": query })), json!({
                "totalCount": 0, "nodes": [], "edges": [],
                "pageInfo": { "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null },
            }), "{query:?}");
        }
    }

    fn query_out_of_bounds_is_refused_with_its_bound(app: Empty) {
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
        assert_eq!(found(&app, &"ї".repeat(200)), ["Treaty, 1"], "the first 64 characters count");
        let excerpt = search(&app, &json!({ "query": "w01234" }))["nodes"][0]["excerpt"].take();
        assert!(marked(&excerpt).contains("🕊[w01234] 🕊w01235"), "{excerpt}");
        assert!(text(&excerpt["text"]).chars().count() <= 202, "{excerpt}");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn changes_archival_and_restoring_show_at_once(app: Empty) {
        let w = World::new(&app);
        assert_eq!(found(&app, "weapons"), ["Treaty, 1.a"]);
        w.change("update", "two", &json!({ "heading": "Light arms" }));
        assert_eq!(found(&app, "weapons"), Vec::<String>::new());
        assert_eq!(found(&app, "light arms"), ["Treaty, 1.a"]);
        for (name, container, query, label) in [
            ("two", Some("treaty"), "light arms", "Treaty, 1.a"),
            ("give", Some("answer"), "give", "Answer, G-1"),
            ("treaty", None, "peace treaty", "Treaty"),
            ("answer", None, "answer no talks", "answer"),
            ("talks", None, "they talked", "Talks"),
        ] {
            for archived in [Some(name), container].into_iter().flatten() {
                assert_eq!(found(&app, query), [label], "{query}");
                w.change("archive", archived, &json!({}));
                assert_eq!(found(&app, query), Vec::<String>::new(), "{query}: {archived} is archived");
                w.change("archive", archived, &json!({ "archived": false }));
            }
            assert_eq!(found(&app, query), [label], "{query}");
        }
        // What is changed while it is archived is found by its new words.
        w.change("archive", "talks", &json!({}));
        w.change("update", "talks", &json!({ "title": "Consultations" }));
        assert_eq!(found(&app, "consultations"), Vec::<String>::new());
        w.change("archive", "talks", &json!({ "archived": false }));
        assert_eq!(found(&app, "consultations"), ["Consultations"]);
        // A clause that is moved is found by the name of the agreement that it is in now.
        w.apply("createClause", &with(w.input("one"), &json!({ "number": "7", "heading": "Movable" })), "");
        assert_eq!(found(&app, "treaty movable"), ["Treaty, 7"]);
        let refused = w.mutate("updateClause", &json!({ "clauseId": app.clause_id("treaty", "7"), "heading": "" }), "");
        assert_ne!(refused["userErrors"], json!([]));
        assert_eq!(found(&app, "movable"), ["Treaty, 7"], "what was refused changes nothing");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn sources_are_found_by_title_publisher_and_day_once_they_are_cited(app: Empty) {
        let w = World::new(&app);
        let evidence = json!([{ "source": { "title": "Daily report 12", "publisher": "Monitors of the Treaty", "publishedOn": "2021-03-04", "kind": "MONITOR_REPORT" } }]);
        let status = json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2021-03-04", "note": "Seen.", "evidence": evidence });
        let recorded = w.apply("updateClauseStatus", &status, "assessment { evidence { id version } }");
        // The clause is found by the title of its evidence, and comes after the source itself.
        for query in ["daily report", "report monitors", "2021-03-04", "daily 2021"] {
            assert_eq!(found(&app, query), ["Daily report 12", "Treaty, 1"], "{query}");
        }
        let source = &recorded["assessment"]["evidence"][0];
        let change = |verb: &str, patch: &Value| w.apply(verb, &with(json!({ "sourceId": source["id"] }), patch), "source { id }");
        change("updateSource", &json!({ "title": "Weekly report 3" }));
        assert_eq!(found(&app, "daily report"), Vec::<String>::new());
        assert_eq!(found(&app, "weekly report"), ["Weekly report 3", "Treaty, 1"]);
        change("archiveSource", &json!({}));
        assert_eq!(found(&app, "weekly report"), ["Treaty, 1"]);
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn what_is_assessed_is_found_by_notes_and_evidence_until_they_are_retracted(app: Empty) {
        let w = World::new(&app);
        let evidence = json!([{ "source": { "title": "Osprey bulletin", "kind": "PRESS" } }]);
        let status = json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2021-03-04", "note": "A kestrel was seen at Об’єкт 7.", "evidence": evidence });
        let recorded = w.apply("updateClauseStatus", &status, "assessment { id }");
        for query in ["kestrel", "об'єкт 7", "ceasefire kestrel", "osprey kestrel", "kestrel treaty"] {
            assert_eq!(found(&app, query), ["Treaty, 1"], "{query}");
        }
        assert_eq!(found(&app, "osprey"), ["Osprey bulletin", "Treaty, 1"]);
        let excerpt = |query: &str| marked(&search(&app, &json!({ "query": query, "kinds": "CLAUSE" }))["nodes"][0]["excerpt"]);
        assert_eq!(excerpt("kestrel"), "A [kestrel] was seen at Об’єкт 7.");
        assert_eq!(excerpt("osprey"), "[Osprey] bulletin");
        assert_eq!(excerpt("ceasefire kestrel"), "1 [Ceasefire]", "what the record says itself comes first");
        // Words of notes may be misspelt, too.
        for query in ["kestrl", "kestrek", "ceasefire kestrle", "osprey ketsrel"] {
            assert_eq!(found(&app, query), ["Treaty, 1"], "{query}");
        }
        assert_eq!(excerpt("kestrek"), "A [kestrel] was seen at Об’єкт 7.");
        assert_eq!(found(&app, "ksterel"), Vec::<String>::new());
        assert_eq!(differences(&app), Vec::<String>::new());
        w.apply("retractAssessment", &json!({ "assessmentId": recorded["assessment"]["id"], "reason": "Wrong." }), "");
        assert_eq!((found(&app, "kestrel"), found(&app, "osprey")), (Vec::new(), vec!["Osprey bulletin".to_owned()]));
        assert_eq!(differences(&app), Vec::<String>::new());
        assert_eq!(found(&app, "kestrek"), Vec::<String>::new());
        app.execute_sql("DELETE FROM search_spellings WHERE word = 'kestrel'");
        assert_eq!(differences(&app).len(), 1);
        app.execute_sql("DELETE FROM search_notes WHERE word = 'kestrel'");
        let [difference] = &differences(&app)[..] else { panic!("one difference") };
        assert!(difference.ends_with(": its note is not in the search index"), "{difference}");
    }

    fn excerpts_count_as_javascript_does(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "summary": "🕊🕊 peace, ПЕРЕМИР’Я 🕊 peace" }));
        let node = search(&app, &json!({ "query": "peace", "kinds": "CLAUSE" }))["nodes"][0].take();
        assert_eq!(node["excerpt"]["matches"], json!([{ "start": 5, "end": 10 }, { "start": 25, "end": 30 }]));
        assert_eq!(marked(&node["excerpt"]), "🕊🕊 [peace], ПЕРЕМИР’Я 🕊 [peace]");
    }

    fn search_costs_the_same_however_much_it_finds(app: Sample) {
        let cost = |query: &str, variables: Value| {
            let before = app.db().statements();
            app.data(query, variables);
            // Without those that begin and end the snapshot.
            app.db().statements() - before - 2
        };
        let plain = "query($query: String!, $first: Int) { search(query: $query, first: $first) { nodes { score } } }";
        let full = "query($query: String!, $first: Int) { search(query: $query, first: $first, kinds: [CLAUSE]) { totalCount nodes { score \
                    excerpt { text matches { start } } item { ... on Clause { heading topic { name } } } } } }";
        for (query, first) in [("minsk", 1), ("minsk", 200), ("the", 200), ("w1 w2 w3 w4", 200)] {
            // How rare the words are, and the page.
            assert_eq!(cost(plain, json!({ "query": query, "first": first })), 2, "{query}");
        }
        for query in ["debaltseve", "debaltsve", "ceasfire minks bordr"] {
            // Besides, the words that a rare word may be a misspelling of.
            assert_eq!(cost(plain, json!({ "query": query })), 3, "{query}");
        }
        for (query, first) in [("ceasefire", 1), ("ceasefire", 200), ("the", 200)] {
            // Besides, the number of all; the clauses, once for item and excerpt; their topics; once at most, what assessments
            // say of those that are found by it.
            let cost = cost(full, json!({ "query": query, "first": first }));
            assert!((5..=6).contains(&cost), "{query}: {cost}");
        }
        // One statement for each kind of what is found.
        let every = search(&app, &json!({ "query": "the", "first": 200 }));
        let kinds: HashSet<String> = every["nodes"].as_array().unwrap().iter().map(|node| text(&node["item"]["__typename"])).collect();
        assert_eq!(kinds.len(), 7, "{kinds:?}");
        let items = "query($query: String!, $first: Int) { search(query: $query, first: $first) { nodes { excerpt { text } item { __typename } } } }";
        assert_eq!(cost(items, json!({ "query": "the", "first": 200 })), 2 + 7 + 1);
        let twice = format!("query($query: String!, $first: Int) {{ one: {0} other: {0} }}", "search(query: $query, first: $first) { nodes { score } }");
        assert_eq!(cost(&twice, json!({ "query": "the", "first": 200 })), 2, "the same search is made once");
    }

    fn index_of_another_version_is_made_anew_at_the_start(app: Sample) {
        let before = found(&app, "minsk");
        // As an older version leaves it: without an index, or with one that is made otherwise.
        app.execute_sql("DELETE FROM search_words; DELETE FROM search_documents; UPDATE search_index SET version = 0;");
        let app = app.restart();
        assert_eq!(found(&app, "minsk"), before);
        let filtered = || app.data("{ clauses(filter: { text: \"кордон\" }) { totalCount } }", json!({}))["clauses"]["totalCount"].take();
        let in_filter = filtered();
        assert_ne!(in_filter, 0);
        app.execute_sql("UPDATE clauses SET folded = ''; DELETE FROM search_spellings;");
        app.execute_sql("UPDATE search_words SET word = 'x' || word, weight = 1; UPDATE search_index SET version = 0;");
        let location = Location::parse(&app.database_url).unwrap();
        thread::scope(|scope| {
            let servers: Vec<_> = (0..3).map(|_| scope.spawn(|| Db::open(&location, 1).map(drop))).collect();
            for server in servers {
                server.join().unwrap().expect("every server starts");
            }
        });
        assert_eq!(found(&app, "minsk"), before);
        assert_eq!(filtered(), in_filter, "what text filters search is made anew, too");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn check_names_what_the_index_has_wrong(app: Sample) {
        let planted = |sql: &str| {
            app.execute_sql(sql);
            differences(&app)
        };
        let clause = "SELECT id FROM clauses WHERE number = '9' AND agreement_id IN (SELECT id FROM agreements WHERE slug = 'minsk-2')";
        let [difference] = &planted(&format!("DELETE FROM search_words WHERE word = 'border' AND document_id IN ({clause})"))[..] else {
            panic!("one difference")
        };
        assert!(difference.starts_with("clause ") && difference.ends_with(": the search index differs from the record"), "{difference}");
        assert_eq!(planted("INSERT INTO search_documents (id, kind) VALUES ('nothing', 'event')").len(), 2, "an entry of no record");
        assert_eq!(planted("UPDATE search_documents SET container_id = NULL WHERE kind = 'caveat' AND id = (SELECT min(id) FROM caveats)").len(), 3);
        let filter = planted("UPDATE events SET folded = 'other' WHERE id = (SELECT max(id) FROM events)");
        assert!(filter.iter().any(|line| line.ends_with(": the column of the text filter differs from the record")), "{filter:?}");
        assert!(planted("DELETE FROM search_spellings WHERE word = 'ceasefire'").len() > 10, "a word that misspelt ones cannot mean");
    }
}
