//! Lists of sources, and the records that cite each source.

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::connections::{List, texts};
use crate::dossier_faults::faults_of;
use crate::dossiers::{BASE, file, import_text};
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

/// Records an assessment with the source `gazette` as evidence, and returns its id.
fn assess(w: &World<'_>, name: &str, status: &str, effective_on: &str) -> String {
    let kind = w.kind(name);
    let evidence = json!([{ "sourceId": w.id("gazette") }]);
    let content = json!({ "status": status, "effectiveOn": effective_on, "note": "Reported.", "evidence": evidence });
    let payload =
        w.apply(&format!("update{kind}Status"), &w.about(name, &content), "assessment { id }");
    payload["assessment"]["id"].as_str().unwrap().to_owned()
}

fn retract(w: &World<'_>, assessment: &str) {
    let input = json!({ "assessmentId": assessment, "reason": "Wrong source." });
    w.apply("retractAssessment", &input, "assessment { id }");
}

/// The ids of the assessments that cite the source `gazette`, in list order.
fn citing(w: &World<'_>, arguments: &str) -> Vec<String> {
    let selection = format!("assessments{arguments} {{ totalCount nodes {{ id }} }}");
    let list = w.read("gazette", &selection)["assessments"].take();
    assert_eq!(list["totalCount"], list["nodes"].as_array().unwrap().len(), "{arguments}");
    texts(&list["nodes"], "/id").into_iter().map(str::to_owned).collect()
}

/// The slugs of the sources that match a filter.
fn matching(app: &TestApp, filter: &str) -> Vec<String> {
    let list = List::root("sources", &format!("filter: {{ {filter} }}")).all(app, "slug");
    texts(&Value::from(list), "/slug").into_iter().map(str::to_owned).collect()
}

/// Whether the filter `cited: true` matches the only source, `gazette`. Checks that exactly one of `cited: true` and
/// `cited: false` matches it.
fn is_cited(app: &TestApp) -> bool {
    let cited = matching(app, "cited: true");
    let uncited = matching(app, "cited: false");
    assert_eq!(cited.len() + uncited.len(), 1, "{cited:?} {uncited:?}");
    cited == ["gazette"]
}

