//! The card of a clause, which pages of other sites show in a frame.

use clausewatch::domain::viewer::Role;
use serde_json::json;

use super::Page;
use crate::support::on_both_databases;
use crate::support::world::World;

const CARD: &str = "/embed/agreements/minsk-2/clauses/9";

on_both_databases! {
    fn card_shows_the_status_and_links_to_the_page(app: SharedSample) {
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { reference heading agreement { title } } }";
        let clause = &app.data(query, json!({}))["clause"];
        let card = Page::get(&app, CARD);
        assert_eq!(card.status, 200);
        for text in [&clause["reference"], &clause["heading"], &clause["agreement"]["title"]] {
            assert!(card.html.contains(text.as_str().unwrap()), "{text}: {}", card.html);
        }
        assert!(card.html.contains("According to the neutral record") && card.html.contains(" since "), "{}", card.html);
        assert!(card.html.contains(&format!("<a href=\"{}/agreements/minsk-2/clauses/9\" target=\"_blank\" rel=\"noopener\"", app.url)), "{}", card.html);
        assert!(!card.html.contains("<script") && card.html.contains("noindex"), "{}", card.html);
        let held = Page::get(&app, &format!("{CARD}?asOf=2021-12-02&heldBy=ukraine"));
        assert!(held.html.contains("According to the view of ") && held.html.contains("as of 2 Dec 2021"), "{}", held.html);
        assert!(held.html.contains("/agreements/minsk-2/clauses/9?asOf=2021-12-02&amp;heldBy=ukraine\""), "{}", held.html);
    }

    fn card_names_the_holder_of_a_view_without_assessment(app: Empty) {
        let w = World::new(&app);
        for held_by in ["north", w.id("north")] {
            let card = Page::get(&app, &format!("/embed/agreements/treaty/clauses/1?heldBy={held_by}"));
            assert_eq!(card.status, 200, "{held_by}");
            assert!(card.html.contains("According to the view of North<") && card.html.contains("class=\"unassessed\""), "{}", card.html);
        }
    }

    fn only_cards_may_be_framed_and_no_cookie_is_used(app: SharedSample) {
        let cookie = ("cookie", "clausewatch_session=cwt_something; other=1");
        for path in [CARD, "/embed/agreements/minsk-2/clauses/99", "/embed/agreements/minsk-2/clauses/9?asOf=never"] {
            let card = Page::get_with(&app, path, &[cookie]);
            let policy = card.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.ends_with("; frame-ancestors *"), "{path}: {policy}");
            assert_eq!((card.header("x-frame-options"), card.header("set-cookie")), ("", ""), "{path}");
            assert_eq!(card.html.matches("<style>").count(), 1, "{path}");
        }
        for path in ["/", "/agreements/minsk-2/clauses/9", "/embed", "/embed/agreements/minsk-2", "/graphiql", "/livez"] {
            let page = Page::get(&app, path);
            assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
            assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'"), "{path}");
        }
    }

    fn card_has_an_entity_tag(app: Empty) {
        let app = app.another_with(|config| config.response_cache = bytesize::ByteSize(1_000_000));
        let w = World::new(&app);
        let path = "/embed/agreements/treaty/clauses/1";
        let card = Page::get(&app, path);
        assert_eq!((card.header("cache-control"), card.header("vary")), ("no-cache", "Accept-Encoding"));
        let tag = card.header("etag").to_owned();
        let again = Page::get_with(&app, path, &[("if-none-match", &tag)]);
        assert_eq!((again.status.as_u16(), again.header("x-frame-options")), (304, ""));
        assert!(again.header("content-security-policy").ends_with("frame-ancestors *"));
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-01-01", "note": "Some." }), "");
        let changed = Page::get_with(&app, path, &[("if-none-match", &tag)]);
        assert_eq!(changed.status, 200);
        assert!(changed.html.contains("since 1 Jan 2016") && changed.html.contains("class=\"partial\""), "{}", changed.html);
    }

    fn texts_in_cards_are_escaped(app: Empty) {
        let w = World::new(&app);
        let nasty = "</style></title><script>alert(1)</script> \"x\" & שלום";
        w.change("update", "treaty", &json!({ "title": nasty, "shortTitle": nasty }));
        w.change("update", "one", &json!({ "heading": nasty }));
        w.change("update", "north", &json!({ "name": nasty, "shortName": nasty }));
        let breach = json!({
            "clauseId": w.id("one"), "status": "BREACHED", "effectiveOn": "2016-01-01", "note": "Shots.",
            "breachedBy": [w.id("north")], "heldBy": w.id("north"),
        });
        w.apply("updateClauseStatus", &breach, "");
        for path in ["/embed/agreements/treaty/clauses/1?heldBy=north", "/embed/agreements/treaty/clauses/1?heldBy=%3Cscript%3E"] {
            let card = Page::get(&app, path);
            assert!(!card.html.contains("<script") && card.html.matches("</style>").count() == 1, "{path}: {}", card.html);
        }
    }

    fn former_slug_and_unknown_clause_are_reported(app: Empty) {
        let w = World::new(&app);
        w.change("update", "treaty", &json!({ "slug": "pact" }));
        let moved = Page::get(&app, "/embed/agreements/treaty/clauses/1.a?asOf=2016-01-01");
        let expected = format!("{}/embed/agreements/pact/clauses/1.a?asOf=2016-01-01", app.url);
        assert_eq!((moved.status.as_u16(), moved.header("location")), (301, expected.as_str()));
        for (path, status, text) in [
            ("/embed/agreements/pact/clauses/99", 404, "Nothing exists at this address"),
            ("/embed/agreements/nothing/clauses/1", 404, "Nothing exists at this address"),
            ("/embed/agreements/pact/clauses/1?heldBy=nobody", 400, "nobody"),
            ("/embed/agreements/pact/clauses/1?asOf=2015-02-30", 400, "is not a valid date"),
        ] {
            let card = Page::get(&app, path);
            assert_eq!(card.status, status, "{path}");
            assert!(card.html.contains(text), "{path}: {}", card.html);
        }
        let post = app.client().post(format!("{}/embed/agreements/pact/clauses/1", app.url)).send().unwrap();
        assert_eq!(post.status(), 405);
    }

    fn private_cards_need_a_token_and_ignore_cookies(app: Sample) {
        let private = app.another_with(|config| config.private = true);
        let token = private.token("Rita", Role::Reader);
        let cookie = format!("clausewatch_session={token}");
        for headers in [&[][..], &[("cookie", cookie.as_str())][..], &[("authorization", "Bearer cwt_nonsense")][..]] {
            let card = Page::get_with(&private, CARD, headers);
            assert_eq!((card.status.as_u16(), card.header("set-cookie")), (401, ""));
            assert!(!card.html.contains("Minsk") && card.html.contains("This server is private"), "{}", card.html);
        }
        let card = Page::get_with(&private, CARD, &[("authorization", &format!("Bearer {token}"))]);
        assert_eq!((card.status.as_u16(), card.header("cache-control")), (200, "private, no-cache"));
        assert!(card.html.contains("Minsk II, 9"), "{}", card.html);
    }
}
