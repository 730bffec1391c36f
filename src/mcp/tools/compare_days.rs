//! `compare_days`

use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::domain::text::quote;
use crate::mcp::node::Node;
use crate::mcp::text::{Lines, assessment, linked_name, rest, view};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, Failure, ToolAccess, object};

/// Two days, and the view in which to compare them.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct CompareDays {
    /// First day, as YYYY-MM-DD.
    #[schemars(extend("format" = "date"))]
    from: String,
    /// Second day, as YYYY-MM-DD. Not before the first day.
    #[schemars(extend("format" = "date"))]
    to: String,
    /// Slug of an agreement, such as `minsk-2`. Default: all agreements.
    #[serde(skip_serializing)]
    agreement: Option<String>,
    /// Slug or id of the party whose view to use, such as `ukraine`. Default: the neutral record.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_by: Option<String>,
    /// Time, such as 2022-02-24T00:00:00Z. Uses only what had been recorded by this time. Default: now.
    #[schemars(extend("format" = "date-time"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    known_at: Option<String>,
    /// Number of agreements to compare, 0 to 200. Default: 50.
    #[schemars(range(min = 0, max = 200))]
    #[serde(default = "default_first")]
    first: i32,
    /// The `agreements.pageInfo.endCursor` of the previous answer. Compares the agreements after this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

fn default_first() -> i32 {
    50
}

impl Arguments for CompareDays {
    const DEFINITION: Definition = Definition {
        name: "compare_days",
        title: "Compare two days",
        description: "Clauses whose status differs between the ends of two days, with both statuses. For one agreement, also returns the \
                      assessments in between, with their reasons and sources.",
        document: concat!(
            include_str!("compare_days.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
            include_str!("../fragments/assessment.graphql"),
        ),
        access: ToolAccess::Read,
    };
}

impl Call for CompareDays {
    fn variables(&self, _context: &CallContext) -> Result<Map<String, Json>, String> {
        let mut variables = object(serde_json::to_value(self).unwrap_or_default());
        let agreement = self.agreement.as_deref();
        variables.insert("agreement".to_owned(), agreement.unwrap_or_default().into());
        variables.insert("isOne".to_owned(), agreement.is_some().into());
        Ok(variables)
    }

    fn content(&self, mut data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        if let Some(slug) = &self.agreement {
            let agreement = data.remove("agreement").filter(|agreement| !agreement.is_null());
            let agreement = agreement.ok_or_else(|| {
                Failure::not_found(format!("there is no agreement with the slug {}", quote(slug)))
            })?;
            let agreements = json!({
                "totalCount": 1,
                "pageInfo": { "hasNextPage": false, "endCursor": null },
                "nodes": [agreement],
            });
            data.insert("agreements".to_owned(), agreements);
        }
        Ok(data)
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let (Some(agreements), Some(days)) = (content.at("agreements"), content.at("view")) else {
            return lines.finish();
        };
        let changed = agreements.list("nodes").flat_map(|node| node.list("changesBetween")).count();
        let total = agreements.count("totalCount");
        let shown = agreements.list("nodes").count();
        // `changed` counts only the clauses of the agreements on this page of the list.
        let scope = if u64::try_from(shown).is_ok_and(|shown| shown < total) {
            format!(", in these {shown} of {total} agreements")
        } else {
            String::new()
        };
        lines.add(format!("Clauses whose status differs {}{scope}: {changed}", view(days)));
        if self.agreement.is_none() && changed > 0 {
            lines.add("Set `agreement` to get the assessments in between, with their sources.");
        }
        for agreement in agreements.list("nodes") {
            let mut changes = agreement.list("changesBetween").peekable();
            if changes.peek().is_some() {
                lines.add(String::new());
                lines.add(linked_name(agreement));
            }
            for change in changes {
                let clause = change.at("clause").map(linked_name).unwrap_or_default();
                let (before, after) = (change.text("statusBefore"), change.text("statusAfter"));
                lines.add(format!("{clause}: {before} → {after}"));
                for recorded in change.list("assessments") {
                    assessment(&mut lines, recorded);
                }
            }
        }
        rest(&mut lines, agreements, shown);
        lines.finish()
    }
}
