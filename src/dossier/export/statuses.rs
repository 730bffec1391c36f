//! A file of events for each year, with the assessments that the events caused. There is also one file each for other
//! assessments, preconditions and interpretations.

use std::collections::HashMap;

use chrono::Datelike;

use super::Files;
use super::block::{Block, Fields};
use super::database::Database;
use super::names::Names;
use super::shared::citations;
use crate::db::assessment::LinkedAssessment;
use crate::domain::assessment::{Confidence, Momentum};
use crate::domain::edtf::EdtfDate;
use crate::domain::event::EventContent;
use crate::domain::interpretation::InterpretationContent;
use crate::domain::precondition::{PreconditionContent, PreconditionNeed};

/// Writes events, assessments, preconditions and interpretations.
pub(super) fn write(files: &mut Files, database: &Database, names: &Names) {
    let mut by_event: HashMap<&str, Vec<&LinkedAssessment>> = HashMap::new();
    for assessment in &database.assessments {
        let event = assessment.row.event_id.map_or("", |event| names.name(event));
        by_event.entry(event).or_default().push(assessment);
    }
    for assessments in by_event.values_mut() {
        assessments.sort_by_key(|LinkedAssessment { row, .. }| {
            (names.name(row.trackable_id), names.name_optional(row.held_by_id), row.effective_on)
        });
    }
    let mut events = names.in_order(&database.events);
    events.sort_by_key(|(slug, event)| (event.date.first_day(), event.date.last_day(), *slug));
    for (slug, content) in events {
        let file = format!("events/{:04}.toml", content.date.first_day().year());
        files.add(&file, Block::new("event", event(slug, content, names)));
        for assessment in by_event.remove(slug).unwrap_or_default() {
            let fields = assessment_fields(assessment, Some(content), names);
            files.add(&file, Block::new("event.assessment", fields));
        }
    }
    for assessment in by_event.remove("").unwrap_or_default() {
        let fields = assessment_fields(assessment, None, names);
        files.add("assessments.toml", Block::new("assessment", fields));
    }
    for content in in_order(database.preconditions.values(), |content| {
        let PreconditionContent { kind, step, requires, held_by, .. } = content;
        (names.name(*step), names.name(*requires), *kind, names.name_optional(*held_by))
    }) {
        files.add("preconditions.toml", Block::new("precondition", precondition(content, names)));
    }
    for content in in_order(database.interpretations.values(), |content| {
        let InterpretationContent { subject, term, held_by, stated_on, .. } = content;
        (names.name(*subject), term.as_deref(), names.name(*held_by), *stated_on)
    }) {
        let fields = interpretation(content, names);
        files.add("interpretations.toml", Block::new("interpretation", fields));
    }
}

fn in_order<'d, C, K: Ord>(
    contents: impl Iterator<Item = &'d C>,
    key: impl Fn(&'d C) -> K,
) -> Vec<&'d C> {
    let mut contents: Vec<&C> = contents.collect();
    contents.sort_by_key(|content| key(content));
    contents
}

fn event(slug: &str, content: &EventContent, names: &Names) -> Fields {
    let EventContent {
        slug: _,
        date,
        kind,
        title,
        aliases,
        summary,
        place,
        confidence,
        actors,
        concerns,
        sources,
        external_ids,
    } = content;
    Fields::default()
        .text("slug", slug)
        .edtf_date("happened_on", *date)
        .choice("kind", *kind)
        .text("title", title)
        .texts("aliases", aliases)
        .text("summary", summary)
        .text_optional("place", place.as_deref())
        .choice_unless("confidence", *confidence, Confidence::Medium)
        .texts("actors", &names.names(actors))
        .texts("concerns", &names.names(concerns))
        .items("sources", &citations(sources, names))
        .external_ids(external_ids)
}

/// The fields of an assessment. Omits values that equal those of its event.
fn assessment_fields(
    assessment: &LinkedAssessment,
    event: Option<&EventContent>,
    names: &Names,
) -> Fields {
    let LinkedAssessment { row, evidence, breached_by } = assessment;
    let date = row.edtf_date.as_deref().and_then(|text| EdtfDate::parse(text).ok());
    let date = date.unwrap_or_else(|| EdtfDate::day(row.effective_on));
    let fields = Fields::default()
        .text("of", names.name(row.trackable_id))
        .text("status", &row.status.to_ascii_uppercase())
        .texts("breached_by", &names.names(breached_by));
    let fields = if event.is_some_and(|event| event.date == date) {
        fields
    } else {
        fields.edtf_date("effective_on", date)
    };
    let default = event.map_or(Confidence::Medium, |event| event.confidence);
    let fields = fields
        .text_optional("held_by", names.name_optional(row.held_by_id))
        .choice_unless("momentum", row.momentum, Momentum::Steady)
        .choice_unless("confidence", row.confidence, default)
        .text("note", &row.note);
    match event {
        Some(event) if event.sources == *evidence => fields,
        // Without the field, the sources of the event would be the evidence.
        Some(_) if evidence.is_empty() => fields.texts_always::<&str>("evidence", &[]),
        _ => fields.items("evidence", &citations(evidence, names)),
    }
}

fn precondition(content: &PreconditionContent, names: &Names) -> Fields {
    let PreconditionContent { kind, step, requires, needs, held_by, provenance } = content;
    Fields::default()
        .choice("kind", *kind)
        .text("step", names.name(*step))
        .text("requires", names.name(*requires))
        .choice_unless("needs", *needs, PreconditionNeed::Done)
        .text_optional("held_by", names.name_optional(*held_by))
        .provenance(provenance, names)
}

fn interpretation(content: &InterpretationContent, names: &Names) -> Fields {
    let InterpretationContent { subject, term, meaning, held_by, stated_on, provenance } = content;
    Fields::default()
        .text("of", names.name(*subject))
        .text_optional("term", term.as_deref())
        .text("meaning", meaning)
        .text("held_by", names.name(*held_by))
        .date("stated_on", *stated_on)
        .provenance(provenance, names)
}
