//! Preparing a document: limits, parsing and validation. The executor caches prepared documents by their texts.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use apollo_compiler::ast::Document;
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::executable::{ExecutableDocument, Operation, Selection};
use apollo_compiler::parser::{Parser, SourceMap, SourceSpan};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Name, Node};
use async_graphql::Value;

use super::cache::document_digest;
use super::coerce::Variables;
use super::cost::Sizes;
use super::document::selections;
use super::limits::{check_document, check_text};
use super::plan::Plan;
use super::planner::{Unplannable, condition_variables, plan};
use super::response::{FieldError, Response};
use super::rules::{check_colons, check_scalars, check_subscriptions, check_syntax};
use super::schema::Schema;
use super::tokens::without_misread_commas;
use crate::domain::text::quote;
use crate::graphql::error::{Code, Error};
use crate::limits::Limits;

/// The maximum number of reported errors of a document.
const MAX_ERRORS: usize = 10;
/// The maximum number of cached plans of a document. Each combination of the values in `@skip` and `@include` has its own
/// plan.
const MAX_PLANS: usize = 16;
/// The recursion limit of the parser. It matters for constructs that nest without brackets: the depth of brackets is
/// limited before parsing.
const MAX_PARSE_DEPTH: usize = 300;

/// A valid document and its operation.
pub struct Prepared {
    pub document: Arc<Valid<ExecutableDocument>>,
    /// The operation to execute.
    pub operation: Node<Operation>,
    /// The sizes for the estimate.
    pub sizes: Sizes,
    /// The digest of the text and the operation name.
    pub digest: [u8; 32],
    /// Whether the response depends only on the change log, the variables and the day.
    pub is_logged: bool,
    /// The variables in `@skip` and `@include`.
    conditions: Vec<Name>,
    plans: RwLock<HashMap<Vec<Option<bool>>, Arc<Plan>>>,
}

impl Prepared {
    /// Checks a document, and selects the operation with the given name. Default: the only operation.
    ///
    /// # Errors
    /// Returns the response with the errors in the document.
    pub fn new(
        schema: &Schema,
        limits: &Limits,
        text: &str,
        operation_name: Option<&str>,
    ) -> Result<Self, Box<Response>> {
        let document = Arc::new(check(schema, limits, text)?);
        let operation = select_operation(&document, operation_name).map_err(refused)?;
        Ok(Self::select(schema, document, text, operation, operation_name))
    }

    /// Checks a document, and prepares each of its operations.
    ///
    /// # Errors
    /// Returns the response with the errors in the document. A document without an operation is an error, too.
    pub fn all(schema: &Schema, limits: &Limits, text: &str) -> Result<Vec<Self>, Box<Response>> {
        let document = Arc::new(check(schema, limits, text)?);
        if document.operations.is_empty() {
            select_operation(&document, None).map_err(refused)?;
        }
        let operations = document.operations.iter().map(|operation| {
            let name = operation.name.as_ref().map(Name::as_str);
            Self::select(schema, document.clone(), text, operation.clone(), name)
        });
        Ok(operations.collect())
    }

    fn select(
        schema: &Schema,
        document: Arc<Valid<ExecutableDocument>>,
        text: &str,
        operation: Node<Operation>,
        operation_name: Option<&str>,
    ) -> Self {
        Self {
            digest: document_digest(text, operation_name),
            is_logged: !operation.is_mutation() && is_logged(schema, &document),
            sizes: Sizes::new(&document, &operation, schema.definitions.types.len()),
            conditions: condition_variables(&document),
            document,
            operation,
            plans: RwLock::default(),
        }
    }

    /// Whether the response may be cached.
    pub fn is_cacheable(&self) -> bool {
        self.is_logged && self.operation.is_query()
    }

    /// The plan for these values of the variables.
    ///
    /// # Errors
    /// Fails if the plan is too large.
    pub fn plan(&self, schema: &Schema, variables: &Variables) -> Result<Arc<Plan>, Error> {
        let condition = |name| match variables.get(name) {
            Some(Value::Boolean(value)) => Some(*value),
            _ => None,
        };
        let key: Vec<Option<bool>> = self.conditions.iter().map(condition).collect();
        let plans = self.plans.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = plans.get(&key) {
            return Ok(plan.clone());
        }
        drop(plans);
        let plan = plan(schema, &self.document, &self.operation, variables).map_err(|reason| {
            match reason {
                Unplannable::Unknown(field) => {
                    Error::internal(format!("the tables have no {field}"))
                }
                Unplannable::TooLarge => Error::fixed_limit(
                    "the document selects too many fields on too many types: send several requests",
                ),
            }
        })?;
        let plan = Arc::new(plan);
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        if plans.len() < MAX_PLANS {
            plans.insert(key, plan.clone());
        }
        Ok(plan)
    }
}

