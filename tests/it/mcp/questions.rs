//! The prepared questions: the tools answer them with exact facts, over both transports.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::client::ToolClient;
use super::{PUBLIC_URL, with_public_url};
use crate::support::on_both_databases;

#[derive(Deserialize)]
struct Questions {
    question: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    asks: String,
    tool: String,
    arguments: Value,
    facts: BTreeMap<String, Value>,
    #[serde(default)]
    nulls: Vec<String>,
    text: Vec<String>,
}

fn questions() -> Vec<Question> {
    let questions: Questions =
        toml::from_str(include_str!("questions.toml")).expect("the questions are TOML");
    questions.question
}

/// The value at a path. If a name follows a list, returns a list of the values in all its items.
fn at(value: &Value, path: &str) -> Value {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let inner = match (value, name.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => items.get(index).cloned().unwrap_or_default(),
        (Value::Array(items), Err(_)) => {
            return items.iter().map(|item| at(item, path)).collect();
        }
        _ => value.get(name).cloned().unwrap_or_default(),
    };
    rest.map_or(inner.clone(), |rest| at(&inner, rest))
}

/// Asks every question, and reports all wrong answers.
fn ask_all(client: &ToolClient) {
    let mut wrong = Vec::new();
    for Question { asks, tool, arguments, facts, nulls, text } in questions() {
        let answer = client.call(&tool, &arguments).expect(&asks);
        if answer.is_error {
            wrong.push(format!("{asks}\n  {}", answer.text));
            continue;
        }
        let nulls = nulls.into_iter().map(|path| (path, Value::Null));
        for (path, expected) in facts.into_iter().chain(nulls) {
            let actual = at(&answer.content, &path);
            if actual != expected {
                wrong.push(format!("{asks}\n  {path}: {actual} instead of {expected}"));
            }
        }
        for part in text.iter().filter(|part| !answer.text.contains(part.as_str())) {
            wrong.push(format!("{asks}\n  no “{part}” in:\n{}", answer.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_tool_is_asked() {
    let questions = questions();
    assert_eq!(questions.len(), 40);
    for tool in super::READING {
        assert!(questions.iter().any(|question| question.tool == tool), "{tool}");
    }
}

on_both_databases! {
    fn questions_are_answered_exactly_over_http(app: Whole) {
        let app = app.another_with(with_public_url);
        ask_all(&ToolClient::over_http(&app.url, None));
    }

    fn questions_are_answered_exactly_over_streams(app: Whole) {
        let client = ToolClient::over_streams(&["--database-url", &app.database_url, "--public-url", PUBLIC_URL]);
        ask_all(&client);
        assert!(client.close());
    }
}
