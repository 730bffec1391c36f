//! Server-rendered pages: readable without JavaScript, with metadata for search engines and previews.

mod continuation;
mod embed;
mod json_ld;
mod private;
mod share_image;

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::world::World;
use crate::support::{TestApp, client_builder, on_both_databases, wait_until};

/// A response with a page.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

fn ask(address: &str, headers: &[(&str, &str)]) -> Response {
    let client = client_builder().redirect(Policy::none()).build().unwrap();
    let mut request = client.get(address).header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().unwrap()
}

impl Page {
    pub fn get(app: &TestApp, path: &str) -> Self {
        Self::get_with(app, path, &[])
    }

    pub fn get_with(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Self {
        let response = ask(&format!("{}{path}", app.url), headers);
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, html: response.text().unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The text between two marks. Fails if either is missing.
    #[track_caller]
    fn between(&self, start: &str, end: &str) -> &str {
        let (_, rest) =
            self.html.split_once(start).unwrap_or_else(|| panic!("no {start} in {}", self.html));
        rest.split_once(end).unwrap_or_else(|| panic!("no {end} in {rest}")).0
    }

    #[track_caller]
    pub fn title(&self) -> &str {
        self.between("<title>", "</title>")
    }

    #[track_caller]
    fn meta(&self, name: &str) -> &str {
        let rest = self.between(&format!("\"{name}\" content=\""), ">");
        rest.strip_suffix('"').unwrap_or(rest)
    }

    #[track_caller]
    fn canonical(&self) -> &str {
        self.between("<link rel=\"canonical\" href=\"", "\"")
    }

    /// The HTML inside the root element of the app.
    #[track_caller]
    pub fn text(&self) -> &str {
        self.between("<main", "</main>")
    }

    /// The JSON-LD objects of the page.
    #[track_caller]
    fn json_ld_objects(&self) -> Vec<Value> {
        let json = self.between("<script type=\"application/ld+json\">", "</script>");
        let graph: Value =
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
        assert_eq!(graph["@context"], "https://schema.org");
        graph["@graph"].as_array().unwrap().clone()
    }

    #[track_caller]
    fn json_ld_object(&self, kind: &str) -> Value {
        let things = self.json_ld_objects();
        let found = things.iter().find(|thing| thing["@type"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {things:?}")).clone()
    }
}

/// The paths of the first event and the first source.
fn paths_of_records(app: &TestApp) -> [String; 2] {
    let data = app.data(
        "{ events(first: 1) { nodes { id } } sources(first: 1) { nodes { id } } }",
        json!({}),
    );
    ["events", "sources"]
        .map(|kind| format!("/{kind}/{}", data[kind]["nodes"][0]["id"].as_str().unwrap()))
}

on_both_databases! {
    fn every_page_has_title_address_and_text(app: SharedSample) {
        let [event, source] = paths_of_records(&app);
        for (path, title, part) in [
            ("/", "Overview · Clausewatch", "Minsk II"),
            ("/agreements/minsk-2", "Minsk II · Clausewatch", "Package of measures"),
            ("/agreements/minsk-2/clauses/9", "Minsk II, 9: ", "History"),
            ("/agreements/minsk-2/sequence", "Sequence of Minsk II · Clausewatch", "wait for each other"),
            ("/proposals", "Proposals · Clausewatch", "<time"),
            ("/proposals/russia-us-draft-treaty", "", "Offers, demands"),
            ("/timeline", "Timeline · Clausewatch", "newest first"),
            (&event, "", "Evidence"),
            ("/sources", "Sources · Clausewatch", "Official text"),
            (&source, "", "Published on"),
            ("/parties", "Parties and topics · Clausewatch", "Topics"),
            ("/releases", "Releases · Clausewatch", "No release has been recorded yet"),
            ("/changes", "Change log · Clausewatch", "operator</span> assessed"),
            ("/compare?from=2015-03-01&to=2022-02-23", "Compare two days · Clausewatch", " → "),
        ] {
            let page = Page::get(&app, path);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.title().starts_with(title) && page.title().ends_with(" · Clausewatch"), "{path}: {}", page.title());
            assert!(page.text().contains(part), "{path}: {}", page.text());
            let address = format!("{}{}", app.url, path.split('?').next().unwrap());
            assert_eq!(page.canonical(), address);
            assert_eq!(page.meta("og:url"), address);
            for name in ["description", "og:description", "twitter:description"] {
                let length = page.meta(name).chars().count();
                assert!((20..=400).contains(&length), "{path} {name}: {}", page.meta(name));
            }
            assert_eq!(page.meta("og:title"), page.meta("twitter:title"));
            assert!(page.html.matches("<h1").count() == 1 && page.html.matches("<title>").count() == 1, "{path}");
            assert!(!page.html.contains("noindex"), "{path}");
            // The text is inside the app's root element, whose content the app replaces when it starts.
            let root = page.html.find("<div id=\"app\">").unwrap();
            assert!(root < page.html.find("<main").unwrap(), "{path}");
            assert!(!page.json_ld_objects().is_empty(), "{path}");
        }
    }

    fn clause_page_shows_status_history_and_relations(app: SharedSample) {
        let page = Page::get(&app, "/agreements/minsk-2/clauses/9");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { heading summary assessments(first: 50) { totalCount nodes { note recordedBy } } } }";
        let clause = &app.data(query, json!({}))["clause"];
        let escaped = |text: &Value| text.as_str().unwrap().replace('&', "&amp;").replace('"', "&quot;");
        for text in [&clause["heading"], &clause["summary"], &clause["assessments"]["nodes"][0]["note"], &clause["assessments"]["nodes"][0]["recordedBy"]] {
            let text = escaped(text);
            let line = text.split("\n\n").next().unwrap();
            assert!(page.text().contains(line), "{line}\n{}", page.text());
        }
        let total = clause["assessments"]["totalCount"].as_u64().unwrap();
        assert_eq!(u64::try_from(page.text().matches("Recorded by").count()).unwrap(), total);
        assert!(page.text().contains("href=\"/agreements/minsk-2\""), "{}", page.text());
        // Another day or viewpoint changes the text, but not the canonical address.
        let earlier = Page::get(&app, "/agreements/minsk-2/clauses/9?asOf=2015-02-12&heldBy=ukraine");
        assert!(earlier.text().contains("12 Feb 2015</time>)"), "{}", earlier.text());
        assert_eq!(earlier.canonical(), page.canonical());
        assert!(earlier.text().contains("/agreements/minsk-2?asOf=2015-02-12&amp;heldBy=ukraine"));
    }

    fn pages_describe_records_with_schema_org(app: SharedSample) {
        let [event, source] = paths_of_records(&app);
        let clause = Page::get(&app, "/agreements/minsk-2/clauses/9");
        let thing = clause.json_ld_object("Legislation");
        assert_eq!(thing["legislationIdentifier"], "9");
        assert_eq!(thing["isPartOf"]["url"], format!("{}/agreements/minsk-2", app.url));
        assert!(thing["dateModified"].as_str().unwrap().ends_with('Z'), "{thing}");
        let trail = clause.json_ld_object("BreadcrumbList");
        let names: Vec<&str> = trail["itemListElement"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(&names[..2], ["Clausewatch", "Minsk II"]);
        let agreement = Page::get(&app, "/agreements/minsk-2").json_ld_object("Legislation");
        assert_eq!(agreement["legislationDate"], "2015-02-12");
        let kinds: Vec<&Value> = agreement["contributor"].as_array().unwrap().iter().map(|party| &party["@type"]).collect();
        assert!(kinds.contains(&&json!("Country")), "{kinds:?}");
        assert!(Page::get(&app, "/").json_ld_object("Dataset")["hasPart"].as_array().unwrap().len() > 1);
        assert!(Page::get(&app, &event).json_ld_object("Event")["startDate"].is_string());
        assert!(Page::get(&app, &source).json_ld_object("CreativeWork")["name"].is_string());
        assert_eq!(Page::get(&app, "/proposals/russia-us-draft-treaty").json_ld_object("CreativeWork")["@type"], "CreativeWork");
    }

    fn unknown_and_archived_records_are_not_found(app: Empty) {
        let w = World::new(&app);
        let event = format!("/events/{}", w.id("talks"));
        let source = format!("/sources/{}", w.id("gazette"));
        for path in ["/agreements/treaty/clauses/1.a", "/agreements/annex", "/proposals/answer", &event, &source] {
            assert_eq!(Page::get(&app, path).status, 200, "{path}");
        }
        w.change("archive", "two", &json!({ "archived": true }));
        w.change("archive", "annex", &json!({ "archived": true }));
        w.change("archive", "answer", &json!({ "archived": true }));
        w.change("archive", "talks", &json!({ "archived": true }));
        w.change("archive", "gazette", &json!({ "archived": true }));
        let other_kind = format!("/events/{}", w.id("gazette"));
        for path in [
            "/agreements/treaty/clauses/1.a", "/agreements/annex", "/proposals/answer", &event, &source, &other_kind,
            "/agreements/treaty/clauses/99", "/agreements/nothing", "/agreements/nothing/sequence", "/proposals/nothing",
            "/events/nothing", "/sources/AAAA", "/nothing/here", "/agreements/treaty/clauses/%3Cscript%3E",
        ] {
            let page = Page::get(&app, path);
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(page.title(), "Page not found · Clausewatch", "{path}");
            assert!(page.html.contains("/assets/") && page.html.contains("noindex"), "{path}: {}", page.html);
            assert!(page.text().contains("Nothing exists at this address"), "{path}");
        }
    }

    fn former_slug_redirects_to_the_current_address(app: Empty) {
        let w = World::new(&app);
        w.change("update", "treaty", &json!({ "slug": "pact" }));
        w.change("update", "offer", &json!({ "slug": "bid" }));
        for (old, present) in [
            ("/agreements/treaty?asOf=2016-01-01&x=%22", "/agreements/pact?asOf=2016-01-01&x=%22"),
            ("/agreements/treaty/sequence", "/agreements/pact/sequence"),
            ("/agreements/treaty/clauses/1.a", "/agreements/pact/clauses/1.a"),
            ("/proposals/offer", "/proposals/bid"),
        ] {
            let page = Page::get(&app, old);
            assert_eq!((page.status.as_u16(), page.header("location")), (301, format!("{}{present}", app.url).as_str()));
            assert_eq!(page.header("cache-control"), "no-cache", "a slug can change again");
            assert_eq!(Page::get(&app, present).status, 200);
        }
    }

    fn texts_of_records_are_escaped(app: Empty) {
        let w = World::new(&app);
        let nasty = "</script><script>alert(1)</script><!-- <b> \"quoted\" 'x' & &amp; שלום 🕊 &#60;";
        let long = "x".repeat(300);
        w.change("update", "treaty", &json!({ "title": nasty, "shortTitle": nasty, "summary": nasty, "adoption": nasty, "place": nasty }));
        w.change("update", "one", &json!({ "heading": nasty, "summary": nasty, "text": format!("{nasty}\n\n{nasty}") }));
        w.change("update", "two", &json!({ "heading": long }));
        w.change("update", "offer", &json!({ "title": nasty, "summary": nasty }));
        w.change("update", "ask", &json!({ "heading": nasty, "summary": nasty }));
        w.change("update", "talks", &json!({ "title": nasty, "summary": nasty, "place": nasty }));
        w.change("update", "gazette", &json!({ "title": nasty, "publisher": nasty }));
        w.change("update", "north", &json!({ "name": nasty, "shortName": nasty }));
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "BREACHED", "effectiveOn": "2016-01-01", "note": nasty, "breachedBy": [w.id("north")] }), "");
        let (event, source) = (format!("/events/{}", w.id("talks")), format!("/sources/{}", w.id("gazette")));
        for path in [
            "/", "/agreements/treaty", "/agreements/treaty/clauses/1", "/agreements/treaty/clauses/1.a", "/agreements/treaty/sequence",
            "/proposals", "/proposals/offer", "/timeline", &event, "/sources", &source, "/parties", "/changes", "/compare?from=2015-12-01&to=2016-02-01",
            "/timeline?from=%3Cscript%3E", "/agreements/treaty?heldBy=%3Cscript%3Ealert(1)%3C/script%3E",
        ] {
            let page = Page::get(&app, path);
            // The page contains only the scripts of the app and the JSON-LD.
            for (position, _) in page.html.match_indices("<script") {
                let tag = &page.html[position..];
                let is_own = tag.starts_with("<script type=\"module\" crossorigin src=\"/assets/") || tag.starts_with("<script type=\"application/ld+json\">{");
                assert!(is_own, "{path}: {}", &tag[..tag.len().min(200)]);
            }
            assert!(!page.html.contains("<b>") && !page.html.contains("<!-- <b"), "{path}");
            if page.status == 200 {
                page.json_ld_objects();
            }
        }
        let clause = Page::get(&app, "/agreements/treaty/clauses/1");
        assert_eq!(clause.json_ld_object("Legislation")["description"], nasty);
        assert!(clause.text().contains("שלום 🕊") && clause.text().contains("dir=\"auto\""));
    }

