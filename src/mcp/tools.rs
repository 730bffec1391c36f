//! The tools, with their documents prepared.

mod clause_status;
mod compare_days;
mod deadlocks;
mod get_record;
mod overdue_clauses;
mod record_status;
mod search;

use std::sync::Arc;

use rmcp::handler::server::tool::schema_for_input;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Map, Value as Json};

use super::tool::{Arguments, Call, Definition, ToolAccess};
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::graphql::{Executor, PreparedDocument};

/// The tools, with their documents prepared.
pub struct Tools(Vec<PreparedTool>);

/// A tool with its prepared document.
pub(super) struct PreparedTool {
    pub(super) definition: Definition,
    pub(super) document: PreparedDocument,
    input_schema: Arc<JsonObject>,
    read: fn(JsonObject) -> Result<Box<dyn Call>, serde_json::Error>,
}

impl Tools {
    /// Prepares the documents of all tools.
    ///
    /// # Errors
    /// The tool whose document or schema is invalid.
    pub fn new(executor: &Executor) -> Result<Self, String> {
        Ok(Self(vec![
            prepare::<search::Search>(executor)?,
            prepare::<get_record::GetRecord>(executor)?,
            prepare::<clause_status::ClauseStatus>(executor)?,
            prepare::<compare_days::CompareDays>(executor)?,
            prepare::<deadlocks::Deadlocks>(executor)?,
            prepare::<overdue_clauses::OverdueClauses>(executor)?,
            prepare::<record_status::RecordStatus>(executor)?,
        ]))
    }

    /// The tools that require at most this right.
    pub(super) fn with_access(&self, access: ToolAccess) -> impl Iterator<Item = &PreparedTool> {
        self.0.iter().filter(move |tool| {
            tool.definition.access == ToolAccess::Read || access == ToolAccess::Edit
        })
    }

    /// The tool with this name.
    ///
    /// # Errors
    /// A message with the names of the tools.
    pub(super) fn find(&self, name: &str) -> Result<&PreparedTool, String> {
        let tool = self.0.iter().find(|tool| tool.definition.name == name);
        tool.ok_or_else(|| {
            let names: Vec<&str> = self.0.iter().map(|tool| tool.definition.name).collect();
            let suggestion = did_you_mean(name, names.iter().copied());
            let names = names.join(", ");
            format!("there is no tool {}{suggestion}; valid values: {names}", quote(name))
        })
    }
}

impl PreparedTool {
    /// The tool as clients see it.
    pub(super) fn describe(&self) -> Tool {
        let Definition { name, title, description, access, .. } = self.definition;
        let is_read_only = access == ToolAccess::Read;
        // Recording adds an assessment, and never changes or removes one.
        let annotations = ToolAnnotations::with_title(title)
            .read_only(is_read_only)
            .destructive(false)
            .idempotent(is_read_only)
            .open_world(false);
        Tool::new(name, description, self.input_schema.clone())
            .with_title(title)
            .with_annotations(annotations)
    }

    /// A call with these arguments.
    ///
    /// # Errors
    /// A message that names the unknown or invalid argument.
    pub(super) fn call(&self, arguments: JsonObject) -> Result<Box<dyn Call>, String> {
        let name = self.definition.name;
        let properties = self.input_schema.get("properties").and_then(Json::as_object);
        let valid: Vec<&str> =
            properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
        if let Some(unknown) = arguments.keys().find(|key| !valid.contains(&key.as_str())) {
            let suggestion = did_you_mean(unknown, valid.iter().copied());
            return Err(format!(
                "the tool {name} has no argument {}{suggestion}; valid arguments: {}",
                quote(unknown),
                valid.join(", ")
            ));
        }
        (self.read)(arguments)
            .map_err(|failure| format!("the arguments of the tool {name} are invalid: {failure}"))
    }
}

fn prepare<T: Arguments>(executor: &Executor) -> Result<PreparedTool, String> {
    let definition = T::DEFINITION;
    let describe_error = |message| format!("the tool {}: {message}", definition.name);
    let mut input_schema =
        JsonObject::clone(schema_for_input::<T>().map_err(describe_error)?.as_ref());
    input_schema.insert("additionalProperties".to_owned(), false.into());
    Ok(PreparedTool {
        document: executor.prepare_document(definition.document).map_err(describe_error)?,
        input_schema: Arc::new(input_schema),
        read: |arguments| {
            let call: T = serde_json::from_value(Json::Object(arguments))?;
            Ok(Box::new(call))
        },
        definition,
    })
}
