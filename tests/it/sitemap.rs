//! Files for search engines: `/robots.txt` and `/sitemap.xml`.

use std::collections::BTreeMap;

use reqwest::blocking::Response;
use roxmltree::Document;
use serde_json::json;

use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn get(app: &TestApp, path: &str) -> Response {
    app.client().get(format!("{}{path}", app.url)).send().unwrap()
}

/// The addresses in a sitemap, with the times of their last changes.
fn addresses(app: &TestApp, path: &str) -> BTreeMap<String, Option<String>> {
    let response = get(app, path);
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "application/xml; charset=utf-8");
    let text = response.text().unwrap();
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("urlset", Some(NAMESPACE)));
    let urls = root.children().filter(|node| node.has_tag_name((NAMESPACE, "url")));
    let entries = urls.map(|url| {
        let text = |name: &str| {
            let child = url.children().find(|child| child.has_tag_name((NAMESPACE, name)));
            child.and_then(|child| child.text()).map(str::to_owned)
        };
        (text("loc").expect("an address"), text("lastmod"))
    });
    entries.collect()
}

on_both_databases! {
    fn sitemap_contains_every_public_record_with_its_last_change(app: Empty) {
        let w = World::new(&app);
        w.change("update", "two", &json!({ "number": "1-B.c" }));
        let all = addresses(&app, "/sitemap.xml");
        let of = |path: &str| format!("{}{path}", app.url);
        for path in ["/", "/proposals", "/timeline", "/sources", "/parties", "/changes", "/compare", "/search"] {
            assert_eq!(all.get(&of(path)), Some(&None), "{path}: {all:?}");
        }
        let records = [
            ("treaty", "/agreements/treaty".to_owned()),
            ("annex", "/agreements/annex".to_owned()),
            ("one", "/agreements/treaty/clauses/1".to_owned()),
            ("two", "/agreements/treaty/clauses/1-B.c".to_owned()),
            ("offer", "/proposals/offer".to_owned()),
            ("answer", "/proposals/answer".to_owned()),
            ("north", "/parties/north".to_owned()),
            ("talks", format!("/events/{}", w.id("talks"))),
            ("gazette", format!("/sources/{}", w.id("gazette"))),
        ];
        for (name, path) in &records {
            let changed = w.read(name, "changedAt")["changedAt"].as_str().unwrap().to_owned();
            assert_eq!(all.get(&of(path)), Some(&Some(changed)), "{name}: {all:?}");
        }
        // Every listed address exists, and no other addresses are listed.
        for address in all.keys() {
            assert_eq!(app.client().get(address).header("accept", "text/html").send().unwrap().status(), 200, "{address}");
        }
        assert!(!all.keys().any(|address| ["/new", "/edit", "/tokens", "/sign-in"].iter().any(|part| address.contains(part))));
        w.change("archive", "treaty", &json!({ "archived": true }));
        let fewer = addresses(&app, "/sitemap.xml");
        assert_eq!(fewer.len(), all.len() - 3, "the sitemap omits an archived agreement and its clauses: {fewer:?}");
    }

    fn sitemap_contains_more_records_than_a_page_of_the_api(app: Whole) {
        let all = addresses(&app, "/sitemap.xml");
        let data = app.data("{ sources(first: 0) { totalCount } events(first: 0) { totalCount } clauses(first: 0) { totalCount } parties(first: 0) { totalCount } }", json!({}));
        for (kind, part) in [("sources", "/sources/"), ("events", "/events/"), ("clauses", "/clauses/"), ("parties", "/parties/")] {
            let found = all.keys().filter(|address| address.contains(part)).count();
            assert_eq!(json!(found), data[kind]["totalCount"], "{kind}");
            // The server also serves the files that an index would list.
            let file = addresses(&app, &format!("/sitemap/{kind}-1.xml"));
            assert_eq!(file.len(), found, "{kind}");
        }
        assert!(all.keys().filter(|address| address.contains("/sources/")).count() > 200);
        assert!(addresses(&app, "/sitemap/pages-1.xml").contains_key(&format!("{}/timeline", app.url)));
        for path in ["/sitemap/clauses-0.xml", "/sitemap/clauses-2.xml", "/sitemap/nothing-1.xml", "/sitemap/clauses-99999999999999999999999.xml"] {
            assert_eq!(get(&app, path).status(), 404, "{path}");
        }
    }

    fn unchanged_sitemap_is_not_sent_again(app: Empty) {
        let app = app.another_with(|config| config.response_cache = bytesize::ByteSize(1_000_000));
        let w = World::new(&app);
        let tag = get(&app, "/sitemap.xml").headers()["etag"].to_str().unwrap().to_owned();
        let again = || app.client().get(format!("{}/sitemap.xml", app.url)).header("if-none-match", &tag).send().unwrap().status();
        assert_eq!(again(), 304);
        w.change("update", "treaty", &json!({ "summary": "Peace again." }));
        assert_eq!(again(), 200);
    }

    fn robots_can_read_everything_except_forms_and_the_api(app: Empty) {
        let text = get(&app, "/robots.txt").text().unwrap();
        for line in ["User-agent: *", "Disallow: /new/", "Disallow: /edit/", "Disallow: /tokens", "Disallow: /sign-in", "Disallow: /graphql", "Disallow: /export/", "Disallow: /feeds/", "Disallow: /embed/"] {
            assert!(text.lines().any(|other| other == line), "{line}: {text}");
        }
        assert!(text.contains(&format!("\nSitemap: {}/sitemap.xml\n", app.url)), "{text}");
        let below = app.another_with(|config| config.public_url = Some("https://example.org/a/".parse().unwrap()));
        let text = get(&below, "/robots.txt").text().unwrap();
        assert!(text.contains("Disallow: /a/new/\n") && text.contains("Sitemap: https://example.org/a/sitemap.xml\n"), "{text}");
    }

    fn private_server_excludes_search_engines(app: Sample) {
        let app = app.another_with(|config| config.private = true);
        assert_eq!(get(&app, "/robots.txt").text().unwrap(), "User-agent: *\nDisallow: /\n");
        for path in ["/sitemap.xml", "/sitemap/clauses-1.xml"] {
            let response = get(&app, path);
            assert_eq!(response.status(), 404, "{path}");
            assert!(!response.text().unwrap().contains("minsk"), "{path}");
        }
    }
}
