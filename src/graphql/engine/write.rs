//! Writes a response as JSON, in one pass over the groups, in the order of the plan.
//!
//! The writer implements CompleteValue of the specification (section 6.4.3). If a non-nullable value is null, the writer
//! truncates the JSON to the start of the nearest nullable field, and writes null there.

use apollo_compiler::ast::Type;
use apollo_compiler::parser::SourceMap;

use super::call::{Item, Objects, Slot};
use super::execute::{Execution, FieldValues, Group, GroupId, find_group};
use super::json;
use super::leaf::{Leaf, Unwritten};
use super::plan::{Plan, PlannedField, Source};
use super::reader::{Reader, Resolver};
use super::response::{FieldError, PathSegment, Response};
use super::schema::{ObjectId, Schema};
use crate::graphql::error::Error;

/// A non-nullable value is null, so its parent becomes null.
struct PropagateNull;

/// Writes the response of an execution: its data, and its errors in the order of the data.
pub fn write(schema: &Schema, plan: &Plan, groups: &[Group], sources: &SourceMap) -> Response {
    let mut json = Vec::with_capacity(1024);
    json.extend_from_slice(Response::BEFORE_DATA);
    let (path, errors) = (Vec::new(), Vec::new());
    let mut writer = Writer { schema, plan, groups, sources, json, path, errors };
    if writer.object(Execution::ROOT, 0).is_err() {
        writer.json.truncate(Response::BEFORE_DATA.len());
        writer.json.extend_from_slice(b"null");
    }
    writer.json.extend_from_slice(Response::AFTER_DATA);
    Response::executed(writer.json.into(), writer.errors)
}

struct Writer<'a> {
    schema: &'a Schema,
    plan: &'a Plan,
    groups: &'a [Group],
    sources: &'a SourceMap,
    json: Vec<u8>,
    path: Vec<PathSegment>,
    errors: Vec<FieldError>,
}

/// The field and the object being written.
#[derive(Clone, Copy)]
struct Position<'a> {
    group: &'a Group,
    object: ObjectId,
    field: &'a PlannedField,
    values: &'a FieldValues,
    index: usize,
}

impl<'a> Writer<'a> {
    fn object(&mut self, id: GroupId, index: usize) -> Result<(), PropagateNull> {
        let groups = self.groups;
        let selection = find_group(groups, id)
            .and_then(|group| Some((group, self.plan.selection(group.selection)?)));
        let Some((group, selection)) = selection else { return Err(PropagateNull) };
        if let Some(failure) = &selection.failure {
            let (error, path) = (failure.clone(), self.path.clone());
            self.errors.push(FieldError { error, path, locations: Vec::new() });
            return Err(PropagateNull);
        }
        self.json.push(b'{');
        for (position, (field, values)) in selection.fields.iter().zip(&group.fields).enumerate() {
            if position > 0 {
                self.json.push(b',');
            }
            json::plain(&mut self.json, &field.key);
            self.json.push(b':');
            let position = Position { group, object: selection.object, field, values, index };
            self.path.push(PathSegment::Field(field.key.clone()));
            let written = self.nullable(&field.ty, |writer| writer.field(position));
            self.path.pop();
            written?;
        }
        self.json.push(b'}');
        Ok(())
    }

    /// Writes a value. On failure, writes null if the type allows it.
    fn nullable(
        &mut self,
        ty: &Type,
        write: impl FnOnce(&mut Self) -> Result<(), PropagateNull>,
    ) -> Result<(), PropagateNull> {
        let checkpoint = self.json.len();
        if write(self).is_ok() {
            return Ok(());
        }
        self.json.truncate(checkpoint);
        if ty.is_non_null() {
            return Err(PropagateNull);
        }
        self.json.extend_from_slice(b"null");
        Ok(())
    }

    fn field(&mut self, at: Position<'a>) -> Result<(), PropagateNull> {
        match at.values {
            FieldValues::InObjects(column) => self.own(at, *column),
            FieldValues::Json(json) => {
                self.json.extend_from_slice(json);
                Ok(())
            }
            FieldValues::Leaves(leaves) => match leaves.get(at.index) {
                Some(leaf) => self.leaf(at, &at.field.ty, leaf),
                None => self.fail(at, Error::internal("a field has too few values")),
            },
            FieldValues::Linked { groups, slots, items } => match slots.get(at.index) {
                Some(Slot::One(item)) => self.item(at, &at.field.ty, groups, item),
                Some(Slot::List(range)) => {
                    let items = items.get(range.clone()).unwrap_or_default();
                    self.list(at, groups, items)
                }
                None => self.fail(at, Error::internal("a field has too few values")),
            },
            FieldValues::Failed(error) => self.fail(at, error.clone()),
            FieldValues::None => self.fail(at, Error::internal("a field was not executed")),
        }
    }

