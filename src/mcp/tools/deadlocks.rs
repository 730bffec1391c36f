//! `deadlocks`

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::mcp::node::Node;
use crate::mcp::text::{Lines, holder, linked_name, name, own_source, parties, view as view_text};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, ToolAccess};

/// Agreements and proposals, and the readings to combine.
#[derive(Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct Deadlocks {
    /// Slugs of agreements, such as `minsk-2`. Name at least one agreement or proposal.
    agreements: Option<Vec<String>>,
    /// Slugs of proposals, such as `us-reply-2022`.
    proposals: Option<Vec<String>>,
    /// Slugs or ids of parties. The preconditions in their readings are added to those of the text. Default: all
    /// parties. An empty list uses only the text.
    readings: Option<Vec<String>>,
    /// Day, as YYYY-MM-DD. Steps that are done at the end of this day are in no deadlock. Default: today (UTC).
    #[schemars(extend("format" = "date"))]
    as_of: Option<String>,
    /// Time, such as 2022-02-24T00:00:00Z. Uses only the assessments that had been recorded by this time. Default: now.
    #[schemars(extend("format" = "date-time"))]
    known_at: Option<String>,
}

impl Arguments for Deadlocks {
    const DEFINITION: Definition = Definition {
        name: "deadlocks",
        title: "Deadlocks",
        description: "Deadlocks: cycles of clauses, caveats and proposals, in which each requires the next, so that none can be done. Also \
                      returns the preconditions, the parties whose readings form the cycle, and the sources. At most 100, shortest first.",
        document: concat!(
            include_str!("deadlocks.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
        ),
        access: ToolAccess::Read,
    };
}

impl Call for Deadlocks {
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String> {
        let day = self.as_of.as_ref().unwrap_or(&context.today);
        let mut variables = Map::from_iter([("asOf".to_owned(), day.as_str().into())]);
        variables.extend(self.known_at.clone().map(|time| ("knownAt".to_owned(), time.into())));
        let lists = [
            ("agreements", &self.agreements),
            ("proposals", &self.proposals),
            ("readings", &self.readings),
        ];
        variables.extend(
            lists
                .into_iter()
                .filter_map(|(name, list)| Some((name.to_owned(), list.clone()?.into()))),
        );
        Ok(variables)
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let (Some(sequence), Some(view)) = (content.at("sequence"), content.at("view")) else {
            return lines.finish();
        };
        let count = sequence.list("deadlocks").count();
        lines.add(format!("Deadlocks {}: {count}", view_text(view)));
        lines
            .labelled("Readings used in addition to the text", &parties(sequence.list("readings")));
        for (number, deadlock) in (1..).zip(sequence.list("deadlocks")) {
            let readings = match parties(deadlock.list("readings")) {
                readings if readings.is_empty() => "of the text alone".to_owned(),
                readings => format!("under the readings of {readings}"),
            };
            lines.add(String::new());
            lines.add(format!("Deadlock {number}, {readings}:"));
            for step in deadlock.list("steps") {
                lines.add(format!("- {}", linked_name(step)));
            }
            for precondition in deadlock.list("preconditions") {
                lines.add(requirement(precondition));
                lines.labelled("  Note", precondition.text("note"));
                lines.labelled("  Source", &own_source(precondition).unwrap_or_default());
            }
        }
        lines.finish()
    }
}

/// A precondition: `Minsk II, 9 (…) requires Minsk II, 4 (…): BEFORE_START, DONE, according to Ukraine`.
fn requirement(precondition: Node<'_>) -> String {
    let step = precondition.at("step").map(name).unwrap_or_default();
    let required = precondition.at("requires").map(name).unwrap_or_default();
    let (kind, needs) = (precondition.text("kind"), precondition.text("needs"));
    let reading = match precondition.at("heldBy") {
        Some(_) => holder(precondition),
        None => "the text".to_owned(),
    };
    format!("{step} requires {required}: {kind}, {needs}, according to {reading}")
}