    fn invalid_day_and_unknown_party_are_reported(app: SharedSample) {
        for (path, part) in [
            ("/agreements/minsk-2?asOf=2015-02-30", "“2015-02-30” is not a valid date. Write dates as 2022-02-24."),
            ("/compare?from=yesterday", "“yesterday” is not a valid date."),
            ("/agreements/minsk-2/clauses/9?heldBy=nobody", "nobody"),
        ] {
            let page = Page::get(&app, path);
            assert_eq!((page.status.as_u16(), page.title()), (400, "Invalid date or unknown party · Clausewatch"), "{path}");
            assert!(page.text().contains(part) && page.html.contains("noindex"), "{path}: {}", page.text());
        }
        // Other pages have no parameter `from`.
        assert_eq!(Page::get(&app, "/agreements/minsk-2?from=newsletter").status, 200);
    }

    fn pages_without_a_record_have_a_title(app: Empty) {
        for (path, title, is_indexed) in [
            ("/search?q=%3Cb%3E", "Search", true), ("/sign-in", "Sign in", false), ("/tokens", "Access tokens", false),
            ("/new/clause", "New record", false), ("/edit/clause/x", "Edit a record", false), ("/agreements/x/coding", "Coding", false), ("/record-sheet", "Record a sheet", false),
        ] {
            let page = Page::get(&app, path);
            assert_eq!((page.status.as_u16(), page.title()), (200, format!("{title} · Clausewatch").as_str()));
            assert_eq!(page.html.contains("noindex"), !is_indexed, "{path}");
        }
        let overview = Page::get(&app, "/");
        assert!(overview.text().contains("No agreement has been recorded yet."), "{}", overview.text());
    }

