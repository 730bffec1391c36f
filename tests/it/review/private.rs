//! Readers and anonymous viewers get no data of submissions.

use crate::support::Socket;

use super::*;

on_both_databases! {
    fn readers_and_anonymous_viewers_cannot_see_submissions(app: Empty) {
        let w = World::new(&app);
        let server = app.another_with(|config| {
            config.review = true;
            config.response_cache = bytesize::ByteSize(1_000_000);
        });
        let ann = Editor::new(&server, "Ann", Role::Editor);
        let reader = client(Some(&app.token("Rita", Role::Reader)));
        let secret = "Zanzibar";
        let mut socket = Socket::ready(&server.url);
        socket.subscribe("all", "subscription { changes { position actor } }", json!({}));
        let start = server.log_position();
        let evidence = json!([{ "source": { "title": "Zanzibar papers", "kind": "LEAK", "url": "https://example.org/zanzibar" } }]);
        let id = ann.submit(&w, "one", &json!({ "note": format!("{secret} has it."), "evidence": evidence }));
        ann.apply("commentOnSubmission", &json!({ "submissionId": id, "text": secret }), "submission { id }");

        let queue = "{ submissions { totalCount nodes { note } } }";
        let single = format!("{{ submission(id: \"{id}\") {{ note }} }}");
        let node = format!("{{ node(id: \"{id}\") {{ __typename ... on Submission {{ comments {{ text }} }} }} nodes(ids: [\"{id}\"]) {{ id }} }}");
        for query in [queue, &single] {
            // The editor's response must not be cached for others.
            assert!(ann.query(query, json!({})).to_string().contains(secret));
            for (client, expected) in [(&client(None), "UNAUTHENTICATED"), (&reader, "FORBIDDEN")] {
                let answer = server.send_by(client, query, json!({}));
                assert_eq!(code(&answer).0, expected, "{answer}");
                assert!(!answer.to_string().contains(secret));
            }
        }
        // The same request returns the submission only to editors. The response contains a second comment immediately,
        // although the change log does not contain comments.
        for comments in 1..=2 {
            let found = ann.query(&node, json!({}));
            assert_eq!(found["node"]["__typename"], "Submission");
            assert_eq!(found["node"]["comments"], json!(vec![json!({ "text": secret }); comments]));
            assert_eq!(found["nodes"], json!([{ "id": id }]));
            for client in [&client(None), &reader] {
                assert_eq!(server.send_by(client, &node, json!({}))["data"], json!({ "node": null, "nodes": [null] }));
            }
            if comments == 1 {
                ann.apply("commentOnSubmission", &json!({ "submissionId": id, "text": secret }), "submission { id }");
            }
        }
        // A dump with `--without-tokens` can be published, so it contains no submissions.
        let folder = TempDir::new().unwrap();
        for (flags, is_expected) in [(vec![], true), (vec!["--without-tokens"], false)] {
            let arguments = [vec!["dump", "--database-url", &app.database_url], flags].concat();
            assert_eq!(text(&clausewatch(&arguments, folder.path()).stdout).contains(secret), is_expected);
        }
        let anonymous = client(None);
        for client in [&anonymous, &reader, &ann.client] {
            for query in [
                "{ changes(last: 5) { nodes { position actor action before { value } after { value } } } }",
                "{ search(query: \"Zanzibar\") { nodes { item { __typename } } suggestions } }",
                "{ sources { nodes { title url } } assessments(includeRetracted: true) { nodes { note } } }",
                "{ clauses { nodes { status checkedBy assessments(includeRetracted: true) { nodes { note } } } } }",
                "{ timeline { nodes { __typename } totalCount } }",
            ] {
                let answer = server.send_by(client, query, json!({}));
                assert!(answer.get("errors").is_none(), "{query} {answer}");
                assert!(!answer.to_string().contains(secret), "{query} {answer}");
            }
            for path in ["export/assessments.csv", "export/sources.json", "export/changes.ndjson", "export/clauses.csv", "feeds/changes.atom", "agreements/treaty/clauses/1", "sitemap.xml"] {
                let response = client.get(format!("{}/{path}", server.url)).send().unwrap();
                assert!(response.status().is_success(), "{path}: {}", response.status());
                assert!(!response.text().unwrap().contains(secret), "{path}");
            }
            let submitted = ["export/submissions.csv"].map(|path| client.get(format!("{}/{path}", server.url)).send().unwrap().status().as_u16());
            assert_eq!(submitted, [404]);
        }
        assert_eq!(server.log_position(), start);
        // The next event is the next public change. The submission caused no event.
        w.apply("createTopic", &json!({ "slug": "onlooker", "name": "Onlooker" }), "topic { id }");
        assert_eq!(socket.event("all")["changes"]["position"], start + 1);
    }
}
