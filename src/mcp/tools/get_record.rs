//! `get_record`

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::domain::text::quote;
use crate::mcp::node::Node;
use crate::mcp::reference::Reference;
use crate::mcp::text::{
    self, Lines, citations, deadline, holder, linked_name, obligation, own_source, parties,
    version, view as view_text,
};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, Failure, ToolAccess, View};

/// The kinds of records that the tool returns.
const KINDS: [&str; 7] = ["Agreement", "Clause", "Proposal", "Caveat", "Event", "Party", "Source"];

/// The label and the field of each line, in the order of the text.
const FACTS: [(&str, &str); 22] = [
    ("Kind", "agreementKind"),
    ("Kind", "caveatKind"),
    ("Kind", "eventKind"),
    ("Kind", "partyKind"),
    ("Kind", "sourceKind"),
    ("Agreed on", "agreedOn"),
    ("Made on", "madeOn"),
    ("Standing", "standing"),
    ("Date", "date"),
    ("Place", "place"),
    ("Adopted", "adoption"),
    ("Publisher", "publisher"),
    ("Published on", "publishedOn"),
    ("Language", "language"),
    ("Address of the source", "url"),
    ("Archived copy", "archivedUrl"),
    ("Represents", "represents.shortName"),
    ("Summary", "summary"),
    ("Text", "text"),
    ("Note", "note"),
    ("Confidence", "confidence"),
    ("Archived at", "archivedAt"),
];

/// A record, and the view of its status.
#[derive(Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct GetRecord {
    /// The record: the slug of an agreement, proposal or party, such as `minsk-2`; the number of a clause or caveat after the slug,
    /// such as `minsk-2/9` or `us-reply-2022/UR-4`; the address of a source; or the id of any record, from another answer.
    record: String,
    #[serde(flatten)]
    view: View,
}

impl Arguments for GetRecord {
    const DEFINITION: Definition = Definition {
        name: "get_record",
        title: "Get a record",
        description: "An agreement, clause, proposal, caveat, event, party or source, with its text, sources and parties. Also returns its \
                      status and assessment at the end of a day, in the neutral record or in the view of a party.",
        document: concat!(
            include_str!("get_record.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
            include_str!("../fragments/assessment.graphql"),
        ),
        access: ToolAccess::Read,
    };
}

impl Call for GetRecord {
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String> {
        let mut variables = Reference::parse(&self.record).variables();
        variables.extend(self.view.variables(context));
        Ok(variables)
    }

    fn content(&self, mut data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        if let Some(Json::Object(mut owner)) = data.remove("owner") {
            data.extend(owner.remove("caveat").map(|caveat| ("caveat".to_owned(), caveat)));
        }
        let record = data.into_iter().map(|(_, value)| value).find(|value| !value.is_null());
        let record = record.ok_or_else(|| {
            Failure::not_found(format!(
                "there is no record {}; write a slug such as `minsk-2`, a slug and a number such as `minsk-2/9`, the address of a source, \
                 or an id; the tool `search` finds names",
                quote(&self.record)
            ))
        })?;
        let kind = Node(&record).text("type");
        if !KINDS.contains(&kind) {
            return Err(Failure::not_found(format!(
                "{} is the id of a record of the kind {kind}; valid kinds: {}",
                quote(&self.record),
                KINDS.join(", ")
            )));
        }
        Ok(Map::from_iter([("record".to_owned(), record)]))
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let (Some(record), Some(view)) = (content.at("record"), content.at("view")) else {
            return lines.finish();
        };
        lines.add(format!("{}: {}", record.text("type"), linked_name(record)));
        lines.labelled("Id", record.text("id"));
        for (label, path) in FACTS {
            lines.labelled(label, record.text(path));
        }
        version(&mut lines, record);
        status(&mut lines, record, view);
        roles(&mut lines, record);
        lines.listed("Deadlines", record.list("deadlines").map(deadline));
        steps(&mut lines, "Clauses", record, "clauses");
        steps(&mut lines, "Caveats", record, "caveats");
        lines.listed("Concerns", record.list("concerns").map(linked_name));
        lines.labelled("Source of the record", &own_source(record).unwrap_or_default());
        lines.listed("Sources", citations(record));
        lines.finish()
    }
}

/// The status of a clause, proposal or caveat, and the implementation of an agreement.
fn status(lines: &mut Lines, record: Node<'_>, view: Node<'_>) {
    text::status(lines, record, view);
    if let Some(score) = record.at("implementation") {
        let (assessed, counted) = (score.count("assessed"), score.count("counted"));
        let value = score.at("score").and_then(|score| score.0.as_f64());
        let value = value.map_or_else(|| "none".to_owned(), |value| format!("{value:.1} of 100"));
        lines.add(format!(
            "Implementation {}: score {value}, {assessed} of {counted} clauses assessed",
            view_text(view)
        ));
    }
    if let Some(ending) = record.at("ending") {
        let (day, kind) = (ending.text("endedOn"), ending.text("kind"));
        lines.add(format!("Ended on {day}: {kind}, according to {}", holder(ending)));
    }
}

/// The parties of a record, with their roles.
fn roles(lines: &mut Lines, record: Node<'_>) {
    lines.listed("Parties", record.list("parties").map(obligation));
    lines.listed("Duties", record.list("obligations").map(obligation));
    for (label, list) in [
        ("Proposed by", "proposedBy"),
        ("Addressed to", "addressedTo"),
        ("Owed by", "owedBy"),
        ("Owed to", "owedTo"),
        ("Actors", "actors"),
    ] {
        lines.labelled(label, &parties(record.list(list)));
    }
}

/// The clauses of an agreement, or the caveats of a proposal.
fn steps(lines: &mut Lines, heading: &str, record: Node<'_>, list: &str) {
    let Some(steps) = record.at(list) else { return };
    let shown = steps.list("nodes");
    lines.listed(
        &format!("{heading}, {} in total", steps.count("totalCount")),
        shown.map(|step| format!("{}: {}", linked_name(step), step.text("status"))),
    );
}
