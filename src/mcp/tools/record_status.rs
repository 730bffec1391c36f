//! `record_status`

use rmcp::schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::mcp::node::Node;
use crate::mcp::text::{Lines, assessment, linked_name, version};
use crate::mcp::tool::{Arguments, Call, CallContext, Definition, Failure, ToolAccess};

/// A status to record.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase")]
pub struct RecordStatus {
    /// The clause, caveat or proposal: its name, such as `minsk-2/9`, `us-reply-2022/UR-4` or `us-reply-2022`, or its id.
    #[serde(rename(serialize = "subject"))]
    record: String,
    /// New status. Of a clause: NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, SUSPENDED, BREACHED, VOID, OVERTAKEN, LAPSED, NOT_APPLICABLE or
    /// UNASSESSED. Of a caveat: OPEN, UNDER_NEGOTIATION, ACCEPTED, REJECTED, COUNTERED, SATISFIED, BREACHED, WITHDRAWN or LAPSED. Of a
    /// proposal: FLOATED, TABLED, UNDER_NEGOTIATION, ACCEPTED, PARTLY_ACCEPTED, REJECTED, COUNTERED, WITHDRAWN or LAPSED.
    status: String,
    /// Reason for the status, in plain language. At most 20000 characters.
    #[schemars(length(min = 1, max = 20000))]
    note: String,
    /// First day of the status, as YYYY-MM-DD. Give either this or `effectiveDate`.
    #[schemars(extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_on: Option<String>,
    /// Less precise date of the status in EDTF, such as `2015-02` or `2015~`. Give either this or `effectiveOn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_date: Option<String>,
    /// Slug or id of the party that holds this view, such as `ukraine`. Default: the neutral record.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_by: Option<String>,
    /// Slugs or ids of the parties responsible for a breach. Allowed only with the status BREACHED.
    #[serde(skip_serializing_if = "Option::is_none")]
    breached_by: Option<Vec<String>>,
    /// Confidence. Default: MEDIUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    /// Direction of progress. Default: STEADY.
    #[serde(skip_serializing_if = "Option::is_none")]
    momentum: Option<Momentum>,
    /// Id of the event that caused the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
    /// Sources that support the status.
    #[serde(default, skip_serializing)]
    evidence: Vec<Evidence>,
    /// Version on which this change is based: the `version` of the record in an earlier answer. If the record has
    /// changed since, nothing is recorded. Default: no check.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_version: Option<i32>,
    /// Whether to check everything and write nothing. Default: false.
    #[serde(default, skip_serializing)]
    dry_run: bool,
    /// Key of this change, such as a UUID. Within seven days, a repeated call with the same key returns the first result and records
    /// nothing. At most 100 characters.
    #[schemars(length(max = 100))]
    #[serde(skip_serializing)]
    idempotency_key: Option<String>,
}

/// A source of a status. For a recorded source, give `source`. For a new source, give `title` and `kind`.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Evidence {
    /// Id, slug or address of a recorded source.
    #[serde(rename(serialize = "sourceId"), skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Title of a new source. At most 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Kind of a new source.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<SourceKind>,
    /// Address of a new source: an http or https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Publisher of a new source. At most 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    /// Day on which a new source was published, as YYYY-MM-DD.
    #[schemars(extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    published_on: Option<String>,
    /// Place in the source, such as `page 3`. At most 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    locator: Option<String>,
    /// Verbatim quotation. At most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    quotation: Option<String>,
}

/// Confidence in a status.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Confidence {
    Low,
    Medium,
    High,
}

/// Direction of progress.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Momentum {
    Advancing,
    Steady,
    Stalled,
    Regressing,
}

/// Kind of a source.
#[derive(Deserialize, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SourceKind {
    OfficialText,
    MonitorReport,
    PartyStatement,
    Press,
    Academic,
    Leak,
}

impl Evidence {
    /// The input of the API: a citation of a recorded source, or a new source.
    fn input(&self) -> Json {
        let field = if self.source.is_some() { "citation" } else { "source" };
        json!({ field: self })
    }
}

