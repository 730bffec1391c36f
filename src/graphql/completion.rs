//! Completing an answer as the specification asks: fields in the order of the query, and null where a field failed,
//! carried up to the nearest field that may be null.
//!
//! The library (7.1 and later) puts fields in the order in which they happened to be resolved, and leaves those that
//! failed out. A [`Plan`] is made of a document once, and applied to each of its answers.

use std::collections::HashSet;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, PathSegment, Response, ServerError, Value};

use super::cost::Size;
use super::types::{Types, named};
use super::validation::root;

/// The fields of an object in an answer, in order.
#[derive(Default)]
pub(super) struct Plan(pub(super) Vec<Planned>);

pub(super) struct Planned {
    key: Name,
    /// None for `__typename`, which is left as it is.
    ty: Option<Type>,
    /// How many there will be of it.
    pub(super) size: Size,
    /// How often it is selected.
    pub(super) selections: u64,
    pub(super) plan: Plan,
}

impl Plan {
    /// The plan of an operation. Takes time and stack as the document needs with its fragments spread out, so `bounds`
    /// comes first.
    pub(super) fn new(
        types: &Types,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Self {
        let sets = vec![(&operation.selection_set.node, root(operation.ty))];
        plan(types, document, sets)
    }

    /// How many root fields the operation has.
    pub(super) fn roots(&self) -> usize {
        self.0.len()
    }

    /// Brings a response into order.
    pub(super) fn complete(&self, response: &mut Response) {
        let failed = Failed::new(&response.errors);
        if response.data == Value::Null && failed.0.is_empty() {
            return;
        }
        let data = std::mem::take(&mut response.data);
        let mut path = Vec::new();
        response.data = self.object(data, &failed, &mut path).unwrap_or_default();
    }

    /// The object in order; `None` when it has to be null, because a field of it failed that cannot be.
    fn object(&self, value: Value, failed: &Failed, path: &mut Vec<PathSegment>) -> Option<Value> {
        let mut fields = match value {
            Value::Object(fields) => fields,
            // The library makes an object null when all its fields failed.
            Value::Null if failed.below(path) => IndexMap::new(),
            other => return Some(other),
        };
        let mut ordered = IndexMap::with_capacity(fields.len());
        for planned in &self.0 {
            let value = fields.swap_remove(&planned.key);
            path.push(PathSegment::Field(planned.key.to_string()));
            let completed = match (value, &planned.ty) {
                (Some(value), Some(ty)) => Some(planned.plan.value(value, ty, failed, path)),
                (Some(value), None) => Some(Some(value)),
                // A field that is absent without having failed was skipped, or belongs to another type.
                (None, ty) if failed.at(path) => {
                    Some(ty.as_ref().is_none_or(|ty| ty.nullable).then_some(Value::Null))
                }
                (None, _) => None,
            };
            path.pop();
            if let Some(value) = completed {
                ordered.insert(planned.key.clone(), value?);
            }
        }
        Some(Value::Object(ordered))
    }

    /// The value of a field or list item; `None` when it has to be null and cannot.
    fn value(
        &self,
        value: Value,
        ty: &Type,
        failed: &Failed,
        path: &mut Vec<PathSegment>,
    ) -> Option<Value> {
        let completed = match (&ty.base, value) {
            (BaseType::List(inner), Value::List(items)) => {
                let mut completed = Some(Vec::with_capacity(items.len()));
                for (index, item) in items.into_iter().enumerate() {
                    path.push(PathSegment::Index(index));
                    let item = self.value(item, inner, failed, path);
                    path.pop();
                    completed = completed.zip(item).map(|(mut items, item)| {
                        items.push(item);
                        items
                    });
                }
                completed.map(Value::List)
            }
            (BaseType::Named(_), value) if !self.0.is_empty() => self.object(value, failed, path),
            (_, value) => Some(value),
        };
        match completed {
            None | Some(Value::Null) if !ty.nullable => None,
            None => Some(Value::Null),
            completed => completed,
        }
    }
}

/// Selections of the same field, merged; each with the type that it is selected on.
type Selections<'a> = Vec<(&'a SelectionSet, Name)>;

/// What has the same name in an answer.
struct Group<'a> {
    ty: Option<Type>,
    size: Size,
    count: u64,
    selections: Selections<'a>,
}

fn plan(types: &Types, document: &ExecutableDocument, sets: Selections<'_>) -> Plan {
    let mut fields: IndexMap<Name, Group<'_>> = IndexMap::new();
    for (set, parent) in sets {
        collect(types, document, set, &parent, &mut fields);
    }
    let planned = fields.into_iter().map(|(key, group)| Planned {
        key,
        ty: group.ty,
        size: group.size,
        selections: group.count,
        plan: plan(types, document, group.selections),
    });
    Plan(planned.collect())
}

fn collect<'a>(
    types: &Types,
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    parent: &Name,
    fields: &mut IndexMap<Name, Group<'a>>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => add(types, &field.node, parent, fields),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let parent = condition.map_or(parent, |condition| &condition.node.on.node);
                collect(types, document, &fragment.node.selection_set.node, parent, fields);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let Some(fragment) = document.fragments.get(name) else { continue };
                let parent = &fragment.node.type_condition.node.on.node;
                collect(types, document, &fragment.node.selection_set.node, parent, fields);
            }
        }
    }
}

