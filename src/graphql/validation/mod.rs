//! Checks a document against the schema, by every rule of the specification.
//!
//! The library has checks of its own, and leaves gaps: it passes over `__typename` altogether, so that a variable in a
//! directive there counts as unused; it does not look into the selections of fields that are merged, nor at variables
//! inside input objects; and it makes them anew each time a document is sent. These are made once for a document, and held
//! against the reference implementation's verdicts by a table of examples.

mod overlap;
#[cfg(test)]
mod tests;
mod value;

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, DirectiveLocation, ExecutableDocument, Field, InputValueDefinition,
    OperationDefinition, OperationType, Selection, SelectionSet, Type, VariableDefinition,
};
use async_graphql::{Name, Pos, Positioned, ServerError};
use async_graphql_value::Value as Literal;

use super::types::{Kind, Types, named};
use crate::domain::hint::did_you_mean;
use crate::domain::text::quote;

pub(super) use value::check_variables;

/// How many faults are named at most.
const MOST_FAULTS: usize = 10;

/// The type at the root of such operations.
pub(super) fn root(operation: OperationType) -> Name {
    Name::new(match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    })
}

/// The faults of a document, in the order of its text. Takes time and stack as the document has selections with its
/// fragments spread out, so `bounds` comes first.
pub(super) fn check(types: &Types, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut check = Check { types, document, faults: Vec::new() };
    check.document();
    if check.faults.is_empty() {
        // It takes for granted that every field is there.
        overlap::check(&mut check);
    }
    let mut faults = check.faults;
    faults.sort_by_key(|fault| {
        fault.locations.first().map_or((0, 0), |place| (place.line, place.column))
    });
    faults.truncate(MOST_FAULTS);
    faults
}

struct Check<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    faults: Vec<ServerError>,
}

/// What an operation or a fragment uses.
#[derive(Default)]
struct Uses<'a> {
    fragments: HashSet<&'a Name>,
    variables: Vec<Use<'a>>,
}

/// A variable, where it stands.
struct Use<'a> {
    name: &'a Name,
    /// The argument that it is in.
    argument: &'a Name,
    pos: Pos,
    /// What is expected there; none where nothing is known about it.
    expected: Option<&'a Type>,
    /// Whether something stands there where nothing is given.
    has_default: bool,
}

impl<'a> Check<'a> {
    fn fault(&mut self, pos: Pos, message: String) {
        self.faults.push(ServerError::new(message, Some(pos)));
    }

    fn document(&mut self) {
        let document = self.document;
        let mut fragments: HashMap<&Name, Uses<'a>> = HashMap::new();
        for (name, fragment) in &document.fragments {
            let on = &fragment.node.type_condition.node.on;
            let mut uses = Uses::default();
            if name == "on" {
                self.fault(fragment.pos, "a fragment cannot be named “on”".to_owned());
            }
            let place = DirectiveLocation::FragmentDefinition;
            self.directives(&fragment.node.directives, place, &mut uses);
            if self.condition(on) {
                self.selections(&fragment.node.selection_set, &on.node, &mut uses);
            }
            fragments.insert(name, uses);
        }
        let mut spread = HashSet::new();
        for (_, operation) in document.operations.iter() {
            let operation = &operation.node;
            let place = match operation.ty {
                OperationType::Query => DirectiveLocation::Query,
                OperationType::Mutation => DirectiveLocation::Mutation,
                OperationType::Subscription => DirectiveLocation::Subscription,
            };
            let mut uses = Uses::default();
            self.directives(&operation.directives, place, &mut uses);
            let root = root(operation.ty);
            if self.types.is_composite(&root) {
                self.selections(&operation.selection_set, &root, &mut uses);
            } else {
                let kind = operation.ty;
                let message = format!("there are no operations of the kind {kind} here");
                self.fault(operation.selection_set.pos, message);
            }
            self.operation(operation, &uses, &fragments, &mut spread);
        }
        for (name, fragment) in &document.fragments {
            if !spread.contains(name) {
                self.fault(fragment.pos, format!("the fragment {} is never used", quote(name)));
            }
        }
    }