    /// Writes a value that is stored in the object itself.
    fn own(&mut self, at: Position<'a>, column: usize) -> Result<(), PropagateNull> {
        if let Source::TypeName = at.field.source {
            let name = self.schema.table(at.object).map_or("", |table| table.name);
            json::plain(&mut self.json, name);
            return Ok(());
        }
        let Some(definition) = at.field.definition(self.schema, at.object) else {
            return self.fail(at, Error::internal("a field is not in the tables"));
        };
        let encoding = match (&at.field.source, &definition.reader) {
            (Source::Plain(..), Reader { plain: Some((_, encoding)), .. })
            | (_, Reader { resolver: Resolver::Column(encoding), .. }) => Some(encoding),
            _ => None,
        };
        match (encoding, &definition.reader.resolver, &at.group.objects) {
            (Some(encoding), _, Objects::Rows { rows, picked }) => {
                let row = picked.get(at.index).copied().unwrap_or(usize::MAX);
                match encoding.write(rows, row, column, &mut self.json) {
                    Ok(()) => Ok(()),
                    Err(Unwritten::Null) => self.null(at, &at.field.ty),
                    Err(Unwritten::Malformed) => {
                        self.fail(at, Error::internal("a stored value is not of its type"))
                    }
                }
            }
            (None, Resolver::Value(read), Objects::Values { values, .. }) => {
                let leaf = read(values.as_ref(), at.index);
                self.leaf(at, &at.field.ty, &leaf)
            }
            _ => self.fail(at, Error::internal("a field does not fit its object")),
        }
    }

    fn null(&mut self, at: Position<'a>, ty: &Type) -> Result<(), PropagateNull> {
        if ty.is_non_null() {
            return self.fail(at, Error::internal("a value that is never null is null"));
        }
        self.json.extend_from_slice(b"null");
        Ok(())
    }

    fn leaf(&mut self, at: Position<'a>, ty: &Type, leaf: &Leaf) -> Result<(), PropagateNull> {
        match leaf {
            Leaf::Null => return self.null(at, ty),
            Leaf::Boolean(value) => json::boolean(&mut self.json, *value),
            Leaf::Integer(value) => json::integer(&mut self.json, (*value).into()),
            Leaf::Float(value) => match serde_json::to_vec(value) {
                Ok(number) if value.is_finite() => self.json.extend(number),
                _ => return self.fail(at, Error::internal("a number is not finite")),
            },
            Leaf::Text(text) => json::string(&mut self.json, text),
            Leaf::Name(name) => json::plain(&mut self.json, name),
            Leaf::Failed(error) => return self.fail(at, (**error).clone()),
            Leaf::List(items) => {
                let inner = item_type(ty);
                return self.items(items, |writer, item| {
                    writer.nullable(inner, |writer| writer.leaf(at, inner, item))
                });
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        at: Position<'a>,
        groups: &'a [GroupId],
        items: &'a [Item],
    ) -> Result<(), PropagateNull> {
        let inner = item_type(&at.field.ty);
        self.items(items, |writer, item| {
            writer.nullable(inner, |writer| writer.item(at, inner, groups, item))
        })
    }

    fn items<T>(
        &mut self,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T) -> Result<(), PropagateNull>,
    ) -> Result<(), PropagateNull> {
        self.json.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.path.push(PathSegment::Index(index));
            let written = write(self, item);
            self.path.pop();
            written?;
        }
        self.json.push(b']');
        Ok(())
    }

    fn item(
        &mut self,
        at: Position<'a>,
        ty: &Type,
        groups: &[GroupId],
        item: &Item,
    ) -> Result<(), PropagateNull> {
        match item {
            Item::Null => self.null(at, ty),
            Item::Object { set, index } => match groups.get(*set) {
                Some(group) => self.object(*group, *index),
                None => self.fail(at, Error::internal("an object of no group")),
            },
            Item::Failed(error) => self.fail(at, error.clone()),
        }
    }

    /// Adds an error at the current path.
    fn fail(&mut self, at: Position<'a>, error: Error) -> Result<(), PropagateNull> {
        let location = at.field.location.and_then(|location| location.line_column(self.sources));
        let location = location.map(|location| (location.line, location.column));
        self.errors.push(FieldError {
            error,
            path: self.path.clone(),
            locations: location.into_iter().collect(),
        });
        Err(PropagateNull)
    }
}

/// The type of a list's items.
fn item_type(ty: &Type) -> &Type {
    match ty {
        Type::List(inner) | Type::NonNullList(inner) => inner,
        named => named,
    }
}
