//! Lists the clauses that are overdue today, page by page.
//!
//! Usage: `cargo run --example overdue -- [http://127.0.0.1:8080]`
//!
//! If the server requires an access token, set the environment variable `TOKEN`. Your own crate needs these
//! dependencies:
//!
//! ```sh
//! cargo add anyhow serde_json
//! cargo add reqwest --features blocking,json
//! cargo add serde --features derive
//! ```

#![expect(clippy::print_stdout, reason = "the output of the program")]

use std::env;

use anyhow::{Context, bail};
use reqwest::blocking::Client;
use serde::Deserialize;
use serde_json::{Value, json};

const OVERDUE: &str = "
    query Overdue($after: String) {
      clauses(filter: { overdue: true }, orderBy: { field: DEADLINE }, first: 50, after: $after) {
        nodes { reference heading status deadlines { dueOn rule } }
        pageInfo { hasNextPage endCursor }
      }
    }
";

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<Value>,
}

#[derive(Deserialize)]
struct Data {
    clauses: Page,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    nodes: Vec<Clause>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Clause {
    reference: String,
    heading: String,
    status: String,
    deadlines: Vec<Deadline>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deadline {
    due_on: Option<String>,
    rule: String,
}

fn main() -> anyhow::Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let client = Client::new();
    let mut after = None;
    loop {
        let page = overdue_clauses(&client, &server, after.as_deref())?;
        for Clause { reference, heading, status, deadlines } in page.nodes {
            println!("{reference} ({status}): {heading}");
            for Deadline { due_on, rule } in deadlines {
                println!("    due {}: {rule}", due_on.as_deref().unwrap_or("on an unknown day"));
            }
        }
        if !page.page_info.has_next_page {
            return Ok(());
        }
        after = page.page_info.end_cursor;
    }
}

/// Returns the page of overdue clauses after a cursor.
fn overdue_clauses(client: &Client, server: &str, after: Option<&str>) -> anyhow::Result<Page> {
    let body = json!({ "query": OVERDUE, "variables": { "after": after } });
    let mut request = client.post(format!("{server}/graphql")).json(&body);
    if let Ok(token) = env::var("TOKEN") {
        request = request.bearer_auth(token);
    }
    let answer: Answer = request.send()?.json()?;
    if let Some(error) = answer.errors.first() {
        bail!("the server answered: {}", error["message"]);
    }
    Ok(answer.data.context("an answer without data")?.clauses)
}