    /// Checks the variables of an operation against their uses, also those in fragments.
    fn operation(
        &mut self,
        operation: &'a OperationDefinition,
        uses: &Uses<'a>,
        fragments: &HashMap<&'a Name, Uses<'a>>,
        spread: &mut HashSet<&'a Name>,
    ) {
        let mut defined: HashMap<&Name, &'a VariableDefinition> = HashMap::new();
        for variable in &operation.variable_definitions {
            self.variable(variable);
            let name = &variable.node.name.node;
            if defined.insert(name, &variable.node).is_some() {
                self.fault(variable.pos, format!("the variable ${name} is defined twice"));
            }
        }
        let mut reached = HashSet::new();
        let mut waiting: Vec<&Uses<'a>> = vec![uses];
        let mut used = HashSet::new();
        while let Some(uses) = waiting.pop() {
            for found in &uses.variables {
                used.insert(found.name);
                if let Some(variable) = defined.get(found.name) {
                    self.position(found, variable);
                } else {
                    let message = format!("the variable ${} is not defined", found.name);
                    self.fault(found.pos, message);
                }
            }
            for name in &uses.fragments {
                if reached.insert(*name) {
                    waiting.extend(fragments.get(name));
                }
            }
        }
        for variable in &operation.variable_definitions {
            let name = &variable.node.name.node;
            if !used.contains(name) {
                self.fault(variable.pos, format!("the variable ${name} is never used"));
            }
        }
        spread.extend(reached);
    }

    fn variable(&mut self, variable: &'a Positioned<VariableDefinition>) {
        let VariableDefinition { name, var_type, directives, default_value } = &variable.node;
        let ty = named(&var_type.node);
        if self.types.kind(ty).is_none() {
            let hint = self.hint(ty, self.types.names());
            self.fault(var_type.pos, format!("there is no type {}{hint}", quote(ty)));
        } else if !self.types.is_input(ty) {
            let name = &name.node;
            let message = format!(
                "the variable ${name} cannot be of the type {ty}, which is given and not taken"
            );
            self.fault(var_type.pos, message);
        } else if let Some(default) = default_value
            && let Err(message) = value::check_constant(
                self.types,
                &default.node.clone().into_value(),
                &var_type.node,
            )
        {
            self.fault(default.pos, message);
        }
        let mut uses = Uses::default();
        self.directives(directives, DirectiveLocation::VariableDefinition, &mut uses);
        if let Some(found) = uses.variables.first() {
            let message = format!("the variable ${} cannot be used here", found.name);
            self.fault(found.pos, message);
        }
    }

    /// Whether a variable of that type may stand there.
    fn position(&mut self, found: &Use<'a>, variable: &VariableDefinition) {
        let Some(expected) = found.expected else { return };
        let given = &variable.var_type.node;
        let has_value = variable
            .default_value
            .as_ref()
            .is_some_and(|default| default.node != async_graphql::Value::Null);
        let fits = if !expected.nullable && given.nullable {
            // A default stands in for what is left out.
            (has_value || found.has_default) && value::is_within(&given.base, &expected.base)
        } else {
            value::fits(given, expected)
        };
        if !fits {
            let (name, argument) = (found.name, found.argument);
            let message = format!(
                "`{argument}`: the variable ${name} is of the type {given}, and {expected} is expected"
            );
            self.fault(found.pos, message);
        }
    }

    /// Whether selections can be made on the type.
    fn condition(&mut self, on: &Positioned<Name>) -> bool {
        let is_composite = self.types.is_composite(&on.node);
        if self.types.kind(&on.node).is_none() {
            let hint = self.hint(&on.node, self.types.names());
            self.fault(on.pos, format!("there is no type {}{hint}", quote(&on.node)));
        } else if !is_composite {
            let message = format!("a fragment cannot be on {}, which has no fields", on.node);
            self.fault(on.pos, message);
        }
        is_composite
    }

