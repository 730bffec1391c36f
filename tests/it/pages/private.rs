//! Pages of a private server reveal no data without access.

use clausewatch::domain::viewer::Role;

use super::Page;
use crate::support::on_both_databases;

on_both_databases! {
    fn private_pages_reveal_nothing_without_a_credential(app: Sample) {
        let private = app.another_with(|config| {
            config.private = true;
            config.response_cache = bytesize::ByteSize(1_000_000);
        });
        let path = "/agreements/minsk-2/clauses/9";
        let anonymous = Page::get(&private, path);
        // An existing record and a missing record get the same page.
        for path in [path, "/agreements/minsk-2", "/agreements/none", "/proposals", "/changes", "/"] {
            let page = Page::get(&private, path);
            assert_eq!((page.status.as_u16(), page.title()), (200, "Clausewatch"), "{path}");
            assert_eq!(page.text(), anonymous.text(), "{path}");
            assert!(!page.html.contains("Minsk") && page.html.contains("noindex"), "{path}: {}", page.html);
        }
        let token = format!("Bearer {}", private.token("Rita", Role::Reader));
        let reader = Page::get_with(&private, path, &[("authorization", &token)]);
        assert!(reader.title().starts_with("Minsk II, 9") && reader.html.contains("noindex"), "{}", reader.html);
        assert_eq!(reader.header("cache-control"), "private, no-cache");
        assert_eq!(reader.header("vary"), "Accept-Encoding, Authorization, Cookie");
        // The entity tag of a page that one client may read does not reveal the page to others.
        let tag = reader.header("etag").to_owned();
        let again = Page::get_with(&private, path, &[("authorization", &token), ("if-none-match", &tag)]);
        assert_eq!(again.status, 304);
        let stranger = Page::get_with(&private, path, &[("if-none-match", &tag)]);
        assert_eq!((stranger.status.as_u16(), stranger.title()), (200, "Clausewatch"));
        let invalid = Page::get_with(&private, path, &[("authorization", "Bearer cwt_nonsense")]);
        assert_eq!((invalid.status.as_u16(), invalid.title()), (200, "Clausewatch"));
    }
}
