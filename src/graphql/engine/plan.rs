//! The plan of an operation: for each object type that can come, the merged fields in the order of the answer.
//!
//! CollectFields (section 6.3.2 of the specification) is carried out here, once for a document and the values of the
//! variables in `@skip` and `@include`, and not for each object. Selections that are the same for several types share one
//! plan, so that abstract types within abstract types do not multiply.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{
    ExecutableDocument, Field as Selected, Operation, OperationType, Selection as AstSelection,
    SelectionSet,
};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node};
use async_graphql::Value;

use super::coerce::{self, Arguments, Variables};
use super::introspection::Introspection;
use super::schema::{Field, ObjectId, Resolver, Schema, Statements};
use crate::db::rows::Column;
use crate::graphql::error::{Code, Error};

/// How many fields a plan has at most.
const MAX_FIELDS: usize = 100_000;

/// What is executed.
pub struct Plan {
    selections: Vec<Selection>,
    root: SelectionId,
}

/// Which selection of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SelectionId(usize);

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
    /// The plan of an operation, with these values of its variables in `@skip` and `@include`.
    ///
    /// # Errors
    /// When a field is not in the tables, or the plan gets too large.
    pub fn new(
        schema: &Schema,
        document: &Arc<Valid<ExecutableDocument>>,
        operation: &Operation,
        conditions: &Variables,
    ) -> Result<Self, Unplannable> {
        let planner = Planner {
            schema,
            document,
            conditions,
            selections: Vec::new(),
            known: HashMap::new(),
            count: 0,
        };
        planner.plan(operation)
    }

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

/// Why an operation has no plan.
#[derive(Debug)]
pub enum Unplannable {
    /// The tables have no such field.
    Unknown(String),
    /// It gets too large.
    TooLarge,
}

struct Planner<'a> {
    schema: &'a Schema,
    document: &'a Arc<Valid<ExecutableDocument>>,
    conditions: &'a Variables,
    selections: Vec<Selection>,
    /// The plans that were made, by the type and the selection sets that they merge.
    known: HashMap<(ObjectId, Vec<usize>), SelectionId>,
    count: usize,
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

    /// The plan of these selection sets, merged, on an object type.
    fn select(
        &mut self,
        object: ObjectId,
        sets: &[&'a SelectionSet],
    ) -> Result<SelectionId, Unplannable> {
        let addresses = sets.iter().map(|set| std::ptr::from_ref(*set).addr()).collect();
        if let Some(known) = self.known.get(&(object, addresses)) {
            return Ok(*known);
        }
        let table = self.schema.table(object).ok_or(Unplannable::TooLarge)?;
        let mut groups = IndexMap::default();
        let mut visited = HashSet::new();
        let collected: Result<(), Error> = sets
            .iter()
            .try_for_each(|set| self.collect(table.name, set, &mut visited, &mut groups));
        let failure = collected.err();
        if failure.is_some() {
            groups.clear();
        }
        self.count += groups.len();
        if self.count > MAX_FIELDS {
            return Err(Unplannable::TooLarge);
        }
        let mut fields = Vec::with_capacity(groups.len());
        let mut columns: Vec<Column> = Vec::new();
        for (key, group) in groups {
            let Some(first) = group.first() else { continue };
            let (source, needed): (Source, Vec<Column>) = match first.name.as_str() {
                "__typename" => (Source::TypeName, Vec::new()),
                "__schema" | "__type" if table.name == "Query" => (
                    Source::Introspection(Arc::new(Introspection::new(self.document, &group))),
                    Vec::new(),
                ),
                name => {
                    let unknown = || Unplannable::Unknown(format!("{}.{name}", table.name));
                    let position = table.position(name).ok_or_else(unknown)?;
                    let field = table.fields.get(position).ok_or_else(unknown)?;
                    match &field.reader.plain {
                        Some((column, _)) if first.arguments.is_empty() => {
                            (Source::Plain(position, column), vec![*column])
                        }
                        _ => (Source::Table(position), field.reader.columns.clone()),
                    }
                }
            };
            for column in needed {
                if !columns.contains(&column) {
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
        let addresses = sets.iter().map(|set| std::ptr::from_ref(*set).addr()).collect();
        self.known.insert((object, addresses), id);
        Ok(id)
    }

    fn children(
        &mut self,
        ty: &Type,
        group: &[&'a Node<Selected>],
    ) -> Result<Children, Unplannable> {
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

    fn arguments(&self, field: &Selected) -> PlannedArguments {
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

    /// CollectFields.
    fn collect(
        &self,
        object: &str,
        set: &'a SelectionSet,
        visited: &mut HashSet<&'a Name>,
        groups: &mut IndexMap<&'a Name, Vec<&'a Node<Selected>>>,
    ) -> Result<(), Error> {
        for selection in &set.selections {
            if !self.is_included(selection.directives())? {
                continue;
            }
            match selection {
                AstSelection::Field(field) => {
                    groups.entry(field.response_name()).or_default().push(field);
                }
                AstSelection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    if condition.is_none_or(|condition| self.applies(condition, object)) {
                        self.collect(object, &fragment.selection_set, visited, groups)?;
                    }
                }
                AstSelection::FragmentSpread(spread) => {
                    if !visited.insert(&spread.fragment_name) {
                        continue;
                    }
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else {
                        continue;
                    };
                    if self.applies(fragment.type_condition(), object) {
                        self.collect(object, &fragment.selection_set, visited, groups)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether objects of the type fulfil a type condition.
    fn applies(&self, condition: &Name, object: &str) -> bool {
        condition == object || self.schema.definitions.is_subtype(condition, object)
    }

    /// Whether `@skip` and `@include` let a selection stand.
    fn is_included(&self, directives: &DirectiveList) -> Result<bool, Error> {
        let condition = |name: &str| {
            let argument = directives
                .get(name)
                .and_then(|directive| directive.specified_argument_by_name("if"));
            match argument.map(AsRef::as_ref) {
                Some(Literal::Boolean(value)) => Ok(Some(*value)),
                Some(Literal::Variable(variable)) => match self.conditions.get(variable) {
                    Some(Value::Boolean(value)) => Ok(Some(*value)),
                    _ => Err(Code::BadUserInput.error(format!(
                        "the variable ${variable} is null, and `@{name}(if:)` requires true or false"
                    ))),
                },
                _ => Ok(None),
            }
        };
        Ok(condition("skip")? != Some(true) && condition("include")? != Some(false))
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

/// The variables that `@skip` and `@include` of a document depend on.
pub fn condition_variables(document: &ExecutableDocument) -> Vec<Name> {
    let mut names = Vec::new();
    let operations = document.operations.iter().map(|operation| &operation.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.selection_set);
    for set in operations.chain(fragments) {
        collect_conditions(set, &mut names);
    }
    names
}

fn collect_conditions(set: &SelectionSet, names: &mut Vec<Name>) {
    for selection in &set.selections {
        for directive in ["skip", "include"] {
            let argument = selection
                .directives()
                .get(directive)
                .and_then(|directive| directive.specified_argument_by_name("if"));
            if let Some(Literal::Variable(name)) = argument.map(AsRef::as_ref)
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
        match selection {
            AstSelection::Field(field) => {
                if let Some(set) = &field.selection_set {
                    collect_conditions(set, names);
                }
            }
            AstSelection::InlineFragment(fragment) => {
                collect_conditions(&fragment.selection_set, names)
            }
            AstSelection::FragmentSpread(_) => {}
        }
    }
}
