//! Feeds: the newest changes as Atom, and the deadlines as a calendar.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::exports::rows;
use crate::other_clients::run_python;
use crate::support::world::World;
use crate::support::{TestApp, assert_refused, client, on_both_databases};

fn get(app: &TestApp, path: &str) -> Response {
    client(None).get(format!("{}/feeds/{path}", app.url)).send().expect("the server answers")
}

/// The content of a feed, as a feed reader parses it.
fn read(app: &TestApp, path: &str) -> Value {
    let response = get(app, path);
    assert_eq!(response.status(), 200, "{path}");
    let kind = if path.contains(".atom") { "atom" } else { "ics" };
    run_python("read_feed.py", &[kind], &response.bytes().expect("a body"))
}

on_both_databases! {
    fn atom_feed_contains_the_newest_changes_and_retractions(app: Empty) {
        let w = World::new(&app);
        let odd = "<b>Shelling</b> & “talks” 🕊";
        let update = json!({ "clauseId": w.id("one"), "status": "BREACHED", "effectiveOn": "2016-03-01", "note": odd });
        let payload = w.apply("updateClauseStatus", &update, "assessment { id }");
        let retraction = json!({ "assessmentId": payload["assessment"]["id"], "reason": "Wrong day." });
        w.apply("retractAssessment", &retraction, "assessment { id }");

        let feed = read(&app, "changes.atom");
        assert_eq!(feed["version"], "atom10");
        assert_eq!(feed["self"], json!([format!("{}/feeds/changes.atom", app.url)]));
        let entries = feed["entries"].as_array().unwrap();
        let log = rows(&app, "changes", "");
        assert_eq!(entries.len(), log.len().min(100));
        for (entry, change) in entries.iter().zip(log.iter().rev()) {
            assert_eq!(entry["author"], change["actor"]);
            assert_eq!(entry["terms"][0], change["action"]);
            assert!(entry["id"].as_str().unwrap().contains(&format!("#change-{}-", change["position"])), "{entry}");
        }
        let title = |index: usize| entries[index]["title"].as_str().unwrap().to_owned();
        let reference = w.created("one")["number"].as_str().unwrap().to_owned();
        assert!(title(0).starts_with("analyst retracted an assessment of "), "{}", title(0));
        assert!(title(0).contains(&reference) && title(0).ends_with(": Breached since 2016-03-01 (neutral record)"), "{}", title(0));
        assert!(title(1).starts_with("analyst assessed "), "{}", title(1));
        assert!(entries[1]["content"].as_str().unwrap().contains(odd), "{}", entries[1]);
        assert!(entries[1]["link"].as_str().unwrap().starts_with(&format!("{}/agreements/", app.url)), "{}", entries[1]);
        // The ids of entries are unique.
        let mut ids: Vec<&str> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), entries.len());
    }

    fn calendar_contains_every_due_date(app: SharedSample) {
        for parameters in ["", "agreement=minsk-2", "phase=FINISH"] {
            let calendar = read(&app, &format!("deadlines.ics?{parameters}"));
            assert_eq!((&calendar["version"], &calendar["errors"]), (&json!("2.0"), &json!([])));
            let entries = calendar["entries"].as_array().unwrap();
            let due = rows(&app, "deadlines", parameters).into_iter().filter(|row| !row["dueOn"].is_null());
            let due: Vec<Value> = due.collect();
            assert!(!due.is_empty(), "{parameters}");
            assert_eq!(entries.len(), due.len(), "{parameters}");
            for (entry, row) in entries.iter().zip(&due) {
                assert_eq!(entry["day"], row["dueOn"]);
                assert_eq!(entry["url"], row["url"]);
                assert_eq!(entry["id"], json!(format!("{}@127.0.0.1", row["id"].as_str().unwrap())));
                let (summary, reference) = (entry["summary"].as_str().unwrap(), row["reference"].as_str().unwrap());
                assert!(summary.starts_with(reference), "{summary}");
                assert!(entry["description"].as_str().unwrap().starts_with(row["rule"].as_str().unwrap()), "{entry}");
            }
        }
    }

    fn feeds_have_content_types_entity_tags_and_errors(app: Sample) {
        for (path, content_type) in [
            ("changes.atom", "application/atom+xml; charset=utf-8"),
            ("deadlines.ics", "text/calendar; charset=utf-8"),
        ] {
            let response = get(&app, path);
            assert_eq!(response.headers()["content-type"], content_type);
            let tag = response.headers()["etag"].to_str().unwrap().to_owned();
            let request = client(None).get(format!("{}/feeds/{path}", app.url)).header("if-none-match", &tag);
            assert_eq!(request.send().unwrap().status(), 304, "{path}");
        }
        for (path, status, part) in [
            ("changes.rss", 404, "there is no feed “changes.rss”"),
            ("changes.rss", 404, "valid values: changes.atom, deadlines.ics"),
            ("deadlines.ics?dueFrom=soon", 400, "the parameter `dueFrom`: "),
            ("deadlines.ics?due=2016-01-01", 400, "there is no parameter “due”"),
        ] {
            assert_refused(get(&app, path), status, part);
        }
        let private = app.another_with(|config| config.private = true);
        for path in ["changes.atom", "deadlines.ics"] {
            assert_eq!(get(&private, path).status(), 401, "{path}");
        }
    }
}
