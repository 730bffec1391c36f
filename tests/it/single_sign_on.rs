//! Signing in with an identity provider.

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;

use crate::support::{
    Browser, Data, Engine, Key, Provider, TestApp, clausewatch, client_builder, text,
};

const PUBLIC: &str = "http://treaties.example";

fn spawn(engine: Engine, provider: &Provider) -> TestApp {
    TestApp::spawn_with(engine, Data::Empty, |config| {
        config.public_url = Some(PUBLIC.parse().unwrap());
        config.sso.oidc_issuer = Some(provider.issuer.clone());
        config.sso.oidc_client_id = Some("clausewatch".to_owned());
        config.sso.oidc_client_secret = Some("a secret".into());
        "realm.roles".clone_into(&mut config.sso.oidc_role_claim);
        config.sso.oidc_roles =
            ["desk=editor", "everyone=reader"].map(|rule| rule.parse().unwrap()).to_vec();
    })
}

/// An HTTP client in place of a browser. It does not follow redirects automatically.
fn browser() -> Client {
    client_builder().redirect(Policy::none()).build().unwrap()
}

/// The sign-in methods that the server offers.
fn sign_in_methods(app: &TestApp) -> Value {
    browser().get(format!("{}/session", app.url)).send().unwrap().json().unwrap()
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The cookie with this name that the response sets, in the form that browsers send back.
fn cookie(response: &Response, name: &str) -> String {
    let set = response.headers().get_all("set-cookie").iter();
    let mut set = set.map(|value| value.to_str().unwrap().split(';').next().unwrap());
    set.find(|cookie| cookie.starts_with(name)).unwrap_or_default().to_owned()
}

/// Starts a sign-in with the redirect target `to`. Returns the address to which the provider redirects the browser, and
/// the cookie with the state.
fn begin(app: &TestApp, to: Option<&str>) -> (String, String) {
    let address = format!("{}/session/sso", app.url);
    let address = Url::parse_with_params(&address, to.map(|to| ("to", to))).unwrap();
    let response = browser().get(address).send().unwrap();
    assert_eq!(response.status(), 303);
    let remembered = cookie(&response, "clausewatch_sso=");
    let response = browser().get(location(&response)).send().unwrap();
    (location(&response).replacen(PUBLIC, &app.url, 1), remembered)
}

fn follow_callback(address: &str, remembered: &str) -> Response {
    browser().get(address).header("cookie", remembered).send().unwrap()
}

fn sign_in(app: &TestApp) -> Response {
    let (address, remembered) = begin(app, None);
    follow_callback(&address, &remembered)
}

fn refusal(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(cookie(&response, "clausewatch_session="), "");
    response.text().unwrap()
}

fn person_authenticated_by_the_provider_is_signed_in(engine: Engine) {
    let provider = Provider::start();
    let app = spawn(engine, &provider);
    assert_eq!(sign_in_methods(&app), json!({ "singleSignOn": "/session/sso" }));
    let viewer = |cookie: &str| {
        let request = browser().post(format!("{}/graphql", app.url)).header("cookie", cookie);
        let request = request.json(&json!({ "query": "{ viewer { name role } }" }));
        request.send().unwrap().json::<Value>().unwrap()["data"]["viewer"].take()
    };
    for (roles, role) in [
        (json!(["everyone", "desk", "others"]), "EDITOR"),
        (json!(["everyone"]), "READER"),
        (json!("desk"), "EDITOR"),
    ] {
        let claims = json!({ "preferred_username": "eve", "realm": { "roles": roles } });
        provider.set_claims(claims, Key::Own);
        let response = sign_in(&app);
        assert_eq!((response.status().as_u16(), location(&response).as_str()), (303, "/"));
        assert_eq!(cookie(&response, "clausewatch_sso="), "clausewatch_sso=");
        let signed_in = cookie(&response, "clausewatch_session=");
        assert_eq!(viewer(&signed_in), json!({ "name": "eve", "role": role }));
    }
    // The change log contains the person's name.
    provider
        .set_claims(json!({ "email": "eve@example.org", "realm": { "roles": "desk" } }), Key::Own);
    let signed_in = cookie(&sign_in(&app), "clausewatch_session=");
    let create = "mutation { createTopic(input: { slug: \"t\", name: \"T\" }) { topic { id } } }";
    let request = browser().post(format!("{}/graphql", app.url)).header("cookie", &signed_in);
    let answer = request.header("origin", PUBLIC).json(&json!({ "query": create })).send().unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().unwrap());
    let log = app.data("{ changes { nodes { actor } } }", json!({}));
    assert_eq!(log["changes"]["nodes"], json!([{ "actor": "eve@example.org" }]));
}

