//! The JSON Schema of dossiers.

use std::fs;
use std::path::Path;

use clausewatch::dossier::{embedded, json_schema};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::support::{clausewatch, text};

/// The errors of a value, according to the keywords of the schema.
fn faults(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let keywords = schema.as_object().unwrap();
    let mut found = Vec::new();
    for (keyword, rule) in keywords {
        match keyword.as_str() {
            "type" => {
                let is_type = match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64(),
                    other => panic!("the type {other} is unknown"),
                };
                if !is_type {
                    found.push(format!("{path}: is not of the type {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    found.push(format!("{path}: {value} is not in {rule}"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(rule, item, &format!("{path}.{index}")));
                }
            }
            "anyOf" => {
                if rule.as_array().unwrap().iter().all(|form| !faults(form, value, path).is_empty())
                {
                    found.push(format!("{path}: matches no alternative"));
                }
            }
            "required" => {
                for field in rule.as_array().unwrap() {
                    if value.get(field.as_str().unwrap()).is_none() {
                        found.push(format!("{path}: lacks {field}"));
                    }
                }
            }
            "properties" => {
                for (field, value) in value.as_object().into_iter().flatten() {
                    match rule.get(field) {
                        Some(form) => found.extend(faults(form, value, &format!("{path}.{field}"))),
                        None => found.push(format!("{path}: has no field {field}")),
                    }
                }
            }
            // Other fields are invalid: see `properties`.
            "additionalProperties" => assert_eq!(rule, &json!(false)),
            "title" | "description" | "format" | "$schema" => {}
            other => panic!("the keyword {other} is unknown"),
        }
    }
    found
}

/// A dossier as JSON. Dates become strings.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(value) => value.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(fields) => Value::Object(
            fields.into_iter().map(|(name, value)| (name, json_of(value))).collect::<Map<_, _>>(),
        ),
    }
}

fn parse(text: &str) -> Value {
    json_of(toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn schema_file_of_dossiers_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dossier.schema.json");
    let directory = TempDir::new().unwrap();
    let printed = text(&clausewatch(&["schema", "--dossiers"], directory.path()).stdout);
    let message = "docs/dossier.schema.json is outdated: run `cargo run -- schema --dossiers > docs/dossier.schema.json`";
    assert!(fs::read_to_string(path).unwrap_or_default() == printed, "{message}");
}

#[test]
fn shipped_dossiers_and_the_documented_example_match_the_schema() {
    let schema = json_schema();
    for file in embedded() {
        let found = faults(&schema, &parse(&file.text), "");
        assert!(found.is_empty(), "{}: {found:#?}", file.name);
    }
    let documentation = include_str!("../../docs/DOSSIERS.md");
    let (_, records) = documentation.split_once("## Records\n\n```toml\n").unwrap();
    let (records, _) = records.split_once("```").unwrap();
    let found = faults(&schema, &parse(records), "");
    assert!(found.is_empty(), "{found:#?}");
}

/// The schema contains every documented field. Each error that it reports is also an error for the dossier reader.
#[test]
fn schema_rejects_unknown_and_missing_fields_and_invalid_values() {
    let schema = json_schema();
    let topic = "[[topic]]\nslug = \"a\"\nname = \"A\"\n";
    let assessment = "[[assessment]]\nof = \"a/1\"\nstatus = \"PARTIAL\"\nnote = \"n\"\n";
    for (text, expected) in [
        (topic.to_owned(), None),
        (format!("{topic}nmae = \"A\"\n"), Some(".topic.0: has no field nmae")),
        ("[[topic]]\nslug = \"a\"\n".to_owned(), Some(".topic.0: lacks \"name\"")),
        (format!("{topic}description = 1\n"), Some(".topic.0.description: is not of the type \"string\"")),
        (format!("{assessment}effective_on = 2015-01-01\nevidence = [\"x\", {{ source = \"y\", locator = \"p. 1\" }}]\n"), None),
        (format!("{assessment}effective_on = 2015-01-01\nevidence = [{{ locator = \"p. 1\" }}]\n"), Some(".assessment.0.evidence.0: matches no alternative")),
        (assessment.to_owned(), Some(".assessment.0: lacks \"effective_on\"")),
        (assessment.replace("PARTIAL", "UNASSESSED"), Some("UNASSESSED")),
        ("[[event]]\nslug = \"e\"\nhappened_on = \"2015\"\nkind = \"VOTE\"\ntitle = \"t\"\nsummary = \"s\"\n[[event.assessment]]\nof = \"a/1\"\nstatus = \"PARTIAL\"\nnote = \"n\"\n".to_owned(), None),
    ] {
        let found = faults(&schema, &parse(&text), "");
        match expected {
            None => assert!(found.is_empty(), "{text}{found:?}"),
            Some(expected) => assert!(found.iter().any(|fault| fault.contains(expected)), "{text}{found:?}"),
        }
    }
}
