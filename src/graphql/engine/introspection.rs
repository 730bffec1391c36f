//! Introspection, executed by apollo-compiler.

use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::executable::{
    ExecutableDocument, Field, Operation, OperationMap, OperationType, Selection, SelectionSet,
};
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, name};

use super::coerce::Variables;
use super::schema::Schema;
use crate::graphql::error::{Code, Error};

/// A field `__schema` or `__type`.
pub struct Introspection {
    document: Valid<ExecutableDocument>,
    operation: Node<Operation>,
}

impl Introspection {
    /// Merges the selections in `group` into one field.
    pub(super) fn new(document: &Arc<Valid<ExecutableDocument>>, group: &[&Node<Field>]) -> Self {
        let selections = group.iter().map(|field| Selection::Field((*field).clone()));
        let operation = Operation {
            description: None,
            operation_type: OperationType::Query,
            name: None,
            variables: Vec::new(),
            directives: apollo_compiler::ast::DirectiveList::default(),
            selection_set: SelectionSet { ty: name!("Query"), selections: selections.collect() },
        };
        let operation = Node::new(operation);
        let document = ExecutableDocument {
            sources: document.sources.clone(),
            operations: OperationMap {
                anonymous: Some(operation.clone()),
                ..OperationMap::default()
            },
            fragments: document.fragments.clone(),
        };
        // The parts come from a validated document.
        Self { document: Valid::assume_valid(document), operation }
    }

    /// The value as JSON.
    ///
    /// # Errors
    /// Fails if a variable in `@skip` or `@include` is null. A validated document has no other errors.
    pub fn execute(
        &self,
        schema: &Schema,
        key: &Name,
        variables: &Variables,
    ) -> Result<Vec<u8>, Error> {
        let mut values = JsonMap::new();
        for (name, value) in variables {
            let json = value.clone().into_json().map_err(Error::internal)?;
            values.insert(name.as_str(), JsonValue::from(json));
        }
        let response = partial_execute(
            &schema.definitions,
            &schema.implementers,
            &self.document,
            &self.operation,
            &Valid::assume_valid(values),
        )
        .map_err(|failure| Error::internal(failure.message()))?;
        if let Some(error) = response.errors.first() {
            return Err(Code::BadUserInput.error(error.message.as_str()));
        }
        let value = response.data.as_ref().and_then(|data| data.get(key.as_str()));
        serde_json::to_vec(&value).map_err(Error::internal)
    }
}