#[test]
fn person_authenticated_by_the_provider_is_signed_in_sqlite() {
    person_authenticated_by_the_provider_is_signed_in(Engine::Sqlite);
}

#[test]
fn person_authenticated_by_the_provider_is_signed_in_postgres() {
    person_authenticated_by_the_provider_is_signed_in(Engine::Postgres);
}

#[test]
fn sign_in_page_links_to_a_configured_provider() {
    let provider = Provider::start();
    let browser = Browser::open(1280, 900);
    for (app, links) in
        [(spawn(Engine::Sqlite, &provider), 1), (TestApp::spawn(Engine::Sqlite, Data::Empty), 0)]
    {
        browser.goto(&format!("{}/sign-in", app.url));
        browser.wait_for("!!document.querySelector('#token')");
        browser.wait_for(
            "performance.getEntriesByType('resource').some(it => it.name.endsWith('/session'))",
        );
        let found = "document.querySelectorAll('main a[href=\"/session/sso\"]').length";
        browser.wait_for(&format!("{found} === {links}"));
        // The link contains the page to return to.
        browser.goto(&format!("{}/sign-in?to=%2Ftokens%3Fa%3Db", app.url));
        let found = found.replace("/sso", "/sso?to=%2Ftokens%3Fa%3Db");
        browser.wait_for("!!document.querySelector('#token')");
        browser.wait_for(&format!("{found} === {links}"));
    }
}

