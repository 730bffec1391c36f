//! Definition and arguments of a tool.

use rmcp::schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::node::Node;

/// The right that a tool requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolAccess {
    /// Reading.
    Read,
    /// Writing, which requires the token of an editor.
    Edit,
}

/// The description of a tool.
pub struct Definition {
    /// The name by which clients call the tool.
    pub name: &'static str,
    /// The title for people.
    pub title: &'static str,
    /// What the tool does, for the program that chooses it.
    pub description: &'static str,
    /// The GraphQL document that the tool runs.
    pub document: &'static str,
    /// The right that the tool requires.
    pub access: ToolAccess,
}

/// The arguments of a tool.
pub trait Arguments: Call + DeserializeOwned + JsonSchema + 'static {
    /// The tool.
    const DEFINITION: Definition;
}

/// The circumstances of a call.
pub struct CallContext {
    /// The current day in UTC, as `YYYY-MM-DD`.
    pub today: String,
    /// Whether new statuses need a review.
    pub is_reviewed: bool,
}

/// A call of a tool.
pub trait Call: Send + Sync {
    /// The variables of the document.
    ///
    /// # Errors
    /// A message, if an argument that the API does not check is invalid.
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String>;

    /// The part of the data that the answer contains.
    ///
    /// # Errors
    /// The reasons why there is no answer, such as a missing record.
    fn content(&self, data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        Ok(data)
    }

    /// The text of the answer. In `content`, the records have addresses, and the field `view` contains the variables of
    /// the view.
    fn text(&self, content: Node<'_>) -> String;
}

/// An error of a tool call that the caller can correct.
#[derive(Serialize)]
pub struct Failure {
    /// A value of `extensions.code` or of `UserErrorCode` in the API.
    pub code: String,
    /// A message that names the invalid value.
    pub message: String,
}

impl Failure {
    /// The failure of a call that names a missing record.
    pub fn not_found(message: String) -> Vec<Self> {
        vec![Self { code: "NOT_FOUND".to_owned(), message }]
    }
}

/// The view of statuses.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Day of the status, as YYYY-MM-DD. Uses only assessments effective on or before this day. Default: today (UTC).
    #[schemars(extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Time, such as 2022-02-24T00:00:00Z. Uses only what had been recorded by this time. Default: now.
    #[schemars(extend("format" = "date-time"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// Slug or id of the party whose view to use, such as `ukraine`. Default: the neutral record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
}

impl View {
    /// The variables `asOf`, `knownAt` and `heldBy`. The day is always set, so that the answer can name it.
    pub fn variables(&self, context: &CallContext) -> Map<String, Json> {
        let day = self.as_of.as_ref().unwrap_or(&context.today);
        let mut variables = Map::from_iter([("asOf".to_owned(), day.as_str().into())]);
        let others = [("knownAt", &self.known_at), ("heldBy", &self.held_by)];
        variables.extend(
            others
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?.into()))),
        );
        variables
    }
}

/// A JSON object. Empty for other values.
pub fn object(value: Json) -> Map<String, Json> {
    if let Json::Object(fields) = value { fields } else { Map::new() }
}