    fn selections(
        &mut self,
        set: &'a Positioned<SelectionSet>,
        parent: &Name,
        uses: &mut Uses<'a>,
    ) {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    self.directives(&field.node.directives, DirectiveLocation::Field, uses);
                    self.field(field, parent, uses);
                }
                Selection::InlineFragment(fragment) => {
                    let place = DirectiveLocation::InlineFragment;
                    self.directives(&fragment.node.directives, place, uses);
                    let inner = &fragment.node.selection_set;
                    match &fragment.node.type_condition {
                        None => self.selections(inner, parent, uses),
                        Some(condition) if self.condition(&condition.node.on) => {
                            let on = &condition.node.on.node;
                            self.spread(selection.pos, parent, on);
                            self.selections(inner, on, uses);
                        }
                        Some(_) => {}
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let place = DirectiveLocation::FragmentSpread;
                    self.directives(&spread.node.directives, place, uses);
                    let name = &spread.node.fragment_name.node;
                    uses.fragments.insert(name);
                    if let Some(fragment) = self.document.fragments.get(name) {
                        let on = &fragment.node.type_condition.node.on.node;
                        if self.types.is_composite(on) {
                            self.spread(selection.pos, parent, on);
                        }
                    } else {
                        let names = self.document.fragments.keys().map(Name::as_str);
                        let hint = self.hint(name, names);
                        let message = format!("there is no fragment {}{hint}", quote(name));
                        self.fault(selection.pos, message);
                    }
                }
            }
        }
    }

    fn spread(&mut self, pos: Pos, parent: &Name, on: &Name) {
        if !self.types.overlap(parent, on) {
            let message = format!("a fragment on {on} cannot stand here: no {parent} is one");
            self.fault(pos, message);
        }
    }

    fn field(&mut self, field: &'a Positioned<Field>, parent: &Name, uses: &mut Uses<'a>) {
        let (name, set) = (&field.node.name.node, &field.node.selection_set);
        let Some(definition) = self.types.field(parent, name) else {
            let fields = self.types.fields(parent).into_iter().flatten();
            let hint = self.hint(name, fields.map(|(name, _)| name.as_str()));
            let message = format!("{parent} has no field {}{hint}", quote(name));
            return self.fault(field.pos, message);
        };
        let owner = format!("the field `{name}`");
        self.arguments(&owner, field.pos, &field.node.arguments, &definition.arguments, uses);
        let ty = &definition.ty.node;
        match (self.types.is_composite(named(ty)), set.node.items.is_empty()) {
            (true, true) => {
                let message = format!(
                    "the field `{name}` is of the type {ty}: select fields of it, like {name} {{ … }}"
                );
                self.fault(field.pos, message);
            }
            (false, false) => {
                let message = format!(
                    "the field `{name}` is of the type {ty}, which has no fields to select"
                );
                self.fault(set.pos, message);
            }
            (true, false) => self.selections(set, named(ty), uses),
            (false, true) => {}
        }
    }

    fn directives(
        &mut self,
        directives: &'a [Positioned<Directive>],
        place: DirectiveLocation,
        uses: &mut Uses<'a>,
    ) {
        let mut seen = HashSet::new();
        for directive in directives {
            let (name, pos) = (&directive.node.name.node, directive.pos);
            let Some(definition) = self.types.directive(name) else {
                self.fault(pos, format!("there is no directive @{name}"));
                continue;
            };
            if !definition.locations.iter().any(|location| location.node == place) {
                self.fault(pos, format!("the directive @{name} cannot stand here"));
            }
            // None of ours may be repeated, and the parser takes all of them to be repeatable.
            if !seen.insert(name) {
                self.fault(pos, format!("the directive @{name} stands here twice"));
            }
            let owner = format!("the directive @{name}");
            let arguments = &directive.node.arguments;
            self.arguments(&owner, pos, arguments, &definition.arguments, uses);
        }
    }

    fn arguments(
        &mut self,
        owner: &str,
        pos: Pos,
        given: &'a [(Positioned<Name>, Positioned<Literal>)],
        expected: &'a [Positioned<InputValueDefinition>],
        uses: &mut Uses<'a>,
    ) {
        let mut seen = HashSet::new();
        for (name, value) in given {
            if !seen.insert(&name.node) {
                self.fault(
                    name.pos,
                    format!("{owner} is given the argument `{}` twice", name.node),
                );
            }
            let mut definitions = expected.iter().map(|definition| &definition.node);
            let Some(definition) = definitions.find(|one| one.name.node == name.node) else {
                let names = expected.iter().map(|definition| definition.node.name.node.as_str());
                let hint = self.hint(&name.node, names);
                self.fault(
                    name.pos,
                    format!("{owner} has no argument {}{hint}", quote(&name.node)),
                );
                continue;
            };
            let mut found = Vec::new();
            let place = value::Place::of(definition);
            if let Err(message) = value::check(self.types, &value.node, place, &mut found) {
                self.fault(value.pos, format!("`{}`: {message}", name.node));
            }
            uses.variables.extend(found.into_iter().map(|(found, place)| Use {
                name: found,
                argument: &name.node,
                pos: value.pos,
                expected: place.expected,
                has_default: place.has_default,
            }));
        }
        for definition in expected.iter().map(|definition| &definition.node) {
            let name = &definition.name.node;
            let required = !definition.ty.node.nullable && definition.default_value.is_none();
            if required && !seen.contains(name) {
                let ty = &definition.ty.node;
                self.fault(pos, format!("{owner} needs the argument `{name}`, of the type {ty}"));
            }
        }
    }

    /// Guesses what was meant.
    fn hint<'n>(&self, written: &Name, names: impl Iterator<Item = &'n str>) -> String {
        // A long document can have many faults, and only the first are shown.
        if self.faults.len() >= MOST_FAULTS {
            return String::new();
        }
        did_you_mean(written, names)
    }

    /// Whether a type is of objects alone.
    fn is_object(&self, name: &Name) -> bool {
        matches!(self.types.kind(name), Some(Kind::Object(_)))
    }
}
