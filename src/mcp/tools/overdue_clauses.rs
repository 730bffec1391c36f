//! `overdue_clauses`

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::domain::text::quote;
use crate::mcp::node::Node;
use crate::mcp::text::{Lines, deadline, linked_name, obligation, rest, view as view_text};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, Failure, ToolAccess, View};

/// The clauses to list, and the view of their statuses.
#[derive(Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct OverdueClauses {
    /// Slug of an agreement, such as `minsk-2`. Default: all agreements.
    agreement: Option<String>,
    /// Slug of a party with any role in the clause, such as `ukraine`. Default: all parties.
    party: Option<String>,
    #[serde(flatten)]
    view: View,
    /// Number of clauses, 0 to 200. Default: 50.
    #[schemars(range(min = 0, max = 200))]
    #[serde(default = "default_first")]
    first: i32,
    /// The `clauses.pageInfo.endCursor` of the previous answer. Returns the clauses after this cursor.
    after: Option<String>,
}

fn default_first() -> i32 {
    50
}

impl Arguments for OverdueClauses {
    const DEFINITION: Definition = Definition {
        name: "overdue_clauses",
        title: "Overdue clauses",
        description: "Clauses that are overdue at the end of a day, in order of their deadlines. Each has its status, its deadlines with \
                      their sources, and the roles of the parties.",
        document: concat!(
            include_str!("overdue_clauses.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
        ),
        access: ToolAccess::Read,
    };
}

impl Call for OverdueClauses {
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String> {
        let mut variables = self.view.variables(context);
        let mut filter = variables.clone();
        filter.insert("overdue".to_owned(), true.into());
        for (field, condition, slug) in
            [("agreement", "hasAgreement", &self.agreement), ("party", "hasParty", &self.party)]
        {
            let slug = slug.as_deref();
            filter.extend(slug.map(|slug| (field.to_owned(), json!([slug]))));
            variables.insert(field.to_owned(), slug.unwrap_or_default().into());
            variables.insert(condition.to_owned(), slug.is_some().into());
        }
        variables.insert("filter".to_owned(), filter.into());
        variables.insert("first".to_owned(), self.first.into());
        variables.extend(self.after.clone().map(|cursor| ("after".to_owned(), cursor.into())));
        Ok(variables)
    }

    fn content(&self, mut data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        for (kind, slug) in [("agreement", &self.agreement), ("party", &self.party)] {
            let is_missing = data.remove(kind).is_none_or(|record| record.is_null());
            if let Some(slug) = slug
                && is_missing
            {
                let message = format!("there is no {kind} with the slug {}", quote(slug));
                return Err(Failure::not_found(message));
            }
        }
        Ok(data)
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let (Some(clauses), Some(view)) = (content.at("clauses"), content.at("view")) else {
            return lines.finish();
        };
        let total = clauses.count("totalCount");
        lines.add(format!("Overdue clauses {}: {total}", view_text(view)));
        for clause in clauses.list("nodes") {
            let (status, since) = (clause.text("status"), clause.text("statusSince"));
            let since = if since.is_empty() { String::new() } else { format!(" since {since}") };
            lines.add(String::new());
            lines.add(format!("{}: {status}{since}", linked_name(clause)));
            lines.listed("Deadlines", clause.list("deadlines").map(deadline));
            lines.listed("Duties", clause.list("obligations").map(obligation));
        }
        rest(&mut lines, clauses, clauses.list("nodes").count());
        lines.finish()
    }
}
