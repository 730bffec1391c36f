//! `datapackage.json`: the tables and their columns as a Frictionless Data Package.

use serde_json::{Map, Value as Json, json};

use super::Facts;
use super::table::Table;
use crate::db::release::PackageFile;
use crate::export::ColumnDescription;

/// The references between tables: table, column, and the table whose `id` the column contains. Contains only references to
/// rows that are always exported. Archived records are not exported, although other records may refer to them.
const REFERENCES: [(&str, &str, &str); 6] = [
    ("clauses", "agreementId", "agreements"),
    ("clauses", "assessmentId", "assessments"),
    ("caveats", "proposalId", "proposals"),
    ("caveats", "assessmentId", "assessments"),
    ("proposals", "assessmentId", "assessments"),
    ("deadlines", "clauseId", "clauses"),
];

/// The descriptor.
pub(super) fn document(facts: &Facts<'_>, files: &[PackageFile]) -> Json {
    let resources = facts.tables.iter().map(|table| {
        let mut resource = resource(table.name, files);
        resource.insert("title".to_owned(), table.name.into());
        resource.insert("schema".to_owned(), schema(table));
        Json::Object(resource)
    });
    let mut dictionary = resource("dictionary", files);
    let columns = ["list", "column", "type", "description", "values"];
    let fields = columns.map(|name| json!({ "name": name, "type": "string" }));
    dictionary.insert("schema".to_owned(), json!({ "fields": fields, "missingValues": [""] }));
    let resources: Vec<Json> = resources.chain([Json::Object(dictionary)]).collect();
    let creators = facts.creators();
    let contributors = creators.iter().map(|name| json!({ "title": name, "role": "author" }));
    let mut document = json!({
        "profile": "data-package",
        "name": format!("clausewatch-{}", facts.name()),
        "title": facts.title(),
        "description": facts.description(),
        "homepage": facts.page(),
        "version": facts.name(),
        "created": facts.instant(),
        "contributors": contributors.collect::<Vec<_>>(),
        "resources": resources,
    });
    if let (Some(license), Some(object)) = (&facts.request.license, document.as_object_mut()) {
        object.insert("licenses".to_owned(), json!([{ "name": license }]));
    }
    document
}

/// The properties of the CSV file of a table.
fn resource(name: &str, files: &[PackageFile]) -> Map<String, Json> {
    let path = format!("{name}.csv");
    let file = files.iter().find(|file| file.name == path);
    let mut resource = Map::new();
    let properties = [
        ("profile", Json::from("tabular-data-resource")),
        ("name", name.into()),
        ("path", path.as_str().into()),
        ("format", "csv".into()),
        ("mediatype", "text/csv".into()),
        ("encoding", "utf-8".into()),
        ("bytes", file.map(|file| file.content.len()).into()),
        ("hash", file.map(|file| format!("sha256:{}", file.checksum())).into()),
        (
            "dialect",
            json!({ "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true }),
        ),
    ];
    resource.extend(properties.map(|(name, value)| (name.to_owned(), value)));
    resource
}

/// The schema of a table.
fn schema(table: &Table) -> Json {
    let key =
        if table.columns.iter().any(|column| column.name == "id") { "id" } else { "position" };
    let fields: Vec<Json> = table.columns.iter().map(|column| field(column, key)).collect();
    let references = REFERENCES.iter().filter(|(name, _, _)| *name == table.name);
    let references = references.map(|(_, column, other)| {
        json!({ "fields": column, "reference": { "resource": other, "fields": "id" } })
    });
    json!({
        "fields": fields,
        "primaryKey": key,
        "foreignKeys": references.collect::<Vec<_>>(),
        "missingValues": [""],
    })
}

/// Describes a column. Lists are described as texts, because their items are joined by semicolons.
fn field(column: &ColumnDescription, key: &str) -> Json {
    let (ty, format) = match column.type_name.as_str() {
        "integer" => ("integer", "default"),
        "number" => ("number", "default"),
        "true or false" => ("boolean", "default"),
        "date, YYYY-MM-DD" => ("date", "default"),
        "time, RFC 3339" => ("datetime", "default"),
        "JSON object" => ("object", "default"),
        "address" => ("string", "uri"),
        _ => ("string", "default"),
    };
    let mut constraints = Map::new();
    if column.name == key {
        constraints.insert("required".to_owned(), true.into());
        constraints.insert("unique".to_owned(), true.into());
    }
    if column.type_name == "code" && !column.values.is_empty() {
        constraints.insert("enum".to_owned(), column.values.clone().into());
    }
    json!({
        "name": column.name,
        "type": ty,
        "format": format,
        "description": column.description,
        "constraints": constraints,
    })
}
