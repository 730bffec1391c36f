//! What the README shows.

use serde_json::Value;

use crate::support::on_both_databases;

const README: &str = include_str!("../../README.md");

/// The text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the README has the first mark");
    rest.split_once(end).expect("the README has the second mark").0
}

on_both_databases! {
    fn first_query_answers_as_shown(app: Sample) {
        let body: Value = serde_json::from_str(between(README, "-d \\\n  '", "'\n```")).expect("the query is JSON");
        let shown: Value = serde_json::from_str(between(README, "```json\n", "```")).expect("the answer is JSON");
        let query = body["query"].as_str().expect("the body has a query");
        assert_eq!(app.send(query, Value::Null), shown);
    }
}
