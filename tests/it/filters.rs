//! Filters of lists. The results of a filter are compared with the matching records of the whole list.

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::connections::{List, ids, texts};
use crate::dossiers::import_text;
use crate::orders::UNASSESSED;
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

/// A filter, and a function that returns whether a node matches it.
type Filter = (&'static str, fn(&Value) -> bool);

/// Checks that each filter returns exactly the matching records in list order, and that two filters together return the
/// records that match both.
fn check(app: &TestApp, field: &str, selection: &str, filters: &[Filter]) {
    let whole = List::root(field, "").all(app, selection);
    let expected = |fits: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let fitting: Vec<Value> = whole.iter().filter(|node| fits(node)).cloned().collect();
        ids(&Value::from(fitting))
    };
    let check = |filter: &str, expected: &[String]| {
        let arguments = format!("filter: {{ {filter} }}");
        let matching = List::root(field, &arguments).all(app, "");
        assert_eq!(ids(&Value::from(matching)), expected, "{field}, {filter}");
    };
    for (filter, fits) in filters {
        let expected = expected(fits);
        assert!(
            !expected.is_empty() && expected.len() < whole.len(),
            "{field}, {filter} must match some records, but not all"
        );
        check(filter, &expected);
    }
    for (at, (one, fits_one)) in filters.iter().enumerate() {
        for (other, fits_other) in &filters[at + 1..] {
            let name = |filter: &str| filter.split(':').next().unwrap_or_default().to_owned();
            if name(one) == name(other) {
                continue;
            }
            check(
                &format!("{one}, {other}"),
                &expected(&|node| fits_one(node) && fits_other(node)),
            );
        }
    }
}

fn is(node: &Value, pointer: &str, values: &[&str]) -> bool {
    node.pointer(pointer).and_then(Value::as_str).is_some_and(|text| values.contains(&text))
}

fn any(node: &Value, list: &str, pointer: &str, values: &[&str]) -> bool {
    node[list].as_array().expect("a list").iter().any(|item| is(item, pointer, values))
}

/// Whether a field has a value that matches. Days can be compared as strings.
fn day(node: &Value, field: &str, fits: fn(&str) -> bool) -> bool {
    node[field].as_str().is_some_and(fits)
}

fn contains_words(node: &Value, fields: &[&str], words: &str) -> bool {
    let plain =
        |text: &str| text.to_lowercase().replace('ç', "c").replace('í', "i").replace('à', "a");
    let texts = fields.iter().filter_map(|field| node[*field].as_str());
    let aliases = node["aliases"].as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.chain(aliases).any(|text| plain(text).contains(words))
}

const CLAUSE: &str = "agreement { slug } status statusSince topic { slug } obligations { party { slug } } \
                      heading aliases summary text note";
const CAVEAT: &str = "proposal { slug } kind status statusSince topic { slug } owedBy { slug } owedTo { slug } \
                      heading aliases summary text note";
const PROPOSAL: &str = "status standing madeOn proposedBy { slug } addressedTo { slug } agreements { slug } \
                        title aliases summary note";
const AGREEMENT: &str = "kind agreedOn endedOn late: endedOn(asOf: \"2015-01-01\") title shortTitle aliases summary note \
                         parties { party { slug } }";
const EVENT: &str = "kind happenedOn endedOn title aliases summary place actors { slug } \
                     concerns { __typename ... on Clause { agreement { slug } } }";
const SOURCE: &str =
    "kind title publisher url publishedOn assessments { totalCount } events { totalCount }";

/// Whether an assessment or an event cites the source.
fn is_cited(source: &Value) -> bool {
    ["assessments", "events"].iter().any(|list| source[*list]["totalCount"].as_i64() > Some(0))
}