    fn pages_state_the_maximum_size_of_a_request(app: Empty) {
        let path = "/record-sheet";
        let page = Page::get(&app, path);
        assert_eq!(page.meta("max-body"), "1048576");
        let small = app.another_with(|config| config.limits.max_body = 20_000);
        let page = Page::get_with(&small, path, &[("if-none-match", page.header("etag"))]);
        assert_eq!((page.status.as_u16(), page.meta("max-body")), (200, "20000"));
    }

    fn unchanged_page_is_answered_with_not_modified(app: Empty) {
        let w = World::new(&app);
        for cache in [0, 1_000_000] {
            let app = app.another_with(|config| config.response_cache = bytesize::ByteSize(cache));
            for path in ["/agreements/treaty", "/", "/sign-in"] {
                let first = Page::get(&app, path);
                let tag = first.header("etag").to_owned();
                assert!(tag.starts_with("W/\""), "{path}: {tag}");
                assert_eq!(first.header("cache-control"), "no-cache");
                assert_eq!(first.header("vary"), "Accept-Encoding");
                assert!(first.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'; "));
                let again = Page::get_with(&app, path, &[("if-none-match", &tag)]);
                assert_eq!((again.status.as_u16(), again.html.as_str(), again.header("etag")), (304, "", tag.as_str()), "{path}");
                assert!(again.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'; "));
                let elsewhere = Page::get_with(&app, path, &[("if-none-match", &tag), ("host", "other.example")]);
                // Every page contains the server's address, so the tag for one address does not match at another.
                assert_eq!(elsewhere.status, 200, "{path}");
            }
            let tag = Page::get(&app, "/agreements/treaty").header("etag").to_owned();
            w.change("update", "treaty", &json!({ "summary": format!("Peace for {cache} days.") }));
            // The first server has made the change. The second one learns of it from a notification.
            let get = || Page::get_with(&app, "/agreements/treaty", &[("if-none-match", &tag)]);
            wait_until("the page has changed", || get().status == 200);
            let changed = get();
            assert!(changed.text().contains(&format!("Peace for {cache} days.")));
        }
    }

    fn pages_use_the_public_url(app: Sample) {
        let app = app.another_with(|config| config.public_url = Some("https://example.org/c%26w/".parse().unwrap()));
        let page = Page::get(&app, "/agreements/minsk-2/clauses/9");
        assert_eq!(page.canonical(), "https://example.org/c%26w/agreements/minsk-2/clauses/9");
        assert_eq!(page.json_ld_object("Legislation")["url"], page.canonical());
        let links = page.html.matches("href=\"/").count();
        assert!(links > 10 && links == page.html.matches("href=\"/c%26w/").count(), "{}", page.html);
        let compressed = ask(&format!("{}/agreements/minsk-2", app.url), &[("accept-encoding", "gzip")]);
        assert_eq!(compressed.headers()["content-encoding"], "gzip");
    }

    fn rate_limited_page_still_loads_the_app(app: Sample) {
        let app = app.another_with(|config| { config.limits.rate_per_address = 1; config.limits.rate_burst = 2; });
        let pages: Vec<Page> = (0..8).map(|_| Page::get(&app, "/proposals")).collect();
        let statuses: Vec<u16> = pages.iter().map(|page| page.status.as_u16()).collect();
        assert!(statuses.starts_with(&[200, 200]), "{statuses:?}");
        let refused = pages.iter().find(|page| page.status == 429).expect("one of the pages is rejected");
        assert!(refused.html.contains("/assets/") && !refused.header("retry-after").is_empty());
    }

    fn record_returns_the_time_of_its_last_change(app: Empty) {
        let w = World::new(&app);
        let time = |name: &str| w.read(name, "changedAt")["changedAt"].as_str().unwrap().to_owned();
        let before = time("one");
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Some." }), "");
        assert!(time("one") > before);
        for name in ["treaty", "two", "offer", "ask", "talks", "gazette", "north", "borders", "order", "reading"] {
            let changes = app.data("{ changes(last: 50) { nodes { recordedAt subject { id } } } }", json!({}));
            let last = changes["changes"]["nodes"].as_array().unwrap().iter().rfind(|change| change["subject"]["id"] == w.id(name)).unwrap();
            assert_eq!(last["recordedAt"], time(name).as_str(), "{name}");
        }
    }
}