#[test]
fn sign_in_redirects_only_to_the_page_it_started_from() {
    let provider = Provider::start();
    let app = spawn(Engine::Sqlite, &provider);
    provider
        .set_claims(json!({ "preferred_username": "eve", "realm": { "roles": "desk" } }), Key::Own);
    let place = "/agreements/minsk-2/clauses/9?asOf=2021-12-02&update=yes#history";
    let long = format!("/{}", "a".repeat(2000));
    for (to, way) in [
        (place, place),
        ("/search?q=fr\u{e9}e;.=", "/search?q=fr%C3%A9e;.="),
        ("", "/"),
        ("tokens", "/"),
        (&long, "/"),
        ("/sign-in?to=/tokens", "/"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/.//evil.example", "/"),
        ("/a/..//evil.example", "/"),
        ("/.\\/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/tokens\r\nset-cookie: a=b", "/tokensset-cookie:%20a=b"),
    ] {
        let (address, remembered) = begin(&app, Some(to));
        let response = follow_callback(&address, &remembered);
        assert_eq!((response.status().as_u16(), location(&response).as_str()), (303, way), "{to}");
    }
    // A forged state cookie cannot redirect to another site either.
    let (address, remembered) = begin(&app, Some(place));
    let (secrets, _) = remembered.rsplit_once('.').unwrap();
    let response = follow_callback(&address, &format!("{secrets}.Ly9ldmlsLmV4YW1wbGU"));
    assert_eq!((response.status().as_u16(), location(&response).as_str()), (303, "/"));
}

#[test]
fn invalid_sign_ins_are_rejected() {
    let provider = Provider::start();
    let app = spawn(Engine::Sqlite, &provider);
    let desk = json!({ "preferred_username": "eve", "realm": { "roles": ["desk"] } });
    let with = |more: Value| {
        let mut claims = desk.clone();
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    };
    for (claims, key, status, said) in [
        (with(json!({})), Key::Foreign, 401, "cannot be trusted"),
        (with(json!({})), Key::None, 401, "cannot be trusted"),
        (with(json!({ "aud": "another" })), Key::Own, 401, "cannot be trusted"),
        (with(json!({ "iss": "http://evil.example" })), Key::Own, 401, "cannot be trusted"),
        (with(json!({ "nonce": "another" })), Key::Own, 401, "cannot be trusted"),
        (with(json!({ "exp": 1 })), Key::Own, 401, "cannot be trusted"),
        (json!({ "realm": { "roles": ["others"] } }), Key::Own, 403, "`realm.roles`"),
        (json!({ "preferred_username": "eve" }), Key::Own, 403, "identified you as eve"),
        (
            with(json!({ "preferred_username": "operator" })),
            Key::Own,
            403,
            "this name is not valid for an account",
        ),
    ] {
        provider.set_claims(claims.clone(), key);
        let body = refusal(sign_in(&app), status);
        assert!(body.contains(said), "{claims} {key:?}: {body}");
    }
    provider.set_claims(desk, Key::Own);
    let (address, remembered) = begin(&app, None);
    let (other_address, _) = begin(&app, None);
    for (address, cookie, said) in [
        (address.as_str(), "", "was not started in this browser"),
        (&address, "clausewatch_sso=a.b.c", "was not started in this browser"),
        (&other_address, &remembered, "another sign-in"),
        (&address.replace("code=", "cod="), &remembered, "another sign-in"),
        (&address.replace("code=code-", "code=x"), &remembered, "does not know this sign-in"),
        (
            &format!("{}/session/sso/callback?error=access_denied", app.url),
            &remembered,
            "did not sign you in",
        ),
    ] {
        let body = refusal(follow_callback(address, cookie), 401);
        assert!(body.contains(said), "{address}: {body}");
    }
    // A code can be used only once, even by the browser that it was issued to.
    assert_eq!(follow_callback(&address, &remembered).status(), 303);
    refusal(follow_callback(&address, &remembered), 401);
}

#[test]
fn unreachable_provider_is_reported() {
    let provider = Provider::start();
    let app = spawn(Engine::Sqlite, &provider);
    drop(provider);
    let (mut status, mut body) = (0, String::new());
    // The provider stops shortly after it is dropped.
    for _ in 0..50 {
        let response = browser().get(format!("{}/session/sso", app.url)).send().unwrap();
        (status, body) = (response.status().as_u16(), response.text().unwrap());
        if status == 502 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(status, 502);
    assert!(body.contains("cannot be reached for now"), "{body}");
}

#[test]
fn sign_on_page_does_not_exist_without_a_provider() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    for path in ["/session/sso", "/session/sso/callback?code=a&state=b"] {
        let response = browser().get(format!("{}{path}", app.url)).send().unwrap();
        assert_eq!(response.status(), 404, "{path}");
    }
    assert_eq!(sign_in_methods(&app), json!({ "singleSignOn": null }));
}

#[test]
fn inconsistent_settings_are_reported() {
    let folder = tempfile::TempDir::new().unwrap();
    let issuer = ["serve", "--oidc-issuer", "https://id.example"];
    for (more, said) in [
        (&[][..], "--oidc-client-id"),
        (&["--oidc-client-id", "c", "--oidc-roles", "desk"], "VALUE=ROLE"),
        (&["--oidc-client-id", "c", "--oidc-roles", "desk=anonymous"], "VALUE=ROLE"),
        (&["--oidc-client-id", "c", "--oidc-roles", "desk=editor", "--no-sample"], "--public-url"),
    ] {
        let output = clausewatch(&[&issuer[..], more].concat(), folder.path());
        assert!(!output.status.success(), "{more:?}");
        let errors = text(&output.stderr);
        assert!(errors.contains(said), "{more:?}: {errors}");
    }
}