impl Arguments for RecordStatus {
    const DEFINITION: Definition = Definition {
        name: "record_status",
        title: "Record a status",
        description: "Records the status of a clause, caveat or proposal from a given day, with its reason and sources. Assessments are never \
                      overwritten: they stay in the history. On a server with reviews, the status is submitted, and another editor publishes it.",
        document: concat!(
            include_str!("record_status.graphql"),
            include_str!("../fragments/step.graphql"),
            include_str!("../fragments/party.graphql"),
            include_str!("../fragments/source.graphql"),
            include_str!("../fragments/assessment.graphql"),
        ),
        access: ToolAccess::Edit,
    };
}

impl Call for RecordStatus {
    fn variables(&self, context: &CallContext) -> Result<Map<String, Json>, String> {
        let mut item = json!(self);
        if let Json::Object(fields) = &mut item {
            let evidence = self.evidence.iter().map(Evidence::input).collect();
            fields.insert("evidence".to_owned(), evidence);
        }
        let mut input = Map::from_iter([
            ("items".to_owned(), json!([item])),
            ("dryRun".to_owned(), self.dry_run.into()),
        ]);
        let key = self.idempotency_key.clone();
        input.extend(key.map(|key| ("idempotencyKey".to_owned(), key.into())));
        Ok(Map::from_iter([
            ("input".to_owned(), input.into()),
            ("isReviewed".to_owned(), context.is_reviewed.into()),
        ]))
    }

    fn content(&self, data: Map<String, Json>) -> Result<Map<String, Json>, Vec<Failure>> {
        let data = Json::Object(data);
        let payloads = ["recordAssessments", "submitAssessments"];
        let payload = payloads.iter().find_map(|name| Node(&data).at(name));
        let payload = payload.unwrap_or(Node(&Json::Null));
        let errors: Vec<Failure> = payload.list("userErrors").map(user_error).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let item = payload.list("items").next().map(|item| item.0.clone()).unwrap_or_default();
        let submission = payload.list("submissions").next().map(|submission| submission.0.clone());
        let dry_run = ("dryRun".to_owned(), Json::Bool(self.dry_run));
        let submission = submission.map(|submission| ("submission".to_owned(), submission));
        Ok([("result".to_owned(), item), dry_run].into_iter().chain(submission).collect())
    }

    fn text(&self, content: Node<'_>) -> String {
        let mut lines = Lines::default();
        let Some(result) = content.at("result") else { return lines.finish() };
        lines.add(result.at("subject").map(linked_name).unwrap_or_default());
        let (before, after) = (result.text("statusBefore"), result.text("statusAfter"));
        lines.add(format!("Status: {before} → {after}"));
        lines.labelled("Effect", result.text("effect"));
        if result.at("isLatest").is_some() && !result.is_true("isLatest") {
            lines.add("A later assessment exists, so the current status does not change.");
        }
        if content.is_true("dryRun") {
            lines.add("This was a dry run: nothing was written.");
        }
        if let Some(submission) = content.at("submission") {
            lines.add(format!(
                "Submitted for review, not published yet. Submission: {}",
                submission.text("id")
            ));
        }
        if let Some(subject) = result.at("subject") {
            version(&mut lines, subject);
        }
        if let Some(recorded) = result.at("assessment") {
            assessment(&mut lines, recorded);
        }
        lines.finish()
    }
}

/// An error in the input, with the argument that it concerns.
fn user_error(error: Node<'_>) -> Failure {
    let path = error.list("path").filter_map(|segment| segment.0.as_str());
    // The path begins with `input`, `items` and `0`.
    let argument = argument_path(&path.skip(3).collect::<Vec<_>>());
    let message = match argument.as_str() {
        "" => error.text("message").to_owned(),
        argument => format!("`{argument}`: {}", error.text("message")),
    };
    Failure { code: error.text("code").to_owned(), message }
}

/// Converts the path of a field in an item of the API's input to the path of the tool's argument.
fn argument_path(path: &[&str]) -> String {
    match path {
        ["subject"] => "record".to_owned(),
        ["evidence", index, "citation", "sourceId"] => format!("evidence.{index}.source"),
        // In the API, the fields of a source are in `citation` or `source`. In the tool, they are directly in the item
        // of `evidence`.
        ["evidence", index, "citation" | "source" | "sourceId", field @ ..] => {
            [&["evidence", *index][..], field].concat().join(".")
        }
        _ => path.join("."),
    }
}
