//! The rules for matching words.

use super::*;

on_both_databases! {
    fn search_ignores_case_accents_and_letter_forms(app: Empty) {
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

    fn spelling_variants_match_the_same_word(app: Empty) {
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
        assert_eq!(found(&app, "russia first"), ["Treaty, 1"], "the part before an apostrophe is also a word");
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
            assert_eq!(w.reject("updateClause", &w.about("two", &json!({ "aliases": aliases })))[0].0, code, "{aliases}");
        }
        w.create("late", "Party", json!({ "slug": "late", "name": "Late", "shortName": "Late", "kind": "STATE" }));
        assert_eq!(w.created("late")["aliases"], json!([]));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn record_is_first_for_its_names_in_other_languages(app: SharedSample) {
        for (query, first) in [
            ("кордон", "Minsk II, 9"), ("перемир'я", "Minsk II, 1"), ("перемир\u{2019}я", "Minsk II, 1"), ("перемирие", "Minsk II, 1"), ("cease fire", "Minsk II, 1"),
            ("Дебальцеве", "Ceasefire takes effect, but not at Debaltseve"), ("Debaltsevo", "Ceasefire takes effect, but not at Debaltseve"),
            ("Donbass", "CADLR"), ("Zelenskyy", "Zelensky"), ("Steinmeyer", "Steinmeier formula"), ("Frank-Walter Steinmeyer", "Steinmeier"), ("Steinmeyer formula", "Steinmeier formula"),
            // The record itself ranks above events and sources that mention it.
            ("border control", "Minsk II, 9"), ("full ceasefire", "Minsk II, 1"), ("припинення вогню", "Minsk II, 1"), ("amnesty", "Minsk II, 5"), ("constitutional reform", "Minsk II, 11"),
            ("prisoners exchange", "Blinken's offer to support a way out through the Minsk agreements, E-5"), ("special status law", "Minsk II, 11.b"), ("minsk ii", "Minsk II"), ("minsk 2 9", "Minsk II, 9"),
        ] {
            let labels = found(&app, query);
            assert_eq!(labels.first().map(String::as_str), Some(first), "{query}: {labels:?}");
        }
    }

    fn one_misspelt_letter_ranks_below_exact_matches(app: Empty) {
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
        // A word in many records is assumed to be spelt correctly.
        for number in 20..30 {
            w.apply("createClause", &with(w.input("one"), &json!({ "number": number.to_string(), "heading": "Kestrel" })), "");
        }
        assert!(!found(&app, "kestrel").contains(&"Kestrol".to_owned()));
        assert_eq!(differences(&app), Vec::<String>::new());
    }

    fn search_without_results_suggests_similar_words(app: SharedSample) {
        assert_eq!(suggested(&app, "ceasfyre")[0], "ceasefire");
        assert_eq!(suggested(&app, "debalzeve"), ["Debaltseve"]);
        assert_eq!(suggested(&app, "zellenski")[0], "Zelensky");
        assert_eq!(suggested(&app, "кордани"), ["кордон"]);
        assert_eq!(suggested(&app, "amnasti law")[0], "amnesty");
        for query in ["xyzzyxyzzy", "999999", "", "停戦"] {
            assert_eq!(suggested(&app, query), Vec::<String>::new(), "{query}");
        }
        let found = app.data("{ search(query: \"ceasefire\") { suggestions } }", json!({}));
        assert_eq!(found["search"]["suggestions"], json!([]), "a search with results has no suggestions");
    }

    fn only_the_last_word_of_a_query_can_be_a_prefix(app: Empty) {
        let w = World::new(&app);
        w.change("update", "one", &json!({ "heading": "Ceasefire holds", "summary": "Nothing else." }));
        for (query, is_found) in [
            ("c", true), ("ceasef", true), ("ceasefire", true), ("ceasefires", true), ("easefire", true), ("ceasefirexx", false), ("sefire", false), ("holds cease", true),
            ("cease holds", false), ("ceasef holds", false), ("holds cease ", true), ("holds holds", true), ("hold hold", false), ("ceasefire hol", true), ("ceasefire hol ho", false),
        ] {
            assert_eq!(found(&app, query).contains(&"Treaty, 1".to_owned()), is_found, "{query:?}");
        }
    }

    fn all_words_must_match_in_any_order_and_any_field(app: Empty) {
        let w = World::new(&app);
        w.change("update", "two", &json!({ "heading": "Alpha", "summary": "Beta.", "text": "Gamma." }));
        for query in ["alpha", "beta", "gamma", "gamma beta alpha", "alpha gam"] {
            assert_eq!(found(&app, query), ["Treaty, 1.a"], "{query}");
        }
        assert_eq!(found(&app, "alpha beta delta"), Vec::<String>::new());
        assert_eq!(found(&app, "games beta"), Vec::<String>::new());
    }

    fn clauses_are_found_by_number_and_name_of_the_agreement(app: Empty) {
        let w = World::new(&app);
        for query in ["1a treaty", "weapons treaty", "treaty heavy weap", "1A"] {
            assert_eq!(found(&app, query), ["Treaty, 1.a"], "{query}");
        }
        // The annex contains the number 1 in an external id, and its title contains “treaty”.
        assert_eq!(found(&app, "treaty 1.a"), ["Treaty, 1.a", "Annex"]);
        assert_eq!(found(&app, "offer a-1"), ["Offer, A-1"]);
        assert_eq!(found(&app, "annex weapons"), Vec::<String>::new(), "the clause does not belong to the annex");
        assert_eq!(found(&app, "treaty")[0], "Treaty", "a name alone matches the record with this name, but not its parts");
        assert!(!found(&app, "treaty").contains(&"Treaty, 1.a".to_owned()));
        w.change("update", "treaty", &json!({ "shortTitle": "Accord" }));
        assert_eq!(found(&app, "accord weapons"), ["Accord, 1.a"], "a new name is effective immediately");
        w.change("update", "offer", &json!({ "title": "Entirely new" }));
        assert_eq!(found(&app, "entirely a-1"), ["Entirely new, A-1"]);
    }
}
