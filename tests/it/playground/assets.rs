//! The responses of the server for the playground page and its assets.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use reqwest::blocking::Response;

use super::*;

fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = app.client().get(format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().expect("the server answers")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The assets named in a file of the bundle.
fn named(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in ["URL(`", "(./", "/assets/", "\"assets/", "\"./", "`./", "'./"] {
        for rest in text.split(start).skip(1) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let name = rest.split(|c| !is_name(c)).next().unwrap_or_default();
            let kinds = [".js", ".css", ".ttf", ".svg", ".md"];
            if kinds.iter().any(|kind| name.ends_with(kind)) {
                found.insert(format!("/assets/{name}"));
            }
        }
    }
    found
}

on_one_database! {
    fn page_and_all_its_assets_are_served(app: Empty) {
        let page = get(&app, "/graphiql", &[]);
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
        let mut waiting: Vec<String> = named(&page.text().expect("a string")).into_iter().collect();
        assert!(waiting.len() >= 3, "{waiting:?}");
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let asset = get(&app, &path, &[]);
            assert_eq!(asset.status(), StatusCode::OK, "{path}");
            let media = match path.rsplit_once('.').expect("an extension").1 {
                "js" => "text/javascript; charset=utf-8",
                "css" => "text/css; charset=utf-8",
                "ttf" => "font/ttf",
                "svg" => "image/svg+xml",
                "md" => "text/markdown; charset=utf-8",
                kind => panic!("{kind}"),
            };
            assert_eq!(header(&asset, "content-type"), media, "{path}");
            assert_eq!(header(&asset, "cache-control"), "public, max-age=31536000, immutable", "{path}");
            if media.starts_with("text/javascript") || media.starts_with("text/css") {
                waiting.extend(named(&asset.text().expect("a string")));
            }
        }
        for kind in [".js", ".css", ".ttf", ".svg", "worker"] {
            assert!(seen.iter().any(|path| path.contains(kind)), "no {kind} in {seen:?}");
        }
    }

    fn page_policy_allows_only_its_own_scripts(app: Empty) {
        let page = get(&app, "/graphiql", &[]);
        let policy = header(&page, "content-security-policy").to_owned();
        let of = |name: &str| {
            let mut parts = policy.split(';').map(str::trim);
            parts.find_map(|part| part.strip_prefix(&format!("{name} ")).map(str::to_owned))
        };
        for (name, expected) in [
            ("default-src", "'none'"),
            ("script-src", "'self'"),
            ("worker-src", "'self'"),
            ("connect-src", "'self'"),
            ("base-uri", "'none'"),
            ("form-action", "'none'"),
            ("frame-ancestors", "'none'"),
        ] {
            assert_eq!(of(name).as_deref(), Some(expected), "{name} in {policy}");
        }
        assert!(!policy.contains("unsafe-eval"), "{policy}");
        let text = page.text().expect("a string");
        for script in text.split("<script").skip(1) {
            assert!(script.split('>').next().is_some_and(|tag| tag.contains(" src=")), "{script}");
        }
    }

    fn files_are_compressed_on_request_and_revalidated_by_tag(app: Empty) {
        let page = get(&app, "/graphiql", &[]).text().expect("a string");
        let script = named(&page).into_iter().find(|path| path.contains(".js")).expect("a script");
        for path in ["/graphiql", &script] {
            let mut tags = BTreeSet::new();
            let plain = get(&app, path, &[]);
            assert_eq!(header(&plain, "content-encoding"), "");
            let size = plain.bytes().expect("bytes").len();
            for (accept, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.1", "gzip"), ("identity", "")] {
                let answer = get(&app, path, &[("accept-encoding", accept)]);
                assert_eq!(header(&answer, "content-encoding"), encoding, "{path} {accept}");
                assert_eq!(header(&answer, "vary"), "accept-encoding", "{path} {accept}");
                let tag = header(&answer, "etag").to_owned();
                let fits = if encoding.is_empty() { tag.len() > 2 } else { answer.bytes().expect("bytes").len() < size };
                assert!(fits, "{path} {accept}");
                let again = get(&app, path, &[("accept-encoding", accept), ("if-none-match", &tag)]);
                assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path} {accept}");
                assert_eq!(again.bytes().expect("bytes").len(), 0);
                let other = get(&app, path, &[("accept-encoding", accept), ("if-none-match", "\"other\"")]);
                assert_eq!(other.status(), StatusCode::OK, "{path} {accept}");
                tags.insert(tag);
            }
            assert_eq!(tags.len(), 3, "{path}: {tags:?}");
        }
    }
}
