//! The JSON Schema of dossiers, for text editors. It is derived from the reader: the functions that read records run
//! once without a dossier, and each field that they request becomes a property.

use serde_json::{Map, Value, json};

use super::File;
use super::document::Document;
use super::import_set::ImportSet;
use super::names::Names;
use super::reader::Reader;

/// The JSON Schema (2020-12) of a dossier. The schema describes TOML dates as strings.
#[must_use]
pub fn json_schema() -> Value {
    let file = File { name: String::new(), text: String::new() };
    let document = Document::parse(&file, &mut Vec::new());
    let mut root = Reader::describing(&document, "a dossier");
    ImportSet::default().read_records(&mut root, &Names::none());
    let mut schema = root.into_schema().unwrap_or_default();
    if let Some(fields) = schema.as_object_mut() {
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        fields.insert("$schema".to_owned(), dialect.into());
        fields.insert("title".to_owned(), "Clausewatch dossier".into());
    }
    schema
}

/// The fields of a table.
#[derive(Debug, Default)]
pub(super) struct TableShape {
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl TableShape {
    /// Sets the JSON Schema of a field. If a field is read in several ways, the last schema applies.
    pub(super) fn set(&mut self, field: &'static str, schema: Value) {
        self.properties.insert(field.to_owned(), schema);
    }

    /// Marks a field as required.
    pub(super) fn require(&mut self, field: &'static str) {
        if !self.required.contains(&field) {
            self.required.push(field);
        }
    }

    /// The JSON Schema. `title` is the title of the table.
    pub(super) fn into_schema(self, title: &str) -> Value {
        let Self { properties, required } = self;
        let mut schema = json!({
            "type": "object",
            "title": title,
            "additionalProperties": false,
            "properties": properties,
        });
        if !required.is_empty()
            && let Some(fields) = schema.as_object_mut()
        {
            fields.insert("required".to_owned(), json!(required));
        }
        schema
    }
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn integer() -> Value {
    json!({ "type": "integer" })
}

pub(super) fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub(super) fn edtf_date() -> Value {
    json!({
        "type": "string",
        "description": "A date, or a text such as \"2015-02\", \"2015\", \"2015-02~\" or \"2015-02-01/2015-02-14\".",
    })
}

/// The schema of a string that must be one of `names`.
pub(super) fn choice(names: impl IntoIterator<Item = String>) -> Value {
    let mut values: Vec<String> = Vec::new();
    for name in names {
        if !values.contains(&name) {
            values.push(name);
        }
    }
    json!({ "type": "string", "enum": values })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn any_of(forms: [Value; 2]) -> Value {
    json!({ "anyOf": forms })
}
