//! The plan of an operation: for each object type that a response may contain, its merged fields in the order of the
//! response. `planner.rs` creates it.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};
use async_graphql::Value;

use super::coerce::{Arguments, Variables};
use super::introspection::Introspection;
use super::reader::{Resolver, Statements};
use super::schema::{Field, Object, ObjectId, Schema};
use crate::db::rows::Column;
use crate::graphql::error::Error;

pub struct Plan {
    pub(super) selections: Vec<Selection>,
    pub(super) root: SelectionId,
}

/// The index of a selection in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SelectionId(pub(super) usize);

/// The fields that are selected on an object type.
pub struct Selection {
    pub object: ObjectId,
    /// The merged fields, in the order of the response.
    pub fields: Vec<PlannedField>,
    /// The columns that the fields need, without duplicates.
    pub columns: Vec<Column>,
    /// The error if the fields cannot be determined, because a variable in `@skip` or `@include` is null.
    pub failure: Option<Error>,
}

/// A field of a response.
pub struct PlannedField {
    /// The name in the response.
    pub key: Name,
    pub ty: Type,
    pub source: Source,
    pub arguments: PlannedArguments,
    /// The selection on the value.
    pub children: Children,
    pub location: Option<SourceSpan>,
}

/// The source of a field's value.
pub enum Source {
    /// `__typename`.
    TypeName,
    /// `__schema` or `__type`.
    Introspection(Arc<Introspection>),
    /// The field at this index of the table.
    Table(usize),
    /// The field at this index of the table, selected without arguments. Its value is in this column.
    Plain(usize, Column),
}

impl Source {
    /// The columns of the parent's row that the value needs. `table` is the parent's object type.
    pub(super) fn columns<'s>(&'s self, table: &'s Object) -> &'s [Column] {
        match self {
            Self::TypeName | Self::Introspection(_) => &[],
            Self::Plain(_, column) => std::slice::from_ref(column),
            Self::Table(position) => {
                table.fields.get(*position).map_or(&[], |field| field.reader.columns.as_slice())
            }
        }
    }
}

pub enum PlannedArguments {
    /// Arguments without variables.
    Constant(Arc<Arguments>),
    /// Arguments with variables.
    Variable {
        /// The definitions in the schema.
        definitions: Vec<Node<InputValueDefinition>>,
        /// The arguments in the document.
        given: Vec<Node<Argument>>,
    },
}

/// Arguments and filter fields that may name a record. A separate statement looks up the record.
const LOOKUP_ARGUMENTS: [&str; 4] = ["after", "before", "heldBy", "knownAtRelease"];

impl PlannedArguments {
    /// Whether an argument may need a lookup.
    fn look_up(&self, variables: &Variables) -> bool {
        match self {
            Self::Constant(arguments) => {
                arguments.iter().any(|(name, value)| looks_up(name, value))
            }
            Self::Variable { given, .. } => {
                given.iter().any(|argument| LOOKUP_ARGUMENTS.contains(&argument.name.as_str()))
                    || variables.iter().any(|(name, value)| looks_up(name, value))
                    || given.iter().any(|argument| names_look_up(&argument.value))
            }
        }
    }
}

fn looks_up(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(fields) => fields.iter().any(|(name, value)| looks_up(name, value)),
        _ => LOOKUP_ARGUMENTS.contains(&name),
    }
}

fn names_look_up(value: &Literal) -> bool {
    match value {
        Literal::Object(fields) => fields
            .iter()
            .any(|(name, value)| LOOKUP_ARGUMENTS.contains(&name.as_str()) || names_look_up(value)),
        _ => false,
    }
}

/// The selection on the value of a field.
pub enum Children {
    Leaf,
    /// The value has one possible type.
    Object(SelectionId),
    /// The value has one of several types.
    Abstract(HashMap<ObjectId, SelectionId>),
}

impl Children {
    /// The selection on values of the type `object`.
    pub fn of(&self, plan: &Plan, object: ObjectId) -> Option<SelectionId> {
        match self {
            Self::Leaf => None,
            Self::Object(id) => {
                plan.selection(*id).filter(|selection| selection.object == object).map(|_| *id)
            }
            Self::Abstract(types) => types.get(&object).copied(),
        }
    }
}

impl Plan {
    /// Whether the execution needs at most one statement. A single statement is a snapshot by itself.
    pub fn is_one_statement(&self, schema: &Schema, variables: &Variables) -> bool {
        let mut statements = 0;
        for selection in &self.selections {
            for field in &selection.fields {
                let Source::Table(_) = field.source else { continue };
                let Some(definition) = field.definition(schema, selection.object) else {
                    return false;
                };
                let reader = &definition.reader;
                if !matches!(reader.resolver, Resolver::Call(_)) {
                    continue;
                }
                match reader.statements {
                    Statements::None => {}
                    Statements::One if !field.arguments.look_up(variables) => statements += 1,
                    Statements::One | Statements::Any => return false,
                }
            }
        }
        statements <= 1
    }

    pub fn root(&self) -> SelectionId {
        self.root
    }

    pub fn selection(&self, id: SelectionId) -> Option<&Selection> {
        self.selections.get(id.0)
    }
}

impl PlannedField {
    /// The field's definition in the table of its object.
    pub fn definition<'s>(&self, schema: &'s Schema, object: ObjectId) -> Option<&'s Field> {
        match self.source {
            Source::Table(position) | Source::Plain(position, _) => {
                schema.table(object)?.fields.get(position)
            }
            Source::TypeName | Source::Introspection(_) => None,
        }
    }
}
