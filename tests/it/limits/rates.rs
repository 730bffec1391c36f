//! The rate limits of requests.

use std::thread;

use super::*;

/// More requests than any rate limit in these tests allows, even if the machine sends them slowly.
const ENOUGH: usize = 500;

#[test]
fn requests_are_limited_by_address_and_by_token() {
    let app = limited(|limits| {
        limits.rate_per_address = 2;
        limits.rate_per_token = 1;
        limits.rate_burst = 10;
    });
    let ask = |token: Option<&str>| {
        let request = app.client().post(format!("{}/graphql", app.url));
        let request =
            token.into_iter().fold(request, reqwest::blocking::RequestBuilder::bearer_auth);
        request.json(&json!({ "query": "{ __typename }" })).send().expect("the server answers")
    };
    // The address may send 20 requests at once, of which the token may send 10.
    let refused = (0..ENOUGH)
        .map(|_| ask(Some("one")))
        .find(|answer| answer.status() == 429)
        .expect("the rate limit rejects a request");
    let body: Value = refused.json().unwrap();
    assert_eq!(
        body["errors"][0]["extensions"],
        json!({ "code": "RATE_LIMITED", "limit": "rate-per-token" })
    );
    assert_ne!(ask(Some("two")).status(), 429);

    let refused = (0..ENOUGH)
        .map(|_| ask(None))
        .find(|answer| answer.status() == 429)
        .expect("the rate limit rejects a request");
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let body: Value = refused.json().unwrap();
    assert_eq!(
        body["errors"][0]["extensions"],
        json!({ "code": "RATE_LIMITED", "limit": "rate-per-address" })
    );
    // A new token does not reset the limit of the address.
    assert!((0..ENOUGH).any(|number| ask(Some(&format!("other {number}"))).status() == 429));
    // The server accepts a request again after the time in `Retry-After`.
    thread::sleep(Duration::from_secs(wait));
    assert_ne!(ask(None).status(), 429);
}

#[test]
fn only_a_trusted_proxy_can_state_the_client_address() {
    for trusted in [true, false] {
        let app = TestApp::spawn_with(Engine::Sqlite, Data::Empty, |config| {
            config.limits.rate_per_address = 1;
            config.limits.rate_burst = 10;
            if trusted {
                config.trusted_proxy = vec!["127.0.0.1/32".parse().unwrap()];
            }
        });
        let refused = (0..30).filter(|number| {
            let request = app.client().post(format!("{}/graphql", app.url));
            let request = request.header("x-forwarded-for", format!("192.0.2.{number}"));
            request.json(&json!({ "query": "{ __typename }" })).send().unwrap().status() == 429
        });
        assert_eq!(refused.count() == 0, trusted);
    }
}