/// Parses and validates a document. The order matters: each step bounds the recursion of the next.
fn check(
    schema: &Schema,
    limits: &Limits,
    text: &str,
) -> Result<Valid<ExecutableDocument>, Box<Response>> {
    check_text(text, limits).map_err(refused)?;
    let document = Parser::new()
        .recursion_limit(MAX_PARSE_DEPTH)
        .token_limit(usize::MAX)
        .parse_ast(without_misread_commas(text), "document")
        .map_err(|failure| errors(&failure.errors, Code::ParseFailed))?;
    check_colons(text).map_err(refused)?;
    check_syntax(&document).map_err(refused)?;
    check_document(&document, limits).map_err(refused)?;
    let document = validate(schema, &document)?;
    check_subscriptions(&document).map_err(refused)?;
    check_scalars(&schema.definitions, &document).map_err(refused)?;
    Ok(document)
}

fn validate(
    schema: &Schema,
    document: &Document,
) -> Result<Valid<ExecutableDocument>, Box<Response>> {
    let failure = match document.to_executable_validate(&schema.definitions) {
        Ok(document) => return Ok(document),
        Err(failure) => failure,
    };
    // apollo-compiler counts the root fields of a subscription without merging them. So its error “can only have one root
    // field” is ignored here, and `check_subscriptions` checks that rule.
    let is_valid_otherwise = failure
        .errors
        .iter()
        .all(|diagnostic| diagnostic.error.to_string().contains("can only have one root field"));
    if is_valid_otherwise {
        return Ok(Valid::assume_valid(failure.partial));
    }
    Err(errors(&failure.errors, Code::ValidationFailed))
}

fn refused(error: Error) -> Box<Response> {
    Box::new(Response::refused(error))
}

/// apollo-compiler's errors as a response, in document order.
fn errors(diagnostics: &DiagnosticList, code: Code) -> Box<Response> {
    let mut errors: Vec<FieldError> = diagnostics
        .iter()
        .map(|diagnostic| {
            let json = diagnostic.to_json();
            let message = match source(diagnostic.error.location(), diagnostic.sources) {
                // Some apollo-compiler messages do not name their subject.
                Some(text) if !json.message.contains(&text) => {
                    format!("{}: {}", json.message, quote(&text))
                }
                _ => json.message,
            };
            let locations = json.locations.iter().map(|place| (place.line, place.column));
            FieldError {
                error: code.error(message),
                path: Vec::new(),
                locations: locations.collect(),
            }
        })
        .collect();
    errors.sort_by_key(|error| error.locations.first().copied().unwrap_or_default());
    errors.truncate(MAX_ERRORS);
    Box::new(Response::invalid(errors))
}

/// The first word at a location in the document.
fn source(location: Option<SourceSpan>, sources: &SourceMap) -> Option<String> {
    let location = location?;
    let text = sources.get(&location.file_id())?.source_text();
    let text = text.get(location.offset()..location.end_offset())?;
    let word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let text = text.trim_start_matches(|letter| !word(letter));
    let word: String = text.chars().take_while(|letter| word(*letter)).collect();
    Some(word).filter(|word| !word.is_empty())
}

/// Whether all fields of the document depend only on data that the change log records.
fn is_logged(schema: &Schema, document: &ExecutableDocument) -> bool {
    selections(document).into_iter().all(|(ty, selection)| match selection {
        Selection::Field(field) => {
            let table = schema.object(ty).and_then(|object| schema.table(object));
            !table.is_some_and(|table| table.is_unlogged(&field.name))
        }
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => true,
    })
}

/// The operation with that name, or the only one.
fn select_operation(
    document: &ExecutableDocument,
    name: Option<&str>,
) -> Result<Node<Operation>, Error> {
    document.operations.get(name).cloned().map_err(|_| {
        let message = match name {
            Some(name) => format!("the document has no operation with the name {}", quote(name)),
            None if document.operations.is_empty() => "the document has no operation".to_owned(),
            None => "the document has several operations: name one of them as `operationName`"
                .to_owned(),
        };
        Code::ValidationFailed.error(message)
    })
}
