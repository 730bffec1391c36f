//! The filters of the timeline by day, kind, agreement, party and text.

use super::*;

on_both_databases! {
    fn from_and_to_include_both_days(app: SharedSample) {
        let (dated, agreements) = reference(&app);
        let members = &agreements["minsk-2"];
        let days = |from: &str, to: &str| -> (Vec<&String>, Vec<&String>) {
            let within = dated.iter().filter(|entry| from <= entry.day.as_str() && entry.day.as_str() <= to);
            let all: Vec<&Dated> = within.collect();
            let about = all.iter().filter(|entry| entry.about.iter().any(|id| members.contains(id)));
            (all.iter().map(|entry| &entry.id).collect(), about.map(|entry| &entry.id).collect())
        };
        let (first, last) = ("0001-01-01", "9999-12-31");
        for (from, to) in [
            ("2015-02-12", "2015-02-12"), ("2015-02-11", "2015-02-26"), (first, "2014-09-05"), ("2022-02-10", last), (first, first),
            ("2020-12-31", "2021-11-30"),
        ] {
            let (all, about) = days(from, to);
            let arguments = format!("from: \"{from}\", to: \"{to}\"");
            assert!(List::root("timeline", &arguments).walk(&app, 200, true).iter().eq(all), "{arguments}");
            let list = List { of: &["agreement(slug: \"minsk-2\")"], field: "timeline", arguments: &arguments };
            assert!(list.walk(&app, 200, true).iter().eq(about), "{arguments}");
        }
        let open = |arguments: &str| List::root("timeline", arguments).page(&app, "first: 1", "")["totalCount"].clone();
        assert_eq!(open("from: \"2021-11-01\""), open(&format!("from: \"2021-11-01\", to: \"{last}\"")));
        assert_eq!(open("to: \"2015-02-12\""), open(&format!("from: \"{first}\", to: \"2015-02-12\"")));
    }

    fn filter_by_kinds_returns_their_entries(app: SharedSample) {
        let (dated, agreements) = reference(&app);
        let members = &agreements["minsk-2"];
        let days = "from: \"2015-02-01\", to: \"2022-03-31\"";
        for (kinds, ranks) in [
            ("PROPOSAL", &[0][..]), ("EVENT", &[1]), ("ASSESSMENT", &[2]), ("DEADLINE", &[3]),
            ("DEADLINE, PROPOSAL", &[0, 3]), ("ASSESSMENT, EVENT, EVENT", &[1, 2]), ("PROPOSAL, EVENT, ASSESSMENT, DEADLINE", &[0, 1, 2, 3]),
        ] {
            let of_kinds = |entry: &&Dated| ranks.contains(&entry.rank);
            let all: Vec<&String> = dated.iter().filter(of_kinds).map(|entry| &entry.id).collect();
            let arguments = format!("kinds: [{kinds}]");
            assert!(!all.is_empty(), "{kinds}");
            assert!(List::root("timeline", &arguments).check_walks(&app, &[61]).iter().eq(all), "{kinds}");
            let within = |entry: &&Dated| of_kinds(entry) && ("2015-02-01"..="2022-03-31").contains(&entry.day.as_str());
            let about = dated.iter().filter(within).filter(|entry| entry.about.iter().any(|id| members.contains(id)));
            let arguments = format!("{days}, {arguments}");
            let list = List { of: &["agreement(slug: \"minsk-2\")"], field: "timeline", arguments: &arguments };
            assert!(list.check_walks(&app, &[31]).iter().eq(about.map(|entry| &entry.id)), "{kinds}");
        }
    }

    fn filter_by_agreement_returns_the_entries_of_its_timeline(app: SharedSample) {
        let (dated, agreements) = reference(&app);
        for slugs in [&["minsk-2"][..], &["minsk-protocol", "minsk-memorandum"], &["nothing"]] {
            let members: BTreeSet<&String> = slugs.iter().filter_map(|slug| agreements.get(*slug)).flatten().collect();
            let about = |entry: &&Dated| entry.about.iter().any(|id| members.contains(id));
            let expected = dated.iter().filter(about).map(|entry| &entry.id);
            let arguments = format!("agreement: {}", json!(slugs));
            assert!(List::root("timeline", &arguments).check_walks(&app, &[31]).iter().eq(expected), "{slugs:?}");
        }
    }

    fn filter_by_party_returns_entries_that_involve_the_party(app: Empty) {
        let (w, _) = assessed(&app);
        for (parties, entries) in [
            (json!(["north"]), vec![0, 1, 2, 3]),
            (json!(["south"]), vec![0, 1, 3, 5]),
            (json!(["envoy"]), vec![3, 5]),
            (json!(["envoy", "south"]), vec![0, 1, 3, 5]),
            (json!(["nobody"]), vec![]),
        ] {
            let expected: Vec<&str> = entries.iter().map(|index| WORLD[*index]).collect();
            assert_eq!(shown(&app, None, &format!("party: {parties}")), expected, "{parties}");
        }
        // The filter also returns assessments that the party holds, and breaches that name the party as breaker.
        let held = json!({ "status": "REJECTED", "effectiveOn": "2016-08-01", "note": "n", "heldBy": "@envoy" });
        w.apply("updateProposalStatus", &w.about("answer", &held), "");
        let breach = json!({ "status": "BREACHED", "effectiveOn": "2016-08-02", "note": "n", "breachedBy": ["@envoy"] });
        w.apply("updateClauseStatus", &w.about("one", &breach), "");
        assert_eq!(shown(&app, None, "party: [\"envoy\"], from: \"2016-08-01\""), ["2016-08-01 ProposalAssessment", "2016-08-02 ClauseAssessment"]);
        assert_eq!(shown(&app, Some("treaty"), "party: [\"envoy\"], kinds: [EVENT]"), ["2016-07-01 Event"]);
    }

    fn filter_by_text_searches_the_record_and_its_subject(app: Empty) {
        let _ = assessed(&app);
        for (text, entries) in [
            ("HEAVY weapons", vec![0, 1]),
            ("важке", vec![0, 1]),
            ("no talks", vec![3, 4]),
            ("paris", vec![5]),
            ("we give", vec![6]),
            ("talks", vec![2, 3, 4, 5]),
            ("100%", vec![]),
        ] {
            let expected: Vec<&str> = entries.iter().map(|index| WORLD[*index]).collect();
            assert_eq!(shown(&app, None, &format!("text: {}", json!(text))), expected, "{text}");
        }
        assert_eq!(shown(&app, Some("annex"), "text: \"talks\""), [WORLD[3], WORLD[4], WORLD[5]]);
        let long = "x".repeat(301);
        let (_, message) = app.error(&format!("{{ timeline(text: \"{long}\") {{ totalCount }} }}"), json!({}));
        assert!(message.contains("a filter has at most"), "{message}");
    }

    fn empty_kinds_return_nothing_and_omitted_kinds_everything(app: Empty) {
        let _ = assessed(&app);
        for (kinds, places) in [
            ("[]", &[][..]), ("null", &[0, 1, 2, 3, 4, 5, 6]), ("PROPOSAL", &[2, 3]), ("[ASSESSMENT]", &[0, 4, 6]), ("[EVENT, DEADLINE]", &[1, 5]),
        ] {
            let arguments = format!("kinds: {kinds}");
            let expected: Vec<&str> = places.iter().map(|place| WORLD[*place]).collect();
            assert_eq!(shown(&app, None, &arguments), expected, "{kinds}");
            let page = List::root("timeline", &arguments).page(&app, "first: 1", "");
            assert_eq!(page["totalCount"], expected.len(), "{kinds}");
            assert_eq!(page["pageInfo"]["hasNextPage"], expected.len() > 1, "{kinds}");
        }
    }
}
