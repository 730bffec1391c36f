//! Prints each change of the change log. After an interruption, it continues after the last printed change.
//!
//! Usage: `cargo run --example follow -- [http://127.0.0.1:8080]`
//!
//! If the server requires an access token, set the environment variable `TOKEN`. The file `follow.cursor` contains the cursor
//! of the last printed change. On its first start, the program begins with the next change. Your own crate needs these
//! dependencies:
//!
//! ```sh
//! cargo add anyhow eventsource-stream futures-util serde_json
//! cargo add reqwest --features json,stream
//! cargo add serde --features derive
//! cargo add tokio --features macros,rt,time
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the output of the program")]

use std::path::Path;
use std::time::Duration;
use std::{env, fs, process};

use anyhow::{Context, bail};
use eventsource_stream::Eventsource;
use futures_util::TryStreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap};
use reqwest::{Client, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const CHANGES: &str = "
    subscription Changes($after: String) {
      changes(after: $after) {
        cursor position recordedAt actor action
        subject { __typename ... on Trackable { reference } }
      }
    }
";
const CURSOR: &str = "follow.cursor";
/// Errors that may be temporary. All others end the program.
const TEMPORARY: [&str; 4] = ["INTERNAL_SERVER_ERROR", "RATE_LIMITED", "TIMEOUT", "UNAVAILABLE"];
/// The longest wait before the program connects again.
const MAX_WAIT: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Answer<Data> {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    changes_end: String,
}

#[derive(Deserialize)]
struct Changes {
    changes: Change,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    cursor: String,
    position: i64,
    recorded_at: String,
    actor: String,
    action: String,
    subject: Subject,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(rename = "__typename")]
    kind: String,
    reference: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let mut headers = HeaderMap::new();
    if let Ok(token) = env::var("TOKEN") {
        headers.insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
    }
    // The server sends a comment every 25 seconds, so a minute of silence means that the connection is lost.
    let silence = Duration::from_mins(1);
    let client = Client::builder().default_headers(headers).read_timeout(silence).build()?;
    let mut wait = Duration::from_secs(1);
    loop {
        let before = fs::read_to_string(CURSOR).ok();
        if let Err(failure) = follow(&client, &server).await {
            eprintln!("interrupted: {failure:#}");
        }
        // The wait doubles each time the connection ends without a new change.
        let has_news = fs::read_to_string(CURSOR).ok() != before;
        wait = if has_news { Duration::from_secs(1) } else { MAX_WAIT.min(wait * 2) };
        tokio::time::sleep(wait).await;
    }
}

/// Prints changes until the connection ends.
async fn follow(client: &Client, server: &str) -> anyhow::Result<()> {
    if !Path::new(CURSOR).exists() {
        let response = send(client, server, &json!({ "query": "{ changesEnd }" })).await?;
        store(&data_of::<End>(&response.text().await?)?.changes_end)?;
    }
    let variables = json!({ "after": fs::read_to_string(CURSOR)? });
    let body = json!({ "query": CHANGES, "variables": variables });
    let mut events = send(client, server, &body).await?.bytes_stream().eventsource();
    while let Some(event) = events.try_next().await? {
        match event.event.as_str() {
            "next" => {}
            "complete" => break,
            _ => continue,
        }
        let Change { cursor, position, recorded_at, actor, action, subject } =
            data_of::<Changes>(&event.data)?.changes;
        let name = subject.reference.unwrap_or(subject.kind);
        println!("{position} {recorded_at} {actor} {action} {name}");
        store(&cursor)?;
    }
    Ok(())
}

/// Sends an operation. The answer to a subscription is a stream of events.
async fn send(client: &Client, server: &str, body: &Value) -> reqwest::Result<Response> {
    let request = client.post(format!("{server}/graphql")).json(body);
    request.header(ACCEPT, "application/json, text/event-stream").send().await?.error_for_status()
}

/// Returns the data of an answer. Ends the program if an error is not temporary.
fn data_of<Data: DeserializeOwned>(answer: &str) -> anyhow::Result<Data> {
    let Answer { data, errors } = serde_json::from_str(answer)?;
    if let Some(error) = errors.first() {
        let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
        let code = error.pointer("/extensions/code").and_then(Value::as_str);
        if !code.is_some_and(|code| TEMPORARY.contains(&code)) {
            eprintln!("{message}");
            process::exit(1);
        }
        bail!("the server answered: {message}");
    }
    data.context("an answer without data")
}

/// Stores the cursor. The file is replaced in one step, so it is never incomplete.
fn store(cursor: &str) -> std::io::Result<()> {
    let new = format!("{CURSOR}.new");
    fs::write(&new, cursor)?;
    fs::rename(new, CURSOR)
}
