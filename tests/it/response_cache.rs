//! Cached responses equal uncached responses, and the server sends them only to clients that may read them.

mod random_writes;

use clausewatch::config::Config;
use clausewatch::domain::StringEnum;
use clausewatch::domain::viewer::Role;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use crate::support::{TestApp, client, on_both_databases, wait_until};

const MIN_POSITION: &str = "x-clausewatch-min-position";
const PARTIES: &str = "{ parties(first: 60) { totalCount nodes { id slug name version } } }";
const VIEWER: &str = "{ viewer { name role } }";
const TOKENS: &str = "{ tokens { totalCount nodes { name hint } } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { __typename ... on Token { name hint } ... on Party { name } } }";

/// A response with the headers that concern caching.
struct Answer {
    status: StatusCode,
    cache: Option<String>,
    tag: Option<String>,
    control: Option<String>,
    position: Option<i64>,
    text: String,
}

impl Answer {
    fn of(response: Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status(),
            cache: header("x-cache"),
            tag: header("etag"),
            control: header("cache-control"),
            position: header("x-clausewatch-position").map(|position| position.parse().unwrap()),
            text: response.text().unwrap(),
        }
    }

    fn cache(&self) -> &str {
        self.cache.as_deref().unwrap_or("none")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {:?}", self.text))
    }
}

/// The variables and additional headers of a request.
#[derive(Default)]
struct Options<'a> {
    variables: Value,
    headers: &'a [(&'a str, &'a str)],
}

fn get_with(app: &TestApp, client: &Client, query: &str, options: &Options<'_>) -> Answer {
    let mut address = reqwest::Url::parse(&format!("{}/graphql", app.url)).unwrap();
    address.query_pairs_mut().append_pair("query", query);
    if options.variables.is_object() {
        address.query_pairs_mut().append_pair("variables", &options.variables.to_string());
    }
    let mut request = client.get(address).header("accept", "application/graphql-response+json");
    for (name, value) in options.headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().unwrap())
}

fn post_with(app: &TestApp, client: &Client, query: &str, options: &Options<'_>) -> Answer {
    let mut request = client
        .post(format!("{}/graphql", app.url))
        .header("accept", "application/graphql-response+json")
        .json(&json!({ "query": query, "variables": options.variables }));
    for (name, value) in options.headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().unwrap())
}

fn get(app: &TestApp, client: &Client, query: &str) -> Answer {
    get_with(app, client, query, &Options::default())
}

fn post(app: &TestApp, client: &Client, query: &str) -> Answer {
    post_with(app, client, query, &Options::default())
}

/// Another server on the database of `app`, with a response cache.
fn caching(app: &TestApp, set: impl FnOnce(&mut Config)) -> TestApp {
    let cached = app.another_with(|config| {
        config.response_cache = bytesize::ByteSize::mib(8);
        set(config);
    });
    // Until the server listens to PostgreSQL, each request reads the log position from the database.
    wait_until("the server listens to the change log", || !cached.db().log_point_blocks());
    cached
}

/// Renames a party, which adds an entry to the log.
fn rename(app: &TestApp, name: &str) {
    let query = "mutation($id: ID!, $name: String!) { updateParty(input: { partyId: $id, name: $name }) { userErrors { message } } }";
    let data = app.data("{ party(slug: \"ukraine\") { id } }", json!({}));
    let answer = app.data(query, json!({ "id": data["party"]["id"], "name": name }));
    assert_eq!(answer["updateParty"]["userErrors"], json!([]));
}

