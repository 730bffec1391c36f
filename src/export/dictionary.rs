//! The data dictionary: the columns of every exported list.

use serde_json::Value as Json;

use super::column::{Column, ColumnValue};
use super::lists::List;
use crate::graphql::{FieldDescription, ListDocument};

/// The name of the dictionary in addresses.
pub const NAME: &str = "dictionary";
/// The columns of the dictionary.
pub(super) const COLUMNS: [&str; 5] = ["list", "column", "type", "description", "values"];

/// A row of the dictionary.
pub(super) type Row = [Json; COLUMNS.len()];

/// The rows of the dictionary for a list.
pub(super) fn rows(list: &List, document: &ListDocument) -> Vec<Row> {
    let row = |column: &'static Column| {
        let FieldDescription { type_name, is_list, description, values } =
            describe(column, document);
        let type_name = type_words(&type_name);
        let type_name = if is_list { format!("list: {type_name}") } else { type_name.to_owned() };
        let about = column.about.map_or(description, str::to_owned);
        let values =
            if matches!(column.value, ColumnValue::Label(_)) { Vec::new() } else { values };
        [
            list.name.into(),
            column.name.into(),
            type_name.into(),
            about.into(),
            values.into_iter().map(Json::from).collect(),
        ]
    };
    list.columns().map(row).collect()
}

/// A column of an exported list, as the data dictionary describes it.
pub struct ColumnDescription {
    /// The name in the header.
    pub name: String,
    /// The type in the words of the data dictionary, such as `date, YYYY-MM-DD` or `list: text`.
    pub type_name: String,
    /// The meaning.
    pub description: String,
    /// The valid codes. Empty if the values are not codes.
    pub values: Vec<String>,
}

/// The columns of a list.
pub(super) fn columns(list: &List, document: &ListDocument) -> Vec<ColumnDescription> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let describe = |[_, name, type_name, description, values]: Row| ColumnDescription {
        name: text(&name),
        type_name: text(&type_name),
        description: text(&description),
        values: values.as_array().into_iter().flatten().map(text).collect(),
    };
    rows(list, document).into_iter().map(describe).collect()
}

/// The description of a column's values: from the field of the API, or from the kind of its `ColumnValue`.
fn describe(column: &Column, document: &ListDocument) -> FieldDescription {
    let text = |type_name: &str| FieldDescription {
        type_name: type_name.to_owned(),
        is_list: false,
        description: String::new(),
        values: Vec::new(),
    };
    match column.value {
        ColumnValue::Field(paths) => {
            let mut alternatives = paths.split('|').filter_map(|path| document.describe(path));
            let Some(mut first) = alternatives.next() else { return text("String") };
            for value in alternatives.flat_map(|other| other.values) {
                if !first.values.contains(&value) {
                    first.values.push(value);
                }
            }
            first
        }
        ColumnValue::Rounded(_) => text("Float"),
        ColumnValue::ChangedFields(_) => text("Object"),
        ColumnValue::Page(_) => text("Address"),
        ColumnValue::View("asOf") => text("Date"),
        ColumnValue::View("knownAt") => text("DateTime"),
        ColumnValue::Label(_) | ColumnValue::View(_) => text("String"),
    }
}

/// A type of the API in words. A type that is not listed here is an enum, whose values are codes.
fn type_words(type_name: &str) -> &str {
    match type_name {
        "ID" => "id",
        "String" => "text",
        "Int" => "integer",
        "Float" => "number",
        "Boolean" => "true or false",
        "Date" => "date, YYYY-MM-DD",
        "DateTime" => "time, RFC 3339",
        "EdtfDate" => "date, EDTF",
        "Address" => "address",
        "Object" => "JSON object",
        _ => "code",
    }
}
