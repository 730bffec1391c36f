//! The plan of an operation: for each object type that an answer may contain, its merged fields in the order of the
//! answer. `planner.rs` makes it.

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

/// What is executed.
pub struct Plan {
    pub(super) selections: Vec<Selection>,
    pub(super) root: SelectionId,
}

/// Which selection of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SelectionId(pub(super) usize);

/// What is selected on an object type.
pub struct Selection {
    /// The type.
    pub object: ObjectId,
    /// The fields, merged, in the order of the answer.
    pub fields: Vec<PlannedField>,
    /// The columns that the fields need, each once.
    pub columns: Vec<Column>,
    /// Why nothing can be selected: a condition is null.
    pub failure: Option<Error>,
}

/// A field of an answer.
pub struct PlannedField {
    /// The name in the answer.
    pub key: Name,
    /// The type of its value.
    pub ty: Type,
    /// Where its value comes from.
    pub source: Source,
    /// Its arguments.
    pub arguments: PlannedArguments,
    /// What is selected on its value.
    pub children: Children,
    /// Where it stands in the document.
    pub location: Option<SourceSpan>,
}

/// Where the value of a field comes from.
pub enum Source {
    /// `__typename`.
    TypeName,
    /// `__schema` or `__type`.
    Introspection(Arc<Introspection>),
    /// The field at this position of the table.
    Table(usize),
    /// The same field, whose value is a column, as no argument is given.
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

/// The arguments of a field.
pub enum PlannedArguments {
    /// They are the same each time.
    Constant(Arc<Arguments>),
    /// They depend on variables.
    Variable {
        /// What the schema says.
        definitions: Vec<Node<InputValueDefinition>>,
        /// What the document says.
        given: Vec<Node<Argument>>,
    },
}

/// Arguments, and fields of filters, that name a record which has to be looked up by a statement of its own.
const LOOKUP_ARGUMENTS: [&str; 3] = ["after", "before", "heldBy"];

impl PlannedArguments {
    /// Whether one of them may have to be looked up.
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

/// What is selected on the value of a field.
pub enum Children {
    /// The value is a leaf.
    Leaf,
    /// The value is of one type.
    Object(SelectionId),
    /// The value is of one of these types.
    Abstract(HashMap<ObjectId, SelectionId>),
}

impl Children {
    /// What is selected on values of that type.
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
    /// Whether executing it takes at most one statement, with these variables: that one is its own snapshot.
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

    /// The root.
    pub fn root(&self) -> SelectionId {
        self.root
    }

    /// A selection.
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