on_both_databases! {
    fn reported_positions_never_decrease(app: Sample) {
        let cached = caching(&app, |_| {});
        let reader = client(Some(&app.token("reader", Role::Reader)));
        if !app.database_url.starts_with("sqlite:") {
            // Simulates late notifications.
            app.execute_sql("ALTER TABLE log_head DISABLE TRIGGER USER");
        }
        for number in 0..3 {
            get(&cached, cached.client(), PARTIES);
            rename(&app, &format!("Name {number}"));
            // This read sees the write in its snapshot, before the server is notified of the write.
            let seen = get(&cached, &reader, "{ __typename }").position.unwrap();
            assert_eq!(seen, app.log_position());
            let next = get(&cached, cached.client(), PARTIES);
            assert!(next.position.unwrap() >= seen, "{:?} after {seen}", next.position);
            assert!(next.text.contains(&format!("Name {number}")), "{}", next.text);
        }
    }

    fn unchanged_responses_to_get_are_not_sent_again(app: Sample) {
        let cached = caching(&app, |_| {});
        let first = get(&cached, cached.client(), PARTIES);
        let second = get(&cached, cached.client(), PARTIES);
        assert_eq!((first.cache(), second.cache()), ("miss", "hit"));
        assert_eq!((&first.tag, &first.text), (&second.tag, &second.text));
        let tag = first.tag.clone().expect("the response has an entity tag");
        assert_eq!(first.control.as_deref(), Some("public, no-cache"));

        for tags in [tag.clone(), format!("W/\"other\", {tag}")] {
            let before = cached.db().statements();
            let headers = [("if-none-match", tags.as_str())];
            let options = Options { headers: &headers, ..Options::default() };
            let unchanged = get_with(&cached, cached.client(), PARTIES, &options);
            assert_eq!(unchanged.status, 304);
            assert_eq!((unchanged.text.as_str(), &unchanged.tag), ("", &first.tag));
            assert_eq!(cached.db().statements(), before, "the server must not query the database");
            assert_eq!(unchanged.control.as_deref(), Some("public, no-cache"));
        }

        // A POST request ignores the tag, but gets the same cached response.
        let headers = [("if-none-match", tag.as_str())];
        let options = Options { headers: &headers, ..Options::default() };
        let posted = post_with(&cached, cached.client(), PARTIES, &options);
        assert_eq!((posted.status.as_u16(), posted.cache(), &posted.tag), (200, "hit", &None));
        assert_eq!(posted.text, first.text);

        let reader = client(Some(&app.token("reader", Role::Reader)));
        let private = get_with(&cached, &reader, PARTIES, &Options::default());
        assert_eq!(private.control.as_deref(), Some("private, no-cache"));
        assert_eq!((private.cache(), &private.text), ("hit", &first.text));

        rename(&cached, "Renamed");
        let changed = get_with(&cached, cached.client(), PARTIES, &options);
        assert_eq!((changed.status.as_u16(), changed.cache()), (200, "miss"));
        assert_ne!(changed.tag, first.tag);
        assert!(changed.text.contains("Renamed"), "{}", changed.text);
    }

    fn errors_are_not_cached(app: Sample) {
        let cached = caching(&app, |_| {});
        let partial = "{ parties(first: 1) { totalCount } clauses(first: 1, after: \"x\") { totalCount } }";
        let invalid = "{ nothing }";
        let headers = [("if-none-match", "*")];
        for (query, status) in [(partial, 200), (invalid, 400), (TOKENS, 200)] {
            for headers in [&[][..], &headers[..], &[][..]] {
                let options = Options { headers, ..Options::default() };
                let answer = get_with(&cached, cached.client(), query, &options);
                assert_eq!(answer.status, status, "{query}: {}", answer.text);
                assert_ne!(answer.cache(), "hit", "{query}");
                assert_eq!(answer.tag, None, "{query}");
                assert!(answer.json()["errors"].is_array(), "{query}: {}", answer.text);
            }
        }
    }

    fn viewer_dependent_data_is_not_cached(app: Sample) {
        let cached = caching(&app, |_| {});
        let clients: Vec<(Role, Client)> = [Role::Reader, Role::Editor, Role::Admin]
            .into_iter()
            .map(|role| (role, client(Some(&app.token(&format!("The {}", role.name()), role)))))
            .chain([(Role::Anonymous, client(None))])
            .collect();
        let admin = &clients[2].1;
        let tokens = post(&app, admin, "{ tokens { nodes { id } } }").json();
        let token = json!({ "id": tokens["data"]["tokens"]["nodes"][0]["id"] });
        // The clients take turns in varying order, so that each sends requests after each of the others.
        for turn in 0..8 {
            for offset in 0..4 {
                let (role, who) = &clients[(turn * 3 + offset * (1 + turn % 3)) % 4];
                let case = format!("turn {turn}, {}", role.name());
                for send in [get, post] {
                    for query in [VIEWER, "query { ...F } fragment F on Query { viewer { name role } }"] {
                        let answer = send(&cached, who, query);
                        let name = (*role != Role::Anonymous).then(|| format!("The {}", role.name()));
                        let expected = json!({ "name": name, "role": role.name() });
                        assert_eq!(answer.json()["data"]["viewer"], expected, "{case}");
                        assert_eq!((answer.cache(), &answer.tag), ("none", &None), "{case}");
                    }
                    let answer = send(&cached, who, TOKENS);
                    let is_shown = answer.json()["data"]["tokens"]["totalCount"].is_number();
                    assert_eq!(is_shown, *role == Role::Admin, "{case}: {}", answer.text);
                    assert_eq!((answer.cache(), &answer.tag), ("none", &None), "{case}");
                }
                for send in [get_with, post_with] {
                    let options = Options { variables: token.clone(), headers: &[] };
                    let answer = send(&cached, who, NODE, &options);
                    let is_shown = answer.json()["data"]["node"].is_object();
                    assert_eq!(is_shown, *role == Role::Admin, "{case}: {}", answer.text);
                }
            }
        }
    }

    fn private_server_returns_no_cached_data_without_a_token(app: Sample) {
        let cached = caching(&app, |config| config.private = true);
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let reader = client(Some(&app.token("reader", Role::Reader)));
        let tokens = post(&cached, &admin, "{ tokens(first: 1) { nodes { id name } } }").json();
        let newest = &tokens["data"]["tokens"]["nodes"][0];
        assert_eq!(newest["name"], "reader");
        let first = get(&cached, &reader, PARTIES);
        let second = get(&cached, &reader, PARTIES);
        assert_eq!((first.cache(), second.cache()), ("miss", "hit"));
        assert_eq!(second.control.as_deref(), Some("private, no-cache"));
        let tag = second.tag.unwrap();
        let headers = [("if-none-match", tag.as_str())];
        let options = Options { headers: &headers, ..Options::default() };
        assert_eq!(get_with(&cached, &reader, PARTIES, &options).status, 304);
        let assert_rejected = |who: &Client| {
            for answer in [
                get(&cached, who, PARTIES),
                post(&cached, who, PARTIES),
                get_with(&cached, who, PARTIES, &options),
            ] {
                assert_eq!(answer.status, 401, "{}", answer.text);
                assert_eq!((answer.cache(), &answer.tag), ("none", &None));
                assert!(!answer.text.contains("ukraine"), "{}", answer.text);
            }
        };
        assert_rejected(&client(None));
        assert_rejected(&client(Some("cwt_wrong")));
        let revoke = "mutation($id: ID!) { revokeToken(input: { tokenId: $id }) { userErrors { code } } }";
        let variables = json!({ "id": newest["id"] });
        let options = Options { variables, headers: &[] };
        let revoked = post_with(&cached, &admin, revoke, &options);
        assert_eq!(revoked.json()["data"]["revokeToken"]["userErrors"], json!([]));
        assert_rejected(&reader);
    }

    fn minimum_position_must_exist(app: Sample) {
        let cached = caching(&app, |_| {});
        let end = app.log_position();
        for server in [&app, &cached] {
            let ask = |position: &str| {
                let headers = [(MIN_POSITION, position)];
                let options = Options { headers: &headers, ..Options::default() };
                [
                    get_with(server, server.client(), PARTIES, &options),
                    post_with(server, server.client(), PARTIES, &options),
                ]
            };
            for position in [0, -1, end] {
                for answer in ask(&position.to_string()) {
                    assert_eq!(answer.status, 200, "{position}: {}", answer.text);
                }
            }
            for answer in ask(&(end + 1).to_string()) {
                assert_eq!(answer.status, 400, "{}", answer.text);
                let error = &answer.json()["errors"][0];
                assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
                let message = error["message"].as_str().unwrap();
                let says = format!("ends at position {end}, but the request requires position {}", end + 1);
                assert!(message.contains(&says), "{message}");
            }
            for malformed in ["", "x", "1.5", "1, 2", "99999999999999999999"] {
                for answer in ask(malformed) {
                    assert_eq!(answer.status, 400, "{malformed}: {}", answer.text);
                    assert!(answer.text.contains(MIN_POSITION), "{}", answer.text);
                }
            }
        }
    }

    fn cache_is_bounded_and_optional(app: Sample) {
        const BOUND: u64 = 64 * 1024;
        let cached = caching(&app, |config| {
            config.response_cache = bytesize::ByteSize(BOUND);
            config.metrics_bind = Some(([127, 0, 0, 1], 0).into());
        });
        let address = cached.metrics_url.clone().unwrap();
        let kept = || {
            let text = cached.client().get(&address).send().unwrap().text().unwrap();
            let line = text.lines().find(|line| !line.starts_with('#') && line.contains("response_cache_bytes ")).unwrap();
            line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
        };
        let mut most = 0;
        for number in 0..120 {
            let query = format!("{{ p{number}: parties(first: 60) {{ nodes {{ id slug name }} }} }}");
            assert_eq!(get(&cached, cached.client(), &query).cache(), "miss");
            most = most.max(kept());
        }
        assert!(most > BOUND / 4 && most <= BOUND, "{most} bytes");

        for _ in 0..2 {
            let answer = get(&app, app.client(), PARTIES);
            assert_eq!((answer.status.as_u16(), answer.cache(), &answer.tag), (200, "none", &None));
        }
    }
}
