//! `search`

use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::mcp::node::Node;
use crate::mcp::text::{Lines, linked_name, rest};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, ToolAccess, object};

/// Words to search for.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct Search {
    /// Words in any order, such as `minsk elections`. A record must contain all of them. At most 200 characters and 16 words.
    #[schemars(length(max = 200))]
    query: String,
    /// Kinds of records to search. Default: all kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<Vec<RecordKind>>,
    /// Number of results, 0 to 200. Default: 20.
    #[schemars(range(min = 0, max = 200))]
    #[serde(default = "default_first")]
    first: i32,
    /// The `pageInfo.endCursor` of the previous answer. Returns the results after this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// A kind of record that a search can find.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum RecordKind {
    Agreement,
    Caveat,
    Clause,
    Event,
    Party,
    Proposal,
    Source,
}

fn default_first() -> i32 {
    20
}

impl Arguments for Search {
    const DEFINITION: Definition = Definition {
        name: "search",
        title: "Search records",
        description: "Full-text search in agreements, clauses, proposals, caveats, events, parties and sources, best match first. \
                      Ignores case and accents, and finds words with one wrong letter. Use it to find the name of a record for the other tools.",
        document: include_str!("search.graphql"),
        access: ToolAccess::Read,
    };
}

impl Call for Search {
    fn variables(&self, _context: &CallContext) -> Result<Map<String, Json>, String> {
        Ok(object(serde_json::to_value(self).unwrap_or_default()))
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let Some(results) = content.at("search") else { return lines.finish() };
        lines.add(format!("Records found: {}", results.count("totalCount")));
        for result in results.list("nodes") {
            let Some(item) = result.at("item") else { continue };
            lines.add(format!("- {}: {}", item.text("type"), linked_name(item)));
            lines.add(format!("  {}", result.text("excerpt.text")));
        }
        let suggestions = results.list("suggestions").filter_map(|word| word.0.as_str());
        let suggestions: Vec<&str> = suggestions.collect();
        lines.labelled("Did you mean", &suggestions.join(", "));
        rest(&mut lines, results, results.list("nodes").count());
        lines.finish()
    }
}
