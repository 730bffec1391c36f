//! Rules of GraphQL that apollo-compiler does not check.

use std::collections::HashSet;

use apollo_compiler::Schema;
use apollo_compiler::ast::{self, Definition, Document, Type, Value as Literal};
use apollo_compiler::executable::{ExecutableDocument, OperationType, Selection};
use apollo_compiler::schema::ExtendedType;

use super::document::{all_fields, selections};
use super::input::Input;
use super::tokens::Tokens;
use crate::graphql::error::{Code, Error};
use crate::graphql::scalar;

/// Rejects syntax that apollo-compiler accepts but the specification does not: an empty selection (`{ }`), and a
/// duplicate input field.
///
/// # Errors
/// Fails with a message that names the field whose braces are empty, or the repeated field.
pub fn check_syntax(document: &Document) -> Result<(), Error> {
    document.definitions.iter().try_for_each(|definition| match definition {
        Definition::OperationDefinition(operation) => {
            let mut defaults =
                operation.variables.iter().filter_map(|variable| variable.default_value.as_ref());
            defaults.try_for_each(|value| check_unique_fields(value))?;
            check_selected_fields(&operation.selection_set)
        }
        Definition::FragmentDefinition(fragment) => check_selected_fields(&fragment.selection_set),
        _ => Ok(()),
    })
}

/// Rejects an argument or input field without a colon, such as `every YEAR`. apollo-compiler does not report this error.
/// `text` is a document that apollo-compiler has parsed.
///
/// # Errors
/// Fails with a message that contains the name without a colon.
pub fn check_colons(text: &str) -> Result<(), Error> {
    // Names in a selection need no colon. A brace opens an input object if it is inside `(`, `[` or another input object.
    let mut brackets = Vec::new();
    let mut previous = "";
    let mut tokens = Tokens::new(text).map(|(_, token)| token).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "(" => brackets.push(Bracket::Parenthesis),
            "[" => brackets.push(Bracket::List),
            "{" => {
                let is_object =
                    brackets.last().is_some_and(|outer| !matches!(outer, Bracket::Selection));
                brackets.push(if is_object { Bracket::Object } else { Bracket::Selection });
            }
            ")" | "]" | "}" => {
                brackets.pop();
            }
            name if name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()) => {
                let names_value =
                    matches!(brackets.last(), Some(Bracket::Parenthesis | Bracket::Object))
                        && !matches!(previous, ":" | "$" | "=" | "@");
                if names_value && tokens.peek() != Some(&":") {
                    let message =
                        format!("`{name}` has no value: write a colon and a value after the name");
                    return Err(Code::ParseFailed.error(message));
                }
            }
            _ => {}
        }
        previous = token;
    }
    Ok(())
}

/// An open bracket, in [`check_colons`].
enum Bracket {
    /// A parenthesis of arguments or variable definitions.
    Parenthesis,
    /// The bracket of a list.
    List,
    /// The brace of a selection.
    Selection,
    /// The brace of an input object.
    Object,
}

fn check_selected_fields(set: &[ast::Selection]) -> Result<(), Error> {
    set.iter().try_for_each(|selection| match selection {
        ast::Selection::Field(field) => {
            field.arguments.iter().try_for_each(|argument| check_unique_fields(&argument.value))?;
            match &field.selection_set {
                Some(set) if set.is_empty() => Err(Code::ParseFailed.error(format!(
                    "the braces after `{}` are empty: select at least one field there",
                    field.name
                ))),
                Some(set) => check_selected_fields(set),
                None => Ok(()),
            }
        }
        ast::Selection::InlineFragment(fragment) => check_selected_fields(&fragment.selection_set),
        ast::Selection::FragmentSpread(_) => Ok(()),
    })
}

fn check_unique_fields(value: &Literal) -> Result<(), Error> {
    match value {
        Literal::List(items) => items.iter().try_for_each(|item| check_unique_fields(item)),
        Literal::Object(fields) => {
            let mut names = HashSet::new();
            fields.iter().try_for_each(|(name, value)| {
                if !names.insert(name) {
                    let message = format!("the field `{name}` is given twice in one object");
                    return Err(Code::ValidationFailed.error(message));
                }
                check_unique_fields(value)
            })
        }
        _ => Ok(()),
    }
}

/// Rejects a subscription that selects more than one field at its root, or only `__typename`. apollo-compiler counts fields
/// with the same name several times; the specification merges them (section 5.2.4.1).
///
/// # Errors
/// Fails with a message that states the number of selected fields, or that only `__typename` is selected.
pub fn check_subscriptions(document: &ExecutableDocument) -> Result<(), Error> {
    let subscriptions = document
        .operations
        .iter()
        .filter(|operation| operation.operation_type == OperationType::Subscription);
    for operation in subscriptions {
        let fields = all_fields(document, &[&operation.selection_set]);
        if fields.len() != 1 {
            return Err(Code::ValidationFailed.error(format!(
                "a subscription must select exactly one field, but this one selects {}",
                fields.len()
            )));
        }
        if fields.values().flatten().any(|field| field.name == "__typename") {
            return Err(Code::ValidationFailed
                .error("a subscription must select one field other than `__typename`"));
        }
    }
    Ok(())
}

/// Rejects a document with a literal that is not valid for its custom scalar, such as `Date`. apollo-compiler does
/// not check custom scalars.
///
/// # Errors
/// Fails with a message that contains the value and the valid form.
pub fn check_scalars(schema: &Schema, document: &ExecutableDocument) -> Result<(), Error> {
    for variable in document.operations.iter().flat_map(|operation| &operation.variables) {
        if let Some(default) = &variable.default_value {
            check_literal(schema, &variable.ty, default)?;
        }
    }
    for (_, selection) in selections(document) {
        let Selection::Field(field) = selection else { continue };
        for argument in &field.arguments {
            if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                check_literal(schema, &definition.ty, &argument.value)?;
            }
        }
    }
    Ok(())
}

fn check_literal(schema: &Schema, ty: &Type, value: &Literal) -> Result<(), Error> {
    if matches!(value, Literal::Variable(_) | Literal::Null) {
        return Ok(());
    }
    let name = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            return match value {
                Literal::List(items) => {
                    items.iter().try_for_each(|item| check_literal(schema, inner, item))
                }
                item => check_literal(schema, inner, item),
            };
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    match (schema.types.get(name), value) {
        (Some(ExtendedType::InputObject(object)), Literal::Object(fields)) => {
            fields.iter().try_for_each(|(name, value)| match object.fields.get(name) {
                Some(field) => check_literal(schema, &field.ty, value),
                None => Ok(()),
            })
        }
        (Some(ExtendedType::Scalar(scalar)), value) if !scalar.is_built_in() => {
            let value = Input::Literal(value, None).custom_scalar().unwrap_or_default();
            scalar::check(name, &value).map_err(|message| Code::BadUserInput.error(message))
        }
        _ => Ok(()),
    }
}
