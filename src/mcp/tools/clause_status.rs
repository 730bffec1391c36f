//! `clause_status`

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::domain::text::quote;
use crate::mcp::node::Node;
use crate::mcp::reference::Reference;
use crate::mcp::text::{Lines, deadline, holder, linked_name, own_source, status, version};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, Failure, ToolAccess, View};

/// A clause, and the view of its status.
#[derive(Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct ClauseStatus {
    /// The clause: the slug of its agreement and its number, such as `minsk-2/9`, or its id.
    clause: String,
    #[serde(flatten)]
    view: View,
}

impl Arguments for ClauseStatus {
    const DEFINITION: Definition = Definition {
        name: "clause_status",
        title: "Status of a clause",
        description: "Status of a clause at the end of a day, in the neutral record or in the view of a party. Also returns the deadlines, \
                      the views of the other parties, and the assessment that states the status, with its reason and sources.",
        document: concat!(
            include_str!("clause_status.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
            include_str!("../fragments/assessment.graphql"),
        ),
        access: ToolAccess::Read,
    };
}

impl Call for ClauseStatus {
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String> {
        let reference = Reference::parse(&self.clause);
        if !matches!(reference, Reference::Id(_) | Reference::Number { .. }) {
            return Err(format!(
                "`clause`: {} is not the name of a clause: write the slug of the agreement, a slash and the number, such as `minsk-2/9`, \
                 or the id of the clause",
                quote(&self.clause)
            ));
        }
        let mut variables = reference.variables();
        variables.extend(self.view.variables(context));
        Ok(variables)
    }

    fn content(&self, mut data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        let records = [data.remove("clause"), data.remove("node")];
        let record = records.into_iter().flatten().find(|record| record.get("status").is_some());
        let record = record.ok_or_else(|| {
            Failure::not_found(format!("there is no clause {}", quote(&self.clause)))
        })?;
        Ok(Map::from_iter([("clause".to_owned(), record)]))
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let (Some(clause), Some(view)) = (content.at("clause"), content.at("view")) else {
            return lines.finish();
        };
        lines.add(linked_name(clause));
        lines.labelled("Clause", clause.text("summary"));
        lines.labelled("Source of the clause", &own_source(clause).unwrap_or_default());
        status(&mut lines, clause, view);
        version(&mut lines, clause);
        let views = clause.list("viewpoints").map(|viewpoint| {
            let (status, date) = (viewpoint.text("status"), viewpoint.text("effectiveDate"));
            format!("{}: {status} from {date}", holder(viewpoint))
        });
        lines.listed("All views on this day", views);
        lines.listed("Deadlines", clause.list("deadlines").map(deadline));
        lines.finish()
    }
}
