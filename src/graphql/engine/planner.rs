//! Creates the plan of an operation.
//!
//! The planner merges the fields of each object type once for a document, not once for each object. If `@skip` and `@include`
//! have variables, it merges them once for each combination of the values. Selection sets that are reached by several paths
//! are planned once for each object type, so nested abstract types do not multiply the size of the plan.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use apollo_compiler::ast::{DirectiveList, Type, Value as Literal};
use apollo_compiler::executable::{
    ExecutableDocument, Field, Operation, OperationType, Selection as AstSelection, SelectionSet,
};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node};
use async_graphql::Value;

use super::coerce::{self, Variables};
use super::document::{FieldGroups, collect_fields, selections};
use super::introspection::Introspection;
use super::plan::{Children, Plan, PlannedArguments, PlannedField, Selection, SelectionId, Source};
use super::schema::{Object, ObjectId, Schema};
use crate::db::rows::Column;
use crate::graphql::error::{Code, Error};

/// The maximum number of fields in a plan.
const MAX_FIELDS: usize = 100_000;

/// The reason why an operation has no plan.
#[derive(Debug)]
pub enum Unplannable {
    /// The tables have no such field.
    Unknown(String),
    /// The plan has more than [`MAX_FIELDS`] fields.
    TooLarge,
}

/// Plans an operation. `conditions` contains the values of the variables in `@skip` and `@include`.
///
/// # Errors
/// Fails if a field is not in the tables, or the plan is too large.
pub fn plan(
    schema: &Schema,
    document: &Arc<Valid<ExecutableDocument>>,
    operation: &Operation,
    conditions: &Variables,
) -> Result<Plan, Unplannable> {
    let planner = Planner {
        schema,
        document,
        conditions,
        selections: Vec::new(),
        ids: HashMap::new(),
        field_count: 0,
    };
    planner.plan(operation)
}

struct Planner<'a> {
    schema: &'a Schema,
    document: &'a Arc<Valid<ExecutableDocument>>,
    conditions: &'a Variables,
    selections: Vec<Selection>,
    /// The planned selections. The key is the object type and the addresses of the merged selection sets.
    ids: HashMap<(ObjectId, Vec<usize>), SelectionId>,
    field_count: usize,
}