on_both_databases! {
    fn assessments_of_a_source_have_all_kinds_and_are_newest_first(app: Empty) {
        let w = World::new(&app);
        let clause = assess(&w, "one", "PARTIAL", "2016-06-02");
        let caveat = assess(&w, "ask", "REJECTED", "2016-06-03");
        let proposal = assess(&w, "offer", "TABLED", "2016-06-01");
        let second = assess(&w, "two", "COMPLETE", "2016-06-02");
        let other = json!({ "status": "VOID", "effectiveOn": "2016-06-04", "note": "No evidence." });
        w.apply("updateClauseStatus", &w.about("one", &other), "assessment { id }");

        assert_eq!(citing(&w, ""), [&*caveat, &*second, &*clause, &*proposal]);
        let selection = "assessments(first: 3) { pageInfo { hasNextPage } nodes { __typename effectiveOn \
            ... on ClauseAssessment { clause { number } } ... on CaveatAssessment { caveat { number } } } }";
        assert_eq!(w.read("gazette", selection)["assessments"], json!({ "pageInfo": { "hasNextPage": true }, "nodes": [
            { "__typename": "CaveatAssessment", "effectiveOn": "2016-06-03", "caveat": { "number": "A-1" } },
            { "__typename": "ClauseAssessment", "effectiveOn": "2016-06-02", "clause": { "number": "1.a" } },
            { "__typename": "ClauseAssessment", "effectiveOn": "2016-06-02", "clause": { "number": "1" } },
        ] }));
        let of = ["source(url: \"https://example.org/1\")"];
        let list = List { of: &of, field: "assessments", arguments: "" };
        assert_eq!(list.check_walks(&app, &[1, 3]), citing(&w, ""));
    }

    fn retracted_assessments_of_a_source_are_listed_on_request(app: Empty) {
        let w = World::new(&app);
        let (kept, retracted) = (assess(&w, "one", "PARTIAL", "2016-06-01"), assess(&w, "two", "COMPLETE", "2016-06-02"));
        retract(&w, &retracted);
        assert_eq!(citing(&w, ""), [&*kept]);
        assert_eq!(citing(&w, "(includeRetracted: false)"), [&*kept]);
        assert_eq!(citing(&w, "(includeRetracted: true)"), [&*retracted, &*kept]);
    }

    fn archived_records_cite_no_source(app: Empty) {
        let w = World::new(&app);
        // Archiving the assessed record, its agreement or its proposal hides the assessment.
        for (name, status, owners) in [
            ("one", "PARTIAL", ["one", "treaty"].as_slice()),
            ("ask", "REJECTED", &["ask", "offer"]),
            ("offer", "TABLED", &["offer"]),
        ] {
            let assessment = assess(&w, name, status, "2016-06-01");
            for owner in owners {
                w.change("archive", owner, &json!({}));
                assert_eq!(citing(&w, ""), Vec::<String>::new(), "{name}, {owner} archived");
                let with_retracted = citing(&w, "(includeRetracted: true)");
                assert!(!with_retracted.contains(&assessment), "{name}, {owner} archived");
                w.change("archive", owner, &json!({ "archived": false }));
                assert_eq!(citing(&w, ""), [&*assessment], "{name}, {owner} restored");
            }
            retract(&w, &assessment);
        }
    }

    fn events_of_a_source_are_sorted_by_day_and_not_archived(app: Empty) {
        let mut w = World::new(&app);
        let input = json!({ "slug": "signing", "happenedOn": "2015-02-12", "kind": "SIGNING", "title": "Signing", "summary": "Signed.", "sourceIds": ["@gazette"] });
        w.create("signing", "Event", input.clone());
        let mut without_sources = input;
        without_sources["slug"] = json!("other");
        without_sources["sourceIds"] = json!([]);
        w.create("other", "Event", without_sources);
        let events = |w: &World<'_>| w.read("gazette", "events { totalCount nodes { slug } }")["events"].take();
        assert_eq!(events(&w), json!({ "totalCount": 2, "nodes": [{ "slug": "signing" }, { "slug": "talks" }] }));
        w.change("archive", "signing", &json!({}));
        assert_eq!(events(&w), json!({ "totalCount": 1, "nodes": [{ "slug": "talks" }] }));
    }

    fn cited_filter_follows_events_assessments_and_archiving(app: Empty) {
        let w = World::new(&app);
        assert!(is_cited(&app), "cited by the event");
        w.change("archive", "talks", &json!({}));
        // `cited` ignores the provenance of agreements, clauses and other records.
        assert!(!is_cited(&app), "the event is archived");
        for (name, status, owner) in [("two", "COMPLETE", "treaty"), ("give", "REJECTED", "answer"), ("answer", "TABLED", "answer")] {
            let assessment = assess(&w, name, status, "2016-06-02");
            assert!(is_cited(&app), "cited by the assessment of {name}");
            w.change("archive", owner, &json!({}));
            assert!(!is_cited(&app), "{name}: {owner} is archived");
            w.change("archive", owner, &json!({ "archived": false }));
            assert!(is_cited(&app), "{name}: {owner} is restored");
            retract(&w, &assessment);
            assert!(!is_cited(&app), "the assessment of {name} is retracted");
        }
        w.change("archive", "talks", &json!({ "archived": false }));
        assert!(is_cited(&app), "cited by the restored event");
        w.change("archive", "gazette", &json!({}));
        let lists = "{ cited: sources(filter: { cited: true }) { totalCount } sources { totalCount } }";
        let none = json!({ "totalCount": 0 });
        assert_eq!(app.data(lists, json!({})), json!({ "cited": none, "sources": none }));
    }

    fn text_filter_of_sources_follows_title_and_publisher(app: Empty) {
        let w = World::new(&app);
        let found = |text: &str| {
            let query = "query($text: String) { sources(filter: { text: $text }) { nodes { slug } } }";
            let sources = app.data(query, json!({ "text": text }))["sources"].take();
            texts(&sources["nodes"], "/slug") == ["gazette"]
        };
        assert!(found("official GAZETTE") && found("the state") && !found("example.org") && !found("2015"));
        w.change("update", "gazette", &json!({ "title": "Відомості Об\u{2bc}єднання", "publisher": "Łódź Straße" }));
        assert!(found("ВІДОМОСТІ ОБ'ЄДНАННЯ") && found("lodz strasse") && !found("gazette") && !found("the state"));
        w.change("update", "gazette", &json!({ "publisher": null }));
        assert!(!found("lodz"));
        // A source that is created as evidence of an assessment also matches.
        let evidence = json!([{ "source": { "title": "Morning report", "publisher": "Monitors", "kind": "MONITOR_REPORT" } }]);
        let content = json!({ "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "Reported.", "evidence": evidence });
        w.apply("updateClauseStatus", &w.about("one", &content), "assessment { id }");
        let list = "{ sources(filter: { text: \"MORNING\", cited: true, hasUrl: false }) { nodes { publisher } } }";
        assert_eq!(app.data(list, json!({}))["sources"]["nodes"], json!([{ "publisher": "Monitors" }]));
    }

    fn upgrade_fills_the_column_of_the_text_filter(app: Empty) {
        World::new(&app);
        let differences = |app: &TestApp| {
            let mut session = app.db().session(Access::Read).unwrap();
            session.read().and_then(integrity::check).unwrap()
        };
        assert_eq!(differences(&app), Vec::<String>::new());
        // The migration leaves the column empty, and marks the search index as outdated.
        app.execute_sql("UPDATE sources SET folded = ''");
        let found = differences(&app);
        assert!(found.len() == 1 && found[0].contains("the column of the text filter differs from the record"), "{found:#?}");
        app.execute_sql("UPDATE search_index SET version = 0");
        let app = app.restart();
        assert_eq!(differences(&app), Vec::<String>::new());
        assert_eq!(matching(&app, "text: \"gazette\""), ["gazette"]);
    }

    fn invalid_arguments_of_lists_of_sources_are_rejected(app: Empty) {
        let w = World::new(&app);
        for (arguments, code, part) in [
            ("filter: { kind: [BOOK] }", "GRAPHQL_VALIDATION_FAILED", "BOOK"),
            ("filter: { publishedFrom: \"2021-02-30\" }", "BAD_USER_INPUT", "2021-02-30"),
            ("filter: { cited: \"yes\" }", "GRAPHQL_VALIDATION_FAILED", "Boolean"),
            ("filter: { hasUrl: 1 }", "GRAPHQL_VALIDATION_FAILED", "Boolean"),
            ("orderBy: { field: URL }", "GRAPHQL_VALIDATION_FAILED", "URL"),
            ("first: 201", "BAD_USER_INPUT", "200"),
            ("after: \"nothing\"", "BAD_USER_INPUT", "nothing"),
        ] {
            let (found, message) = app.error(&format!("{{ sources({arguments}) {{ totalCount }} }}"), json!({}));
            assert!(found == code && message.contains(part), "{arguments}: {found}: {message}");
        }
        // A cursor is valid only in the order of the list that returned it.
        let cursor = app.data("{ sources { pageInfo { endCursor } } }", json!({}))["sources"]["pageInfo"]["endCursor"].take();
        let query = "query($after: String) { sources(after: $after, orderBy: { field: PUBLISHED_ON }) { totalCount } }";
        assert_eq!(app.error(query, json!({ "after": cursor })).0, "BAD_USER_INPUT");
        let selection = "query($id: ID!) { node(id: $id) { ... on Source { assessments(includeRetracted: \"all\") { totalCount } } } }";
        assert_eq!(app.error(selection, json!({ "id": w.id("gazette") })).0, "GRAPHQL_VALIDATION_FAILED");
    }

    fn language_of_a_source_must_be_a_known_tag(app: Empty) {
        let w = World::new(&app);
        let update = |language: &str| w.about("gazette", &json!({ "language": language }));
        for language in ["english", "xx", "eng", "EN", "en_US", ""] {
            let faults = w.reject("updateSource", &update(language));
            let message = format!("“{language}” is not a BCP 47 language tag with the shortest ISO 639 code, such as en, uk or pt-BR");
            assert_eq!(faults, [("INVALID".to_owned(), "language".to_owned(), message)]);
        }
        let evidence = json!([{ "source": { "title": "T", "kind": "PRESS", "language": "xx" } }]);
        let status = w.about("one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "N", "evidence": evidence }));
        assert_eq!(w.reject("updateClauseStatus", &status)[0].1, "evidence.0.source.language");
        let with_language = |language: &str| BASE.replace("kind = \"PRESS\"", &format!("kind = \"PRESS\"\nlanguage = \"{language}\""));
        assert_eq!(
            faults_of(&app, &[file("test.toml", &with_language("englisch"))]),
            ["test.toml:22: language: “englisch” is not a BCP 47 language tag with the shortest ISO 639 code, such as en, uk or pt-BR"]
        );
        import_text(&app, &with_language("uk").replace("slug = \"gazette\"", "slug = \"herald\"").replace("[\"gazette\"]", "[\"herald\"]"));
        let data = app.data("{ sources { nodes { title language } } }", json!({}));
        let languages = json!([{ "title": "Official gazette", "language": "sr-Latn" }, { "title": "The Gazette", "language": "uk" }]);
        assert_eq!(data["sources"]["nodes"], languages);
    }
}
