//! Reads events, assessments and preconditions.

use chrono::NaiveDate;

use super::citation::citations;
use super::import_set::{AssessmentItem, ImportSet, UnnamedItem, add};
use super::instruments::external_ids;
use super::names::{Names, Target};
use super::provenance::{confidence, provenance};
use super::reader::Reader;
use super::schema;
use crate::domain::assessment::{AssessmentContent, Confidence, Momentum};
use crate::domain::citation::Citation;
use crate::domain::edtf::EdtfDate;
use crate::domain::event::{EventContent, EventKind};
use crate::domain::id::EventId;
use crate::domain::precondition::{PreconditionContent, PreconditionKind, PreconditionNeed};
use crate::domain::status::{AssessableKind, ClauseStatus, Status};
use crate::domain::text::quote;
use crate::domain::{Id, StringEnum, ValidationErrors, day};

/// The values that an assessment inherits from its event.
pub(super) struct EventDefaults {
    id: EventId,
    /// The field `happened_on`.
    happened_on: EdtfDate,
    confidence: Confidence,
    sources: Vec<Citation>,
}

/// Reads an event.
pub(super) fn event<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
) {
    let slug = reader.key("slug");
    let entry = names.events.defined(&slug, reader.location());
    let concerns: Vec<Target> = reader.references("concerns", names);
    let happened_on = reader.edtf_date("happened_on");
    let date = event_date(reader, happened_on);
    let content = EventContent {
        slug: Some(slug),
        date,
        kind: reader.string_enum("kind", EventKind::Other),
        title: reader.text("title"),
        aliases: reader.texts("aliases"),
        summary: reader.text("summary"),
        place: reader.text_optional("place"),
        confidence: confidence(reader),
        actors: reader.references("actors", &names.parties),
        concerns: concerns.into_iter().map(|target| target.id).collect(),
        sources: citations(reader, "sources", names),
        external_ids: external_ids(reader),
    };
    // An event with a missing or repeated slug is not written, and neither are its assessments.
    let id = entry.map_or_else(Id::new, |entry| entry.id);
    if entry.is_none() {
        import_set.failed.insert(id.to_string());
    }
    let defaults = EventDefaults {
        id,
        happened_on,
        confidence: content.confidence,
        sources: content.sources.clone(),
    };
    reader.records("assessment", "an assessment", |reader| {
        assessment(import_set, reader, names, Some(&defaults));
    });
    add(&mut import_set.events, &mut import_set.failed, reader, entry, content);
}

/// The date of an event. Reads `ended_on`, which is only valid for an event that begins on an exact day.
fn event_date(reader: &mut Reader<'_>, happened_on: EdtfDate) -> EdtfDate {
    let Some(ended_on) = reader.date_optional("ended_on") else { return happened_on };
    if let Some(first) = happened_on.as_day() {
        return EdtfDate::days(first, Some(ended_on));
    }
    let message = format!(
        "is only valid if happened_on is a day, not {}; write an interval as \
         happened_on = \"2015-02-01/2015-02-14\"",
        quote(&happened_on.to_string())
    );
    let line = reader.location().map_or(0, |location| location.line_of("ended_on"));
    reader.add_error(line, "ended_on", message);
    happened_on
}

/// Reads an assessment, in an event or at the top level.
pub(super) fn assessment<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    event: Option<&EventDefaults>,
) {
    let target = reader.reference("of", names);
    let status = status(reader, target.map(|target| target.kind));
    let mut breached_by = reader.references("breached_by", &names.parties);
    if status.is_none() {
        // The status is unknown, so it is also unknown whether `breached_by` may name parties.
        breached_by.clear();
    }
    let target = target.unwrap_or_default();
    let note = reader.text("note");
    let effective_on = match event {
        Some(event) => reader.edtf_date_optional("effective_on").unwrap_or(event.happened_on),
        None => reader.edtf_date("effective_on"),
    };
    let default = event.map_or(Confidence::Medium, |event| event.confidence);
    let mut content = AssessmentContent {
        subject: target.id,
        status: status.unwrap_or(UNASSESSED),
        breached_by,
        effective_on,
        held_by: reader.reference_optional("held_by", &names.parties),
        momentum: reader.string_enum_optional("momentum").unwrap_or(Momentum::Steady),
        confidence: reader.string_enum_optional("confidence").unwrap_or(default),
        note,
        event: event.map(|event| event.id),
        evidence: citations(reader, "evidence", names),
    };
    let mut errors = ValidationErrors::default();
    // The earliest valid day depends on the record, so it is checked when the assessment is recorded.
    content.check(&mut errors, NaiveDate::MIN, day::latest_today());
    // Inherited evidence has already been checked with the event.
    if let Some(event) = event.filter(|_| !reader.has("evidence")) {
        content.evidence.clone_from(&event.sources);
    }
    let is_valid = reader.accept_checked(errors);
    let Some(location) = reader.location().filter(|_| is_valid) else { return };
    let last_day = effective_on.last_day();
    let key = (content.subject, content.held_by, last_day);
    if let Some(first) = import_set.first_assessment(key, location) {
        let message = format!(
            "the same holder’s status for {last_day} is already defined at {}",
            first.address()
        );
        reader.add_error(location.line(), "of", message);
        return;
    }
    let Target { kind, is_archived, .. } = target;
    import_set.assessments.push(AssessmentItem { location, content, kind, is_archived });
}

/// UNASSESSED means that there is no assessment, so an assessment in a dossier cannot have this status.
const UNASSESSED: Status = Status::Clause(ClauseStatus::Unassessed);

/// Reads the status of a record of this kind. `None` if it is invalid. If the kind is unknown, the status cannot be checked.
fn status(reader: &mut Reader<'_>, kind: Option<AssessableKind>) -> Option<Status> {
    let Some(kind) = kind else {
        reader.text("status");
        reader.describe("status", || {
            let kinds = AssessableKind::ALL.iter();
            let names = kinds.flat_map(|kind| {
                names_of(*kind)
                    .replace(" or ", ", ")
                    .split(", ")
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            });
            schema::choice(names)
        });
        return None;
    };
    let parse = |name: &str| Status::parse_name(kind, name).filter(|status| *status != UNASSESSED);
    let status = reader.parsed("status", parse, || names_of(kind));
    reader.expect("status");
    status
}

/// The valid statuses of a kind, for messages.
fn names_of(kind: AssessableKind) -> String {
    let unassessed = format!("{}, ", ClauseStatus::Unassessed.name());
    Status::names(kind).replace(&unassessed, "")
}

/// Reads a precondition.
pub(super) fn precondition<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
) {
    let content = PreconditionContent {
        kind: reader.string_enum("kind", PreconditionKind::BeforeStart),
        step: reader.reference("step", names).unwrap_or_default().id,
        requires: reader.reference("requires", names).unwrap_or_default().id,
        needs: reader.string_enum_optional("needs").unwrap_or(PreconditionNeed::Done),
        held_by: reader.reference_optional("held_by", &names.parties),
        provenance: provenance(reader, names),
    };
    let is_valid = reader.accept(&content);
    let Some(location) = reader.location().filter(|_| is_valid) else { return };
    let key = (content.kind, content.step, content.requires, content.held_by);
    if let Some(first) = import_set.first_precondition(key, location) {
        let message = format!("the same precondition is already defined at {}", first.address());
        reader.add_error(location.line(), "requires", message);
        return;
    }
    import_set.preconditions.push(UnnamedItem { location, content });
}