impl<'a> Planner<'a> {
    fn plan(mut self, operation: &'a Operation) -> Result<Plan, Unplannable> {
        let root = match operation.operation_type {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let object = self.object(root)?;
        let root = self.select(object, &[&operation.selection_set])?;
        Ok(Plan { selections: self.selections, root })
    }

    fn object(&self, name: &str) -> Result<ObjectId, Unplannable> {
        self.schema.object(name).ok_or_else(|| Unplannable::Unknown(name.to_owned()))
    }

    /// Merges these selection sets, and plans the result for an object type.
    fn select(
        &mut self,
        object: ObjectId,
        sets: &[&'a SelectionSet],
    ) -> Result<SelectionId, Unplannable> {
        let addresses = sets.iter().map(|set| std::ptr::from_ref(*set).addr()).collect();
        let key = (object, addresses);
        if let Some(id) = self.ids.get(&key) {
            return Ok(*id);
        }
        let table = self.schema.table(object).ok_or(Unplannable::TooLarge)?;
        let (groups, failure) = match self.collect(table.name, sets) {
            Ok(groups) => (groups, None),
            Err(error) => (FieldGroups::default(), Some(error)),
        };
        self.field_count += groups.len();
        if self.field_count > MAX_FIELDS {
            return Err(Unplannable::TooLarge);
        }
        let mut fields = Vec::with_capacity(groups.len());
        let mut columns: Vec<Column> = Vec::new();
        for (key, group) in groups {
            let Some(first) = group.first() else { continue };
            let source = self.source(table, first, &group)?;
            for column in source.columns(table) {
                if !columns.contains(column) {
                    columns.push(column);
                }
            }
            let children = match source {
                Source::Introspection(_) => Children::Leaf,
                _ => self.children(&first.definition.ty, &group)?,
            };
            fields.push(PlannedField {
                key: key.clone(),
                ty: first.definition.ty.clone(),
                arguments: self.arguments(first),
                source,
                children,
                location: first.location(),
            });
        }
        let id = SelectionId(self.selections.len());
        self.selections.push(Selection { object, fields, columns, failure });
        self.ids.insert(key, id);
        Ok(id)
    }

    /// The source of the value of a field of `table`. `group` contains all selections of the field, and `first` is the first
    /// of them.
    fn source(
        &self,
        table: &Object,
        first: &Field,
        group: &[&'a Node<Field>],
    ) -> Result<Source, Unplannable> {
        Ok(match first.name.as_str() {
            "__typename" => Source::TypeName,
            "__schema" | "__type" if table.name == "Query" => {
                Source::Introspection(Arc::new(Introspection::new(self.document, group)))
            }
            name => {
                let unknown = || Unplannable::Unknown(format!("{}.{name}", table.name));
                let position = table.position(name).ok_or_else(unknown)?;
                let field = table.fields.get(position).ok_or_else(unknown)?;
                match &field.reader.plain {
                    Some((column, _)) if first.arguments.is_empty() => {
                        Source::Plain(position, column)
                    }
                    _ => Source::Table(position),
                }
            }
        })
    }

    fn children(&mut self, ty: &Type, group: &[&'a Node<Field>]) -> Result<Children, Unplannable> {
        let sets: Vec<&SelectionSet> =
            group.iter().filter_map(|field| field.selection_set.as_ref()).collect();
        if sets.is_empty() {
            return Ok(Children::Leaf);
        }
        let name = ty.inner_named_type();
        if self.schema.definitions.get_object(name).is_some() {
            let object = self.object(name)?;
            return Ok(Children::Object(self.select(object, &sets)?));
        }
        let members: Vec<Name> = match self.schema.definitions.get_union(name) {
            Some(union) => union.members.iter().map(|member| member.as_ref().clone()).collect(),
            None => self
                .schema
                .implementers
                .get(name)
                .map(|members| members.objects.iter().cloned().collect())
                .unwrap_or_default(),
        };
        let mut types = HashMap::new();
        for member in members {
            let object = self.object(&member)?;
            types.insert(object, self.select(object, &sets)?);
        }
        Ok(Children::Abstract(types))
    }

    fn arguments(&self, field: &Field) -> PlannedArguments {
        let definitions = &field.definition.arguments;
        if !field.arguments.iter().any(|argument| coerce::has_variables(&argument.value)) {
            let constant = coerce::arguments(
                &self.schema.definitions,
                definitions,
                &field.arguments,
                &Variables::new(),
            );
            if let Ok(arguments) = constant {
                return PlannedArguments::Constant(Arc::new(arguments));
            }
        }
        PlannedArguments::Variable {
            definitions: definitions.clone(),
            given: field.arguments.clone(),
        }
    }

    /// The fields of these selection sets that apply to an object type.
    fn collect(&self, object: &str, sets: &[&'a SelectionSet]) -> Result<FieldGroups<'a>, Error> {
        let (mut spreads, mut groups) = (HashSet::new(), FieldGroups::default());
        let mut includes = |selection: &'a AstSelection| -> Result<bool, Error> {
            let condition = match selection {
                _ if !self.is_included(selection.directives())? => return Ok(false),
                AstSelection::Field(_) => None,
                AstSelection::InlineFragment(fragment) => fragment.type_condition.as_ref(),
                AstSelection::FragmentSpread(spread) if !spreads.insert(&spread.fragment_name) => {
                    return Ok(false);
                }
                AstSelection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    fragment.map(|fragment| fragment.type_condition())
                }
            };
            Ok(condition.is_none_or(|condition| self.applies(condition, object)))
        };
        for set in sets {
            collect_fields(self.document, set, &mut includes, &mut groups)?;
        }
        Ok(groups)
    }

    /// Whether an object type satisfies a type condition.
    fn applies(&self, condition: &Name, object: &str) -> bool {
        condition == object || self.schema.definitions.is_subtype(condition, object)
    }

    /// Whether `@skip` and `@include` include a selection in the response.
    fn is_included(&self, directives: &DirectiveList) -> Result<bool, Error> {
        let condition = |name: &str| match condition(directives, name) {
            Some(Literal::Boolean(value)) => Ok(Some(*value)),
            Some(Literal::Variable(variable)) => match self.conditions.get(variable) {
                Some(Value::Boolean(value)) => Ok(Some(*value)),
                _ => Err(Code::BadUserInput.error(format!(
                    "the variable ${variable} is null, and `@{name}(if:)` requires true or false"
                ))),
            },
            _ => Ok(None),
        };
        Ok(condition("skip")? != Some(true) && condition("include")? != Some(false))
    }
}

/// The argument `if` of the directive with that name.
fn condition<'a>(directives: &'a DirectiveList, name: &str) -> Option<&'a Literal> {
    let argument = directives.get(name)?.specified_argument_by_name("if")?;
    Some(argument.as_ref())
}

/// The variables in `@skip` and `@include` of a document, without duplicates.
pub fn condition_variables(document: &ExecutableDocument) -> Vec<Name> {
    let mut names = Vec::new();
    for (_, selection) in selections(document) {
        for directive in ["skip", "include"] {
            if let Some(Literal::Variable(name)) = condition(selection.directives(), directive)
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
    }
    names
}
