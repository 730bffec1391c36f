//! An identity provider for one test, with the parts of OpenID Connect that a sign-in needs.

use std::collections::HashMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::{App, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// An identity provider that signs in every browser with the claims that the test sets.
pub struct Provider {
    /// The provider's address.
    pub issuer: String,
    shared: Arc<Shared>,
    handle: ServerHandle,
}

#[derive(Default)]
struct Shared {
    issuer: Mutex<String>,
    /// The claims of the ID tokens, and the key that signs them.
    claims_and_key: Mutex<(Map<String, Value>, Key)>,
    /// The query parameters of each authorization request, keyed by the code that was issued for it.
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
}

/// The key that signs an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Key {
    #[default]
    Own,
    Foreign,
    /// No key, so the token is unsigned.
    None,
}

fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 according to RFC 8410. The bytes before an Ed25519 key are constant.
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend_from_slice(&[seed; 32]);
    let kind = "PRIVATE KEY";
    let pem = format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("one".to_owned())))
        .expect("the key is valid")
}

fn sign(claims: &Value, with: Key) -> String {
    let algorithm = if with == Key::None { "none" } else { "EdDSA" };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": algorithm, "kid": "one" })), part(claims));
    let signature = match with {
        Key::Own => key(7).sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()),
        Key::Foreign => key(8).sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes()),
        Key::None => Ok(Vec::new()),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.expect("the claims can be signed")))
}

async fn discovery(shared: web::Data<Shared>) -> HttpResponse {
    let issuer = shared.issuer.lock().unwrap().clone();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
}

async fn keys() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [key(7).as_verification_key()] }))
}

/// Signs in every browser, and redirects it back with a code.
async fn authorize(
    shared: web::Data<Shared>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let query = query.into_inner();
    let mut codes = shared.codes.lock().unwrap();
    let code = format!("code-{}", codes.len());
    let back = [("code", code.as_str()), ("state", &query["state"])];
    let back = url::Url::parse_with_params(&query["redirect_uri"], back).expect("an address");
    codes.insert(code, query);
    HttpResponse::Found().insert_header(("location", back.as_str())).finish()
}

/// Exchanges a code for an ID token. Each code works once, and only with its PKCE verifier.
async fn token(
    shared: web::Data<Shared>,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    let asked = shared.codes.lock().unwrap().remove(&form["code"]);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let Some(asked) = asked.filter(|asked| asked["code_challenge"] == challenge) else {
        return HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    };
    let (mut claims, with) = shared.claims_and_key.lock().unwrap().clone();
    let now = clausewatch::domain::day::now().and_utc().timestamp();
    for (name, value) in [
        ("iss", json!(*shared.issuer.lock().unwrap())),
        ("aud", json!(asked["client_id"])),
        ("nonce", json!(asked["nonce"])),
        ("sub", json!("0001")),
        ("iat", json!(now)),
        ("exp", json!(now + 60)),
    ] {
        claims.entry(name).or_insert(value);
    }
    let id_token = sign(&Value::Object(claims), with);
    HttpResponse::Ok().json(json!({
        "access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": id_token
    }))
}

impl Provider {
    /// Starts a provider.
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let data = web::Data::from(shared.clone());
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(data.clone())
                        .route("/.well-known/openid-configuration", web::get().to(discovery))
                        .route("/keys", web::get().to(keys))
                        .route("/authorize", web::get().to(authorize))
                        .route("/token", web::post().to(token))
                })
                .workers(1)
                .bind("127.0.0.1:0")
                .expect("a port is free");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the provider runs");
            });
        });
        let (address, handle) = receiver.recv().expect("the provider has started");
        let issuer = format!("http://{address}");
        shared.issuer.lock().unwrap().clone_from(&issuer);
        Self { issuer, shared, handle }
    }

    /// Sets the claims and the key for all following ID tokens.
    pub fn set_claims(&self, claims: Value, with: Key) {
        let Value::Object(claims) = claims else { panic!("claims are an object") };
        *self.shared.claims_and_key.lock().unwrap() = (claims, with);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
