//! Signing in with a token. Afterwards, the browser identifies itself with a cookie.

use super::*;

on_both_databases! {
    fn browser_signs_in_writes_from_own_pages_and_signs_out(app: Empty) {
        let token = app.token("Eve", Role::Editor);
        let own = [("origin", app.url.as_str())];
        let response = post_session(&app, &own, &token);
        assert_eq!(response.status(), 200);
        let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
            assert!(set.contains(part), "{set} lacks {part}");
        }
        assert!(!set.contains("Secure"), "{set}: the server of this test has no TLS");
        let cookie = cookie_of(&response);
        assert!(!cookie.contains(&token), "the cookie must not contain the token");
        assert_eq!(response.json::<Value>().unwrap(), json!({ "name": "Eve", "role": "EDITOR" }));

        let viewer = with_cookie(&app, &cookie, &[], VIEWER).json::<Value>().unwrap();
        assert_eq!(viewer["data"]["viewer"], json!({ "name": "Eve", "role": "EDITOR" }));

        for foreign in [
            vec![],
            vec![("origin", "https://evil.example")],
            vec![("sec-fetch-site", "cross-site"), own[0]],
            vec![("sec-fetch-site", "same-site"), own[0]],
        ] {
            let refused = with_cookie(&app, &cookie, &foreign, CREATE);
            assert_eq!(refused.status(), 403, "{foreign:?}");
            assert_eq!(code(&refused.json().unwrap()), "FORBIDDEN", "{foreign:?}");
        }
        assert_eq!(app.log_position(), 0, "requests from pages of other origins must not write");
        let written = with_cookie(&app, &cookie, &own, CREATE).json::<Value>().unwrap();
        assert!(written["data"]["createParty"]["party"]["id"].is_string(), "{written:#}");
        let log = app.data("{ changes { nodes { actor } } }", json!({}));
        assert_eq!(log["changes"]["nodes"], json!([{ "actor": "Eve" }]));

        let sign_out = |origin: &str| {
            let request = client(None).delete(format!("{}/session", app.url));
            request.header("cookie", &cookie).header("origin", origin).send().unwrap()
        };
        assert_eq!(sign_out("https://evil.example").status(), 403);
        let response = sign_out(&app.url);
        assert_eq!(response.status(), 204);
        assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        // The server also ends the session, so a copied cookie is ignored.
        let viewer = with_cookie(&app, &cookie, &own, VIEWER).json::<Value>().unwrap();
        assert_eq!(viewer["data"]["viewer"]["role"], "ANONYMOUS");
        let refused = with_cookie(&app, &cookie, &own, CREATE).json::<Value>().unwrap();
        assert_eq!(code(&refused), "UNAUTHENTICATED");
    }

    fn session_ends_when_its_token_expires_or_is_revoked(app: Empty) {
        let cookie = cookie_of(&post_session(&app, &[], &app.token("Eve", Role::Editor)));
        let role = || {
            with_cookie(&app, &cookie, &[], VIEWER).json::<Value>().unwrap()["data"]["viewer"]["role"].take()
        };
        assert_eq!(role(), "EDITOR");
        app.execute_sql("UPDATE tokens SET expires_at = '2026-01-01 00:00:00' WHERE name = 'Eve'");
        assert_eq!(role(), "ANONYMOUS");
        app.execute_sql("UPDATE tokens SET expires_at = NULL WHERE name = 'Eve'");
        assert_eq!(role(), "EDITOR");
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let tokens = app.send_by(&admin, "{ tokens { nodes { id name } } }", json!({}));
        let tokens = tokens["data"]["tokens"]["nodes"].as_array().unwrap().clone();
        let id = &tokens.iter().find(|token| token["name"] == "Eve").unwrap()["id"];
        app.send_by(&admin, REVOKE, json!({ "id": id }));
        assert_eq!(role(), "ANONYMOUS");
    }

    fn signing_in_requires_a_valid_token(app: Empty) {
        let good = app.token("Eve", Role::Editor);
        let other = TestApp::spawn(Engine::Sqlite, Data::Empty).token("Eve", Role::Editor);
        let mistyped = good.replacen(&good[10..12], "--", 1);
        for wrong in ["", "hunter2", &other, &mistyped] {
            let refused = post_session(&app, &[], wrong);
            assert_eq!(refused.status(), 401, "{wrong}");
            assert!(!refused.headers().contains_key("set-cookie"));
            let body = refused.text().unwrap();
            assert!(body.contains("UNAUTHENTICATED") && !body.contains("hunter2"), "{body}");
        }
        assert_eq!(post_session(&app, &[("origin", "https://evil.example")], &good).status(), 403);
        let form = client(None).post(format!("{}/session", app.url));
        let form = form.header("content-type", "text/plain").body(format!("{{\"token\":\"{good}\"}}"));
        assert_eq!(form.send().unwrap().status(), 415);
        let other = client(None).post(format!("{}/session", app.url)).json(&json!({ "password": "x" }));
        assert_eq!(other.send().unwrap().status(), 400);
        let replaced = client(None).put(format!("{}/session", app.url)).send().unwrap();
        assert_eq!((replaced.status().as_u16(), replaced.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD, POST, DELETE"));
    }
}

#[test]
fn cookie_is_secure_if_the_public_url_is_https() {
    let app = TestApp::spawn_with(Engine::Sqlite, Data::Empty, |config| {
        config.public_url = Some("https://treaties.example".parse().unwrap());
    });
    let response = post_session(
        &app,
        &[("origin", "https://treaties.example")],
        &app.token("Eve", Role::Editor),
    );
    assert_eq!(response.status(), 200);
    assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Secure"));
    let written = with_cookie(
        &app,
        &cookie_of(&response),
        &[("origin", "https://treaties.example"), ("host", "treaties.example")],
        CREATE,
    );
    let written = written.json::<Value>().unwrap();
    assert!(written["data"]["createParty"]["party"]["id"].is_string(), "{written:#}");
}