on_both_databases! {
    fn list_columns_follow_archiving_and_are_checked(app: Sample) {
        let differences = || {
            let mut session = app.db().session(Access::Read).unwrap();
            session.read().and_then(integrity::check).unwrap()
        };
        let clauses = "{ clauses(filter: { agreement: [\"minsk-2\"] }) { totalCount } }";
        let count = || app.data(clauses, json!({}))["clauses"]["totalCount"].as_i64().unwrap();
        let of_minsk_2 = count();
        let agreement = app.data("{ agreement(slug: \"minsk-2\") { id } }", json!({}))["agreement"]["id"].take();
        let clause = app.clause_id("minsk-2", "9");
        let set_archived = |name: &str, id: &str, value: &Value, archived: bool| {
            let mutation = format!(
                "mutation($id: ID!, $archived: Boolean!) {{ archive{name}(input: {{ {id}: $id, archived: $archived }}) {{ userErrors {{ message }} }} }}"
            );
            app.data(&mutation, json!({ "id": value, "archived": archived }));
            assert_eq!(differences(), Vec::<String>::new(), "{name}, archived: {archived}");
            count()
        };
        assert_eq!(set_archived("Clause", "clauseId", &json!(clause), true), of_minsk_2 - 1);
        assert_eq!(set_archived("Agreement", "agreementId", &agreement, true), 0);
        assert_eq!(set_archived("Clause", "clauseId", &json!(clause), false), 0);
        assert_eq!(set_archived("Agreement", "agreementId", &agreement, false), of_minsk_2);

        app.execute_sql("UPDATE clauses SET is_listed = FALSE WHERE id = (SELECT min(id) FROM clauses)");
        app.execute_sql("UPDATE clauses SET status = 'void', status_since = NULL WHERE id = (SELECT max(id) FROM clauses)");
        let found = differences();
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found.iter().all(|line| line.contains("the columns for lists differ from the record")), "{found:#?}");
    }

    fn clause_filters_return_the_matching_records(app: SharedSample) {
        check(&app, "clauses", CLAUSE, &[
            ("agreement: [\"minsk-2\"]", |node| is(node, "/agreement/slug", &["minsk-2"])),
            ("agreement: [\"minsk-protocol\", \"unsc-2202\", \"none\"]",
                |node| is(node, "/agreement/slug", &["minsk-protocol", "unsc-2202"])),
            ("status: [BREACHED]", |node| is(node, "/status", &["BREACHED"])),
            ("status: [BREACHED, COMPLETE]", |node| is(node, "/status", &["BREACHED", "COMPLETE"])),
            ("topic: [\"security\", \"border\"]", |node| is(node, "/topic/slug", &["security", "border"])),
            ("party: [\"osce-smm\"]", |node| any(node, "obligations", "/party/slug", &["osce-smm"])),
            ("party: [\"russia\", \"icrc\"]", |node| any(node, "obligations", "/party/slug", &["russia", "icrc"])),
            ("statusSinceFrom: \"2022-02-24\"", |node| day(node, "statusSince", |day| day >= "2022-02-24")),
            ("statusSinceTo: \"2022-02-22\"", |node| day(node, "statusSince", |day| day <= "2022-02-22")),
            ("text: \"ПЕРЕМИР\u{2019}Я\"", |node| contains_words(node, &[], "перемир'я")),
            ("text: \"CeaseFire\"", |node| contains_words(node, &["heading", "summary", "text", "note"], "ceasefire")),
        ]);
    }

    fn caveat_filters_return_the_matching_records(app: SharedSample) {
        check(&app, "caveats", CAVEAT, &[
            ("proposal: [\"us-reply-2022\", \"nato-reply-2022\"]",
                |node| is(node, "/proposal/slug", &["us-reply-2022", "nato-reply-2022"])),
            ("kind: [OFFER, CONSEQUENCE]", |node| is(node, "/kind", &["OFFER", "CONSEQUENCE"])),
            ("status: [REJECTED]", |node| is(node, "/status", &["REJECTED"])),
            ("topic: [\"arms-control\"]", |node| is(node, "/topic/slug", &["arms-control"])),
            ("party: [\"ukraine\"]",
                |node| any(node, "owedBy", "/slug", &["ukraine"]) || any(node, "owedTo", "/slug", &["ukraine"])),
            ("statusSinceFrom: \"2022-02-24\"", |node| day(node, "statusSince", |day| day >= "2022-02-24")),
            ("statusSinceTo: \"2022-02-17\"", |node| day(node, "statusSince", |day| day <= "2022-02-17")),
            ("text: \"MISSILES\"", |node| contains_words(node, &["heading", "summary", "text", "note"], "missiles")),
        ]);
    }

    fn proposal_filters_return_the_matching_records(app: Sample) {
        // Every proposal of the sample has lapsed, so the test adds another.
        import_text(&app, UNASSESSED);
        check(&app, "proposals", PROPOSAL, &[
            ("status: [FLOATED, TABLED]", |node| is(node, "/status", &["FLOATED", "TABLED"])),
            ("status: [LAPSED, WITHDRAWN]", |node| is(node, "/status", &["LAPSED", "WITHDRAWN"])),
            ("standing: UNOFFICIAL", |node| is(node, "/standing", &["UNOFFICIAL"])),
            ("party: [\"nato\"]",
                |node| any(node, "proposedBy", "/slug", &["nato"]) || any(node, "addressedTo", "/slug", &["nato"])),
            ("agreement: [\"minsk-2\"]", |node| any(node, "agreements", "/slug", &["minsk-2"])),
            ("madeFrom: \"2021-12-17\"", |node| day(node, "madeOn", |day| day >= "2021-12-17")),
            ("madeTo: \"2021-12-17\"", |node| day(node, "madeOn", |day| day <= "2021-12-17")),
            ("text: \"draft\"", |node| contains_words(node, &["title", "summary", "note"], "draft")),
            // The summary of one proposal contains the name of the newspaper El País.
            ("text: \"el pais\"", |node| contains_words(node, &["title", "summary", "note"], "el pais")),
        ]);
    }

    fn agreement_filters_return_the_matching_records(app: SharedSample) {
        check(&app, "agreements", AGREEMENT, &[
            ("kind: [PROTOCOL, RESOLUTION]", |node| is(node, "/kind", &["PROTOCOL", "RESOLUTION"])),
            ("party: [\"france\"]", |node| any(node, "parties", "/party/slug", &["france"])),
            ("agreedFrom: \"2015-02-12\"", |node| day(node, "agreedOn", |day| day >= "2015-02-12")),
            ("agreedTo: \"2015-02-12\"", |node| day(node, "agreedOn", |day| day <= "2015-02-12")),
            ("text: \"MEMORANDUM\"", |node| contains_words(node, &["title", "shortTitle", "summary", "note"], "memorandum")),
        ]);
    }

    fn ended_filter_depends_on_the_view(app: Whole) {
        check(&app, "agreements", AGREEMENT, &[
            ("ended: true", |node| node["endedOn"].is_string()),
            ("ended: false", |node| node["endedOn"].is_null()),
            ("kind: [TREATY, OTHER, DECLARATION]", |node| is(node, "/kind", &["TREATY", "OTHER", "DECLARATION"])),
        ]);
        for holder in ["russia", "ukraine"] {
            let nodes = List::root("agreements", "").all(&app, &format!("... on Agreement {{ endedOn(heldBy: \"{holder}\", asOf: \"2022-03-01\") }}"));
            let expected: Vec<Value> = nodes.into_iter().filter(|node| node["endedOn"].is_string()).collect();
            let filter = format!("filter: {{ ended: true, heldBy: \"{holder}\", asOf: \"2022-03-01\" }}");
            assert_eq!(ids(&Value::from(List::root("agreements", &filter).all(&app, ""))), ids(&Value::from(expected)), "{holder}");
        }
        let (_, message) = app.error("{ agreements(filter: { heldBy: \"atlantis\" }) { totalCount } }", json!({}));
        assert!(message.contains("“atlantis”` is neither the id nor the slug of a party"), "{message}");
    }

    fn archived_filter_lists_archived_agreements(app: Empty) {
        let w = World::new(&app);
        let slugs = |filter: &str| {
            let query = format!("{{ agreements(filter: {{ {filter} }}) {{ totalCount nodes {{ slug }} }} }}");
            let agreements = app.data(&query, json!({}))["agreements"].take();
            assert_eq!(agreements["totalCount"], texts(&agreements["nodes"], "/slug").len());
            texts(&agreements["nodes"], "/slug").join(" ")
        };
        assert_eq!((slugs("archived: true"), slugs("archived: false")), (String::new(), "treaty annex".to_owned()));
        w.change("archive", "annex", &json!({}));
        assert_eq!((slugs("archived: true"), slugs("archived: false"), slugs("archived: null")), ("annex".to_owned(), "treaty".to_owned(), "treaty".to_owned()));
        assert_eq!(slugs("archived: true, text: \"ДОДАТОК\""), "annex");
        w.change("update", "annex", &json!({ "aliases": [] }));
        assert_eq!(slugs("archived: true, text: \"додаток\""), "");
    }

    fn event_filters_return_the_matching_records(app: SharedSample) {
        check(&app, "events", EVENT, &[
            ("kind: [VIOLATION]", |node| is(node, "/kind", &["VIOLATION"])),
            ("actor: [\"osce-smm\", \"vladimir-putin\"]",
                |node| any(node, "actors", "/slug", &["osce-smm", "vladimir-putin"])),
            ("agreement: [\"minsk-memorandum\"]",
                |node| any(node, "concerns", "/agreement/slug", &["minsk-memorandum"])),
            // An event that started before this day and ended after it matches both of these filters.
            ("from: \"2015-02-20\"",
                |node| day(node, "endedOn", |day| day >= "2015-02-20") || day(node, "happenedOn", |day| day >= "2015-02-20")),
            ("to: \"2015-02-20\"", |node| day(node, "happenedOn", |day| day <= "2015-02-20")),
            ("text: \"debaltseve\"", |node| contains_words(node, &["title", "summary", "place"], "debaltseve")),
        ]);
    }

    fn source_filters_return_the_matching_records(app: SharedSample) {
        check(&app, "sources", SOURCE, &[
            ("kind: [MONITOR_REPORT]", |node| is(node, "/kind", &["MONITOR_REPORT"])),
            ("kind: [PRESS, ACADEMIC]", |node| is(node, "/kind", &["PRESS", "ACADEMIC"])),
            ("publishedFrom: \"2021-12-17\"", |node| day(node, "publishedOn", |day| day >= "2021-12-17")),
            ("publishedTo: \"2021-12-17\"", |node| day(node, "publishedOn", |day| day <= "2021-12-17")),
            ("cited: true", is_cited),
            ("cited: false", |node| !is_cited(node)),
            ("hasUrl: true", |node| node["url"].is_string()),
            ("hasUrl: false", |node| node["url"].is_null()),
            ("text: \"OSCE\"", |node| contains_words(node, &["title", "publisher"], "osce")),
            ("text: \"Ceasefire\"", |node| contains_words(node, &["title", "publisher"], "ceasefire")),
        ]);
    }

    fn day_filters_match_events_of_several_days(app: SharedSample) {
        let data = app.data("{ events(first: 200) { nodes { slug happenedOn endedOn } } }", json!({}));
        let several = data["events"]["nodes"].as_array().expect("a list").iter();
        let several: Vec<&Value> = several.filter(|event| event["endedOn"].is_string()).collect();
        assert!(!several.is_empty());
        let query = "query($from: Date, $to: Date) { events(first: 200, filter: { from: $from, to: $to }) { nodes { slug } } }";
        for event in several {
            let slug = event["slug"].as_str().expect("a slug");
            for day in ["happenedOn", "endedOn"] {
                let on = &event[day];
                let found = app.data(query, json!({ "from": on, "to": on }));
                assert!(texts(&found["events"]["nodes"], "/slug").contains(&slug), "{slug} on {on}");
            }
        }
    }

    fn empty_list_in_a_filter_matches_nothing_and_null_everything(app: SharedSample) {
        for (field, filter) in [
            ("clauses", "topic: []"),
            ("clauses", "status: []"),
            ("clauses", "agreement: [\"no-such-agreement\"]"),
            ("caveats", "kind: []"),
            ("proposals", "party: []"),
            ("events", "actor: [\"no-such-party\"]"),
            ("agreements", "kind: []"),
            ("sources", "kind: []"),
        ] {
            let (name, _) = filter.split_once(':').expect("a name");
            let query = format!(
                "{{ none: {field}(filter: {{ {filter} }}) {{ totalCount nodes {{ id }} }} \
                 all: {field}(filter: {{ {name}: null }}) {{ totalCount }} \
                 also: {field}(filter: null) {{ totalCount }} whole: {field} {{ totalCount }} }}"
            );
            let data = app.data(&query, json!({}));
            let whole = data["whole"]["totalCount"].as_i64().expect("a number");
            assert!(whole >= 10, "{field}: {whole}");
            assert_eq!(data["none"], json!({ "totalCount": 0, "nodes": [] }), "{field}, {filter}");
            assert_eq!(data["all"]["totalCount"], whole, "{field}");
            assert_eq!(data["also"]["totalCount"], whole, "{field}");
        }
    }

    fn text_filter_normalizes_like_the_search(app: Empty) {
        let w = World::new(&app);
        let summary = "Об\u{2bc}єкт, Straße, λόγος, Ґанок, Łódź, cease\u{ad}fire, 双方同意停火。";
        w.change("update", "one", &json!({ "summary": summary, "note": "Kestrel.", "aliases": ["кордон"] }));
        let query = "query($text: String) { clauses(filter: { text: $text }) { nodes { number } } }";
        for text in ["об'єкт", "ОБ\u{2019}ЄКТ", "обєкт", "STRASSE", "ΛΌΓΟΣ", "ганок", "lodz", "cease\u{200b}fire", "ceasefire", "停火", "kestrel", "КОРДОН"] {
            assert_eq!(app.data(query, json!({ "text": text }))["clauses"]["nodes"], json!([{ "number": "1" }]), "{text}");
        }
    }

    fn text_filter_treats_wildcards_literally(app: SharedSample) {
        for text in ["%", "_", "100%", "\\"] {
            let found = app.data(
                "query($text: String) { clauses(filter: { text: $text }) { totalCount } }",
                json!({ "text": text }),
            );
            assert_eq!(found["clauses"]["totalCount"], 0, "{text}");
        }
    }

    fn nested_filters_apply_to_their_own_list(app: SharedSample) {
        let query = r#"{
            agreement(slug: "minsk-2") {
                clauses(filter: { status: [BREACHED], party: ["russia"] }) { totalCount nodes { number status obligations { party { slug } } } }
                nothing: clauses(filter: { agreement: ["minsk-protocol"] }) { totalCount }
            }
            party(slug: "osce-smm") {
                any: clauses { totalCount }
                monitored: clauses(role: MONITOR) { totalCount nodes { obligations { role party { slug } } } }
                kept: clauses(role: MONITOR, filter: { agreement: ["minsk-2"] }) { totalCount nodes { number } }
            }
            proposal(slug: "neutral-ukraine-test") { caveats(filter: { kind: [OFFER] }) { totalCount nodes { number } } }
        }"#;
        let data = app.data(query, json!({}));
        let clauses = &data["agreement"]["clauses"];
        assert!(clauses["totalCount"].as_i64() > Some(0));
        for clause in clauses["nodes"].as_array().expect("a list") {
            assert!(is(clause, "/status", &["BREACHED"]));
            assert!(any(clause, "obligations", "/party/slug", &["russia"]));
        }
        assert_eq!(data["agreement"]["nothing"]["totalCount"], 0);
        let party = &data["party"];
        assert!(party["monitored"]["totalCount"].as_i64() < party["any"]["totalCount"].as_i64());
        for clause in party["monitored"]["nodes"].as_array().expect("a list") {
            let duties = clause["obligations"].as_array().expect("a list").iter();
            let monitors = duties.filter(|duty| duty["role"] == "MONITOR" && duty["party"]["slug"] == "osce-smm");
            assert_eq!(monitors.count(), 1);
        }
        let kept = texts(&party["kept"]["nodes"], "/number");
        assert_eq!(kept, ["1", "2", "10", "10.a"]);
        let offers = json!({ "totalCount": 2, "nodes": [{ "number": "G-1" }, { "number": "G-2" }] });
        assert_eq!(data["proposal"]["caveats"], offers);
    }
}
