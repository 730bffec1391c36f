//! The search index: it follows changes of the records, and can be checked and rebuilt.

use super::*;

on_both_databases! {
    fn index_follows_changes_archiving_and_restoring(app: Empty) {
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
        // A record can be changed while it is archived. After it is restored, searches find it by its new words.
        w.change("archive", "talks", &json!({}));
        w.change("update", "talks", &json!({ "title": "Consultations" }));
        assert_eq!(found(&app, "consultations"), Vec::<String>::new());
        w.change("archive", "talks", &json!({ "archived": false }));
        assert_eq!(found(&app, "consultations"), ["Consultations"]);
        // A clause is found by the name of its agreement.
        w.apply("createClause", &with(w.input("one"), &json!({ "number": "7", "heading": "Movable" })), "");
        assert_eq!(found(&app, "treaty movable"), ["Treaty, 7"]);
        let refused = w.mutate("updateClause", &json!({ "clauseId": app.clause_id("treaty", "7"), "heading": "" }), "");
        assert_ne!(refused["userErrors"], json!([]));
        assert_eq!(found(&app, "movable"), ["Treaty, 7"], "a rejected mutation changes nothing");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn sources_are_found_by_title_publisher_and_day(app: Empty) {
        let w = World::new(&app);
        let evidence = json!([{ "source": { "title": "Daily report 12", "publisher": "Monitors of the Treaty", "publishedOn": "2021-03-04", "kind": "MONITOR_REPORT" } }]);
        let status = json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2021-03-04", "note": "Seen.", "evidence": evidence });
        let recorded = w.apply("updateClauseStatus", &status, "assessment { evidence { id version } }");
        // A clause is found by the title of its evidence, and ranks below the source itself.
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

    fn records_are_found_by_notes_and_evidence_until_retraction(app: Empty) {
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
        assert_eq!(excerpt("ceasefire kestrel"), "1 [Ceasefire]", "words of the record itself take precedence");
        // Misspelt words also match words of notes.
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

    fn interpretations_find_their_clause_or_caveat(app: Empty) {
        let w = World::new(&app);
        let excerpt = |query: &str| marked(&search(&app, &json!({ "query": query }))["nodes"][0]["excerpt"]);
        assert_eq!(found(&app, "100 mm"), ["Treaty, 1.a"]);
        assert_eq!(excerpt("above heavy"), "[heavy]: [Above] 100 mm.");
        w.change("update", "reading", &json!({ "term": "bulky", "meaning": "Of two tonnes." }));
        assert_eq!(found(&app, "100 mm"), Vec::<String>::new());
        assert_eq!(found(&app, "bulky tonnes"), ["Treaty, 1.a"]);
        // An update can assign an interpretation to another record.
        let caveat = w.read("ask", "reference")["reference"].take();
        w.change("update", "reading", &json!({ "subjectId": "@ask" }));
        assert_eq!(json!(found(&app, "bulky tonnes")), json!([caveat]));
        assert_eq!(differences(&app), Vec::<String>::new());
        for (archived, found_then) in [(true, json!([])), (false, json!([caveat]))] {
            w.change("archive", "reading", &json!({ "archived": archived }));
            assert_eq!(json!(found(&app, "bulky tonnes")), found_then, "archived: {archived}");
            assert_eq!(differences(&app), Vec::<String>::new());
        }
        app.execute_sql("UPDATE interpretations SET meaning = 'Otherwise.'");
        let [difference] = &differences(&app)[..] else { panic!("one difference") };
        assert!(difference.ends_with(": the search index differs from the record"), "{difference}");
    }

    fn excerpt_positions_are_utf_16_code_units(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "summary": "🕊🕊 peace, ПЕРЕМИР’Я 🕊 peace" }));
        let node = search(&app, &json!({ "query": "peace", "kinds": "CLAUSE" }))["nodes"][0].take();
        assert_eq!(node["excerpt"]["matches"], json!([{ "start": 5, "end": 10 }, { "start": 25, "end": 30 }]));
        assert_eq!(marked(&node["excerpt"]), "🕊🕊 [peace], ПЕРЕМИР’Я 🕊 [peace]");
    }

    fn search_costs_the_same_for_any_number_of_results(app: Sample) {
        let cost = |query: &str, variables: Value| {
            let before = app.db().statements();
            app.data(query, variables);
            // Excludes the two statements that begin and end the snapshot.
            app.db().statements() - before - 2
        };
        let plain = "query($query: String!, $first: Int) { search(query: $query, first: $first) { nodes { score } } }";
        let full = "query($query: String!, $first: Int) { search(query: $query, first: $first, kinds: [CLAUSE]) { totalCount nodes { score \
                    excerpt { text matches { start } } item { ... on Clause { heading topic { name } } } } } }";
        for (query, first) in [("minsk", 1), ("minsk", 200), ("the", 200), ("w1 w2 w3 w4", 200)] {
            // One statement for the frequencies of the words, and one for the page.
            assert_eq!(cost(plain, json!({ "query": query, "first": first })), 2, "{query}");
        }
        for query in ["donfried", "debaltsve", "ceasfire minks bordr"] {
            // One additional statement finds similar words, because a rare word may be misspelt.
            assert_eq!(cost(plain, json!({ "query": query })), 3, "{query}");
        }
        for (query, first) in [("ceasefire", 1), ("ceasefire", 200), ("the", 200)] {
            // One additional statement each for the total count, the clauses and their topics. One statement reads the
            // clauses for both the items and the excerpts. At most one statement reads the notes of assessments.
            let cost = cost(full, json!({ "query": query, "first": first }));
            assert!((5..=6).contains(&cost), "{query}: {cost}");
        }
        // One statement for each kind of record in the results.
        let every = search(&app, &json!({ "query": "the", "first": 200 }));
        let kinds: HashSet<String> = every["nodes"].as_array().unwrap().iter().map(|node| text(&node["item"]["__typename"])).collect();
        assert_eq!(kinds.len(), 7, "{kinds:?}");
        let items = "query($query: String!, $first: Int) { search(query: $query, first: $first) { nodes { excerpt { text } item { __typename } } } }";
        assert_eq!(cost(items, json!({ "query": "the", "first": 200 })), 2 + 7 + 1);
        let twice = format!("query($query: String!, $first: Int) {{ one: {0} other: {0} }}", "search(query: $query, first: $first) { nodes { score } }");
        assert_eq!(cost(&twice, json!({ "query": "the", "first": 200 })), 2, "equal searches are executed once");
    }

    fn index_of_another_version_is_rebuilt_at_the_start(app: Sample) {
        let before = found(&app, "minsk");
        // Simulates the database of an older version: without an index, or with an index in another format.
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
        assert_eq!(filtered(), in_filter, "the columns for text filters are rebuilt, too");
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn check_reports_errors_in_the_index(app: Sample) {
        let planted = |sql: &str| {
            app.execute_sql(sql);
            differences(&app)
        };
        let clause = "SELECT id FROM clauses WHERE number = '9' AND agreement_id IN (SELECT id FROM agreements WHERE slug = 'minsk-2')";
        let [difference] = &planted(&format!("DELETE FROM search_words WHERE word = 'border' AND document_id IN ({clause})"))[..] else {
            panic!("one difference")
        };
        assert!(difference.starts_with("clause ") && difference.ends_with(": the search index differs from the record"), "{difference}");
        assert_eq!(planted("INSERT INTO search_documents (id, kind) VALUES ('nothing', 'event')").len(), 2, "an entry without a record");
        assert_eq!(planted("UPDATE search_documents SET container_id = NULL WHERE kind = 'caveat' AND id = (SELECT min(id) FROM caveats)").len(), 3);
        let filter = planted("UPDATE events SET folded = 'other' WHERE id = (SELECT max(id) FROM events)");
        assert!(filter.iter().any(|line| line.ends_with(": the column of the text filter differs from the record")), "{filter:?}");
        assert!(planted("DELETE FROM search_spellings WHERE word = 'ceasefire'").len() > 10, "a missing word for spelling corrections");
    }
}
