//! HTTP methods at every known address: HEAD answers like GET, and other methods are rejected with `Allow`.

use reqwest::Method;
use reqwest::blocking::Response;

use crate::support::{TestApp, client, on_both_databases};

fn ask(method: &Method, address: &str) -> Response {
    let request = client(None).request(method.clone(), address);
    request.header("accept", "application/graphql-response+json, */*").send().unwrap()
}

/// Every known address, with its valid methods.
fn addresses(app: &TestApp) -> Vec<(String, &'static str)> {
    let of = |path: &str| format!("{}{path}", app.url);
    let mut addresses = vec![
        (of("/livez"), "GET, HEAD"),
        (of("/readyz"), "GET, HEAD"),
        (of("/export/parties.csv"), "GET, HEAD"),
        (of("/feeds/changes.atom"), "GET, HEAD"),
        (of("/session"), "GET, HEAD, POST, DELETE"),
        (of("/sheet"), "POST"),
        (of("/mcp"), "POST"),
        (of("/graphql?query=%7B__typename%7D"), "GET, HEAD, POST"),
        (app.metrics_url.clone().expect("metrics are served"), "GET, HEAD"),
    ];
    if cfg!(feature = "ui") {
        let pages = ["/", "/graphiql", "/timeline", "/agreements/minsk-2", "/assets/none.js"];
        addresses.extend(pages.map(|path| (of(path), "GET, HEAD")));
    }
    addresses
}

on_both_databases! {
    fn head_answers_like_get_without_a_body(app: Sample) {
        let app = app.another_with(|config| config.metrics_bind = Some(([127, 0, 0, 1], 0).into()));
        for (address, _) in addresses(&app) {
            let (get, head) = (ask(&Method::GET, &address), ask(&Method::HEAD, &address));
            assert_eq!(head.status(), get.status(), "{address}");
            for name in ["content-type", "cache-control", "etag", "vary", "content-length"] {
                // The metrics change between the two requests, so their lengths can differ.
                if name != "content-length" || !address.contains("/metrics") {
                    assert_eq!(head.headers().get(name), get.headers().get(name), "{address} {name}");
                }
            }
            assert!(get.headers().contains_key("content-length"), "{address}");
            assert_eq!(head.bytes().unwrap().len(), 0, "{address}");
        }
    }

    fn head_of_an_operation_returns_the_status_of_get(app: Sample) {
        let operation = |query: &str, accept: &str| {
            let address = url::Url::parse_with_params(&format!("{}/graphql", app.url), [("query", query)]).unwrap();
            client(None).head(address).header("accept", accept).send().unwrap()
        };
        let graphql = "application/graphql-response+json";
        assert_eq!(operation("{ __typename }", graphql).status(), 200);
        assert_eq!(operation("{ nope }", graphql).status(), 400);
        let before = app.log_position();
        let refused = operation("mutation { createTopic(input: { slug: \"t\", name: \"T\" }) { topic { id } } }", graphql);
        assert_eq!((refused.status().as_u16(), refused.headers()["allow"].to_str().unwrap()), (405, "POST"));
        assert_eq!(app.log_position(), before);
        // A GET would open a stream here. HEAD returns only the headers.
        let stream = operation("subscription { changes { position } }", "text/event-stream");
        assert_eq!(stream.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!((stream.status().as_u16(), stream.bytes().unwrap().len()), (200, 0));
    }

    fn other_methods_are_rejected_at_every_known_address(app: Sample) {
        let app = app.another_with(|config| config.metrics_bind = Some(([127, 0, 0, 1], 0).into()));
        let all = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];
        for (address, allowed) in addresses(&app) {
            for method in &all {
                if allowed.split(", ").any(|name| name == method.as_str()) {
                    continue;
                }
                let response = ask(method, &address);
                assert_eq!(response.status(), 405, "{method} {address}");
                assert_eq!(response.headers()["allow"].to_str().unwrap(), allowed, "{method} {address}");
            }
        }
        assert_eq!(ask(&Method::PUT, &format!("{}/none", app.url)).status(), 404);
    }
}