fn add<'a>(types: &Types, field: &'a Field, parent: &Name, fields: &mut IndexMap<Name, Group<'a>>) {
    let definition = types.field(parent, &field.name.node);
    let definition = definition.filter(|_| field.name.node != "__typename");
    let ty = definition.map(|definition| &definition.ty.node);
    let key = field.alias.as_ref().unwrap_or(&field.name).node.clone();
    let group = fields.entry(key).or_insert_with(|| {
        let size = definition.map_or(Size::One, |definition| Size::of(types, definition, field));
        Group { ty: ty.cloned(), size, count: 0, selections: Vec::new() }
    });
    group.count += 1;
    if let Some(ty) = ty
        && !field.selection_set.node.items.is_empty()
    {
        group.selections.push((&field.selection_set.node, named(ty).clone()));
    }
}

/// Where fields failed: the paths, written out.
struct Failed(HashSet<String>);

impl Failed {
    fn new(errors: &[ServerError]) -> Self {
        let paths = errors.iter().filter(|error| !error.path.is_empty());
        Self(paths.map(|error| written(&error.path)).collect())
    }

    fn at(&self, path: &[PathSegment]) -> bool {
        !self.0.is_empty() && self.0.contains(&written(path))
    }

    fn below(&self, path: &[PathSegment]) -> bool {
        !self.0.is_empty() && {
            let path = written(path);
            self.0.iter().any(|failed| failed.len() > path.len() && failed.starts_with(&path))
        }
    }
}

/// Each step with a slash after it, which no name contains.
fn written(path: &[PathSegment]) -> String {
    path.iter()
        .map(|step| match step {
            PathSegment::Field(name) => format!("{name}/"),
            PathSegment::Index(index) => format!("{index}/"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::{Pos, value};

    use super::*;

    const SDL: &str = "
        type Query { strict: Thing! lenient: Thing list: [Thing!]! loose: [Thing] any: Any }
        interface Any { name: String! }
        type Thing implements Any { name: String! note: String child: Thing }
    ";

    fn complete(query: &str, data: Value, failed: &[&[&str]]) -> Value {
        let document = async_graphql::parser::parse_query(query).unwrap();
        let mut response = Response::new(data);
        for path in failed {
            let mut error = ServerError::new("failed", Some(Pos::default()));
            let segment = |step: &&str| match step.parse() {
                Ok(index) => PathSegment::Index(index),
                Err(_) => PathSegment::Field((*step).to_owned()),
            };
            error.path = path.iter().map(segment).collect();
            response.errors.push(error);
        }
        let (_, operation) = document.operations.iter().next().unwrap();
        Plan::new(&Types::new(SDL), &document, &operation.node).complete(&mut response);
        response.data
    }

    fn json(value: &Value) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn fields_come_in_the_order_of_the_query() {
        let data = value!({ "b": { "note": "n", "name": "x" }, "a": null });
        let completed = complete(
            "{ a: lenient { name } ...F } fragment F on Query { b: strict { name note } }",
            data,
            &[],
        );
        assert_eq!(json(&completed), r#"{"a":null,"b":{"name":"x","note":"n"}}"#);
    }

    #[test]
    fn failed_field_that_may_be_null_is_null() {
        let completed = complete(
            "{ strict { note name } }",
            value!({ "strict": { "name": "x" } }),
            &[&["strict", "note"]],
        );
        assert_eq!(json(&completed), r#"{"strict":{"note":null,"name":"x"}}"#);
    }

    #[test]
    fn failed_field_that_may_not_be_null_takes_its_parent_along() {
        let completed = complete(
            "{ lenient { note name } }",
            value!({ "lenient": { "note": "x" } }),
            &[&["lenient", "name"]],
        );
        assert_eq!(json(&completed), r#"{"lenient":null}"#);
        let completed = complete(
            "{ strict { note name } }",
            value!({ "strict": { "note": "x" } }),
            &[&["strict", "name"]],
        );
        assert_eq!(json(&completed), "null");
    }

    #[test]
    fn failed_item_takes_the_list_along_only_where_items_may_not_be_null() {
        let data = value!({ "list": [{ "name": "x" }, null], "loose": [{ "name": "x" }, null] });
        let failed: &[&[&str]] = &[&["loose", "1", "name"]];
        let completed = complete("{ loose { name } }", data.clone(), failed);
        assert_eq!(json(&completed), r#"{"loose":[{"name":"x"},null]}"#);
        let completed = complete("{ list { name } }", data, &[&["list", "1", "name"]]);
        assert_eq!(json(&completed), "null");
    }

    #[test]
    fn absent_field_of_another_type_stays_absent() {
        let completed = complete(
            "{ any { ... on Thing { note } name } }",
            value!({ "any": { "name": "x" } }),
            &[],
        );
        assert_eq!(json(&completed), r#"{"any":{"name":"x"}}"#);
    }
}
