//! Columns of exported lists, and the sources of their values.

use serde_json::{Map, Number, Value as Json};
use url::Url;

use super::label::label;

use crate::domain::page_address::page_address;

/// A column of an exported list.
pub struct Column {
    /// The name in the header.
    pub name: &'static str,
    pub(super) value: ColumnValue,
    /// The description. Default: the description of the field in the API.
    pub(super) about: Option<&'static str>,
}

/// The value of a column. A path consists of field names, joined by dots. A path through a list returns a list. Paths
/// separated by `|` are alternatives: the first non-null value is used.
pub(super) enum ColumnValue {
    /// The field at a path.
    Field(&'static str),
    /// The label of the code at a path.
    Label(&'static str),
    /// The number at a path, rounded to one decimal place.
    Rounded(&'static str),
    /// The changed fields at a path, as an object of names and values.
    ChangedFields(&'static str),
    /// The address of a page, from the first of these templates whose fields are all non-null.
    Page(&'static [&'static str]),
    /// A parameter that selects the statuses: `asOf`, `knownAt`, `knownAtRelease` or `heldBy`.
    View(&'static str),
}

/// The values that columns need besides the row: the public address of the server, and the parameters that select the
/// statuses.
pub(super) struct Context {
    /// The public address of the server, with a slash at the end.
    pub(super) base: Url,
    /// The values of `asOf`, `knownAt`, `knownAtRelease` and `heldBy`.
    pub(super) view: Map<String, Json>,
}

/// A column with the field at `path`.
pub(super) const fn field(name: &'static str, path: &'static str) -> Column {
    Column { name, value: ColumnValue::Field(path), about: None }
}

/// A column with a computed value and its own description.
pub(super) const fn column(name: &'static str, value: ColumnValue, about: &'static str) -> Column {
    Column { name, value, about: Some(about) }
}

/// A column with the label of the code at `path`.
pub(super) const fn words(name: &'static str, path: &'static str) -> Column {
    column(name, ColumnValue::Label(path), "Label of the code in the previous column.")
}

impl Column {
    /// Sets the description.
    pub(super) const fn about(self, about: &'static str) -> Self {
        Self { name: self.name, value: self.value, about: Some(about) }
    }

    /// The value of this column for the record `node`.
    pub(super) fn read(&self, node: &Json, context: &Context) -> Json {
        match self.value {
            ColumnValue::Field(paths) => first_value(node, paths),
            ColumnValue::Label(paths) => labelled(first_value(node, paths)),
            ColumnValue::Rounded(path) => rounded(&first_value(node, path)),
            ColumnValue::ChangedFields(path) => changed_fields(&first_value(node, path)),
            ColumnValue::Page(templates) => {
                let mut pages = templates.iter().filter_map(|path| page(node, path, &context.base));
                pages.next().map_or(Json::Null, |url| String::from(url).into())
            }
            ColumnValue::View(parameter) => {
                context.view.get(parameter).cloned().unwrap_or(Json::Null)
            }
        }
    }
}

/// The first non-null value at one of these paths.
fn first_value(node: &Json, paths: &str) -> Json {
    let mut values = paths.split('|').map(|path| at(node, path));
    values.find(|value| !value.is_null()).unwrap_or(Json::Null)
}

/// The value at a path.
pub(super) fn at(node: &Json, path: &str) -> Json {
    match (node, path.split_once('.')) {
        (Json::Array(items), _) => items.iter().map(|item| at(item, path)).collect(),
        (Json::Object(fields), Some((name, rest))) => {
            fields.get(name).map_or(Json::Null, |value| at(value, rest))
        }
        (Json::Object(fields), None) => fields.get(path).cloned().unwrap_or(Json::Null),
        _ => Json::Null,
    }
}

fn labelled(code: Json) -> Json {
    match code {
        Json::String(code) => label(&code).into(),
        Json::Array(codes) => codes.into_iter().map(labelled).collect(),
        other => other,
    }
}

fn rounded(number: &Json) -> Json {
    let number = number.as_f64().map(|number| (number * 10.0).round() / 10.0);
    number.and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}

fn changed_fields(values: &Json) -> Json {
    let fields: Map<String, Json> = values
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|value| {
            Some((value.get("name")?.as_str()?.to_owned(), value.get("value")?.clone()))
        })
        .collect();
    if fields.is_empty() { Json::Null } else { fields.into() }
}

/// The address of the page at a path such as `agreements/{agreement.slug}`. None if a field has no value.
pub(super) fn page(node: &Json, template: &str, base: &Url) -> Option<Url> {
    let part = |part: &str| match part.strip_prefix('{') {
        None => Some(part.to_owned()),
        Some(field) => at(node, field.trim_end_matches('}')).as_str().map(str::to_owned),
    };
    let (path, fragment) = match template.split_once('#') {
        Some((path, fragment)) => (path, Some(part(fragment)?)),
        None => (template, None),
    };
    let segments: Vec<String> = path.split('/').map(part).collect::<Option<_>>()?;
    let mut url = page_address(base, segments);
    url.set_fragment(fragment.as_deref());
    Some(url)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn context() -> Context {
        let base = Url::parse("https://example.org/track/").unwrap();
        Context { base, view: Map::from_iter([("asOf".to_owned(), "2016-01-01".into())]) }
    }

    #[test]
    fn paths_lead_through_lists_and_alternatives() {
        let node = json!({
            "agreement": { "slug": "minsk-2" },
            "parties": [{ "party": { "slug": "a" } }, { "party": null }],
            "caveat": { "id": "c" },
        });
        let read = |path| field("column", path).read(&node, &context());
        assert_eq!(read("agreement.slug"), json!("minsk-2"));
        assert_eq!(read("parties.party.slug"), json!(["a", null]));
        assert_eq!(read("clause.id|caveat.id"), json!("c"));
        assert_eq!(read("agreement.slug.deeper"), Json::Null);
    }

    #[test]
    fn pages_are_encoded_below_the_public_address() {
        let page = column(
            "url",
            ColumnValue::Page(&[
                "proposals/{proposal.slug}#{number}",
                "agreements/{agreement.slug}/clauses/{number}",
            ]),
            "Address.",
        );
        let node = json!({ "agreement": { "slug": "minsk-2" }, "number": "4/a é" });
        assert_eq!(
            page.read(&node, &context()),
            json!("https://example.org/track/agreements/minsk-2/clauses/4%2Fa%20%C3%A9")
        );
        let node = json!({ "proposal": { "slug": "reply" }, "number": "UR-4" });
        assert_eq!(
            page.read(&node, &context()),
            json!("https://example.org/track/proposals/reply#UR-4")
        );
        assert_eq!(page.read(&json!({}), &context()), Json::Null);
    }

    #[test]
    fn numbers_are_rounded_and_views_are_constant() {
        let score = column("score", ColumnValue::Rounded("score"), "Score.");
        assert_eq!(score.read(&json!({ "score": 43.249 }), &context()), json!(43.2));
        assert_eq!(score.read(&json!({ "score": null }), &context()), Json::Null);
        let day = column("asOf", ColumnValue::View("asOf"), "Day.");
        assert_eq!(day.read(&json!({}), &context()), json!("2016-01-01"));
    }
}
