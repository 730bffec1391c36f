//! Records or retracts several assessments in one transaction, and describes the effect of each.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::assessment::{self, Assessment};
use super::assessment_write::{self, NewAssessment, Origin};
use super::perspective::{self, SubjectView};
use super::query;
use super::retraction::{Retraction, retract_all};
use super::{DbConnection, Error, Transaction};
use crate::domain::batch::{self, AssessmentEffect};
use crate::domain::id::{AssessableId, AssessmentId, PartyId};
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{Kind, ValidationError, ValidationErrors, text};

/// An item of a batch.
#[derive(Debug, Clone)]
pub struct BatchItem {
    /// The assessment. `None` if the input names no known record. Placeholders replace invalid values, whose errors are
    /// in `errors`.
    pub new: Option<NewAssessment>,
    /// The errors found when the input was read. Paths start at the item.
    pub errors: ValidationErrors,
}

/// The effect of an item. In a dry run, the effect that the item would have.
#[derive(Debug, Clone, Default)]
pub struct ItemResult {
    /// The assessed record. `None` if the input names no known record.
    pub subject: Option<(AssessableKind, AssessableId)>,
    /// The holder's assessment in force at the end of the item's day, before the change. `None` if there is none.
    pub before: Option<AssessmentId>,
    /// The status at the end of the item's day before the change, as stored.
    pub status_before: Option<String>,
    /// The status that results from the change, at the end of the item's day, in its stored form.
    pub status_after: Option<String>,
    /// The kind of change that the item makes. `None` if the item has errors.
    pub effect: Option<AssessmentEffect>,
    /// The new assessment. `None` if none is recorded.
    pub assessment: Option<AssessmentId>,
    /// Whether the holder has no assessment of the record for a later day. `None` if the item has errors.
    pub is_latest: Option<bool>,
}

/// The results of a batch.
#[derive(Debug, Default)]
pub struct BatchResult {
    /// One result for each item, in order. Empty if the number of items is invalid.
    pub items: Vec<ItemResult>,
    /// The errors of all items, in order. If there are errors, the caller must roll back. Paths start at the input.
    pub errors: ValidationErrors,
}

/// The subject, holder, day and status of an item. No two items of a batch have the same subject, holder and day.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The kind of the record.
    pub kind: AssessableKind,
    /// The record.
    pub subject: AssessableId,
    /// The holder. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// The day from which the status applies.
    pub day: NaiveDate,
    /// The status.
    pub status: Status,
}

impl BatchItem {
    /// The subject, holder, day and status. `None` if the input names no known record.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        let content = &self.new.as_ref()?.content;
        Some(Target {
            kind: content.status.kind(),
            subject: content.subject,
            held_by: content.held_by,
            day: content.effective_on.last_day(),
            status: content.status,
        })
    }
}

/// The maximum number of assessments that are read or written together, which limits the size of statements.
const STEP: usize = 1000;

/// Records the assessments, except those that are already stored with the same content. `maximum` is the maximum number
/// of items. `item_name` takes the index of an item and returns the name of the item for messages.
///
/// # Errors
/// Database errors.
pub fn record(
    transaction: &mut Transaction<'_>,
    items: Vec<BatchItem>,
    maximum: usize,
    item_name: impl Fn(usize) -> String,
) -> Result<BatchResult, Error> {
    let mut errors = ValidationErrors::default();
    batch::check_count(&mut errors, "items", items.len(), maximum);
    if !errors.is_empty() {
        return Ok(BatchResult { errors, ..BatchResult::default() });
    }
    let keys = items.iter().map(|item| {
        let target = item.target().filter(|_| item.errors.is_empty())?;
        Some((target.subject, target.held_by, target.day))
    });
    batch::check_repeats(&mut errors, "items", keys, item_name, "the same record, day and holder");
    let targets: Vec<Option<Target>> = items.iter().map(BatchItem::target).collect();
    // The effect of each item is determined as if it were the only item, so no item is recorded before this is done for all.
    let mut results = Vec::new();
    for (targets, items) in targets.chunks(STEP).zip(items.chunks(STEP)) {
        let mut described = describe(transaction.connection(), targets, None)?;
        mark_unchanged(transaction.connection(), items, &mut described)?;
        results.append(&mut described);
    }
    let (mut new, mut indexes) = (Vec::new(), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        errors.extend_at(&format!("items.{index}"), item.errors);
        let effect = results.get(index).and_then(|result| result.effect);
        if let Some(assessment) = item.new.filter(|_| effect != Some(AssessmentEffect::Unchanged)) {
            new.push(assessment);
            indexes.push(index);
        }
    }
    let mut outcomes = Vec::new();
    let mut new = new.into_iter();
    while new.len() > 0 {
        let step = new.by_ref().take(STEP).collect();
        outcomes.append(&mut assessment_write::record_all(transaction, step, Origin::Editor)?);
    }
    // If a value was invalid when the input was read, its placeholder can cause a second error with the same path.
    // Keeps only the first error with that path.
    let reported: HashSet<Vec<String>> = errors.0.iter().map(|error| error.path.clone()).collect();
    for (index, outcome) in indexes.into_iter().zip(outcomes) {
        match outcome {
            Ok(id) => {
                if let Some(result) = results.get_mut(index) {
                    result.assessment = Some(id);
                }
            }
            Err(of_item) => errors.extend_at(&format!("items.{index}"), of_item),
        }
    }
    let mut seen = HashSet::new();
    errors.0.retain(|error| !reported.contains(&error.path) || seen.insert(error.path.clone()));
    errors.0.sort_by_key(item_index);
    clear_failed(&errors, &mut results);
    clear_overtaken(&targets, &mut results);
    Ok(BatchResult { items: results, errors })
}

/// The results of an earlier batch, for a repeated idempotency key. `any` is the id that was stored with the key: the
/// id of one assessment of the batch, or an unused id if the batch recorded none because every item was UNCHANGED.
///
/// # Errors
/// Database errors.
pub fn recorded(
    connection: &mut DbConnection,
    targets: &[Option<Target>],
    any: AssessmentId,
) -> Result<Vec<ItemResult>, Error> {
    let any = assessment::by_ids(connection, &[any])?.remove(any.as_str());
    let Some(recorded_at) = any.map(|row| row.recorded_at) else {
        let mut results = describe(connection, targets, None)?;
        for result in &mut results {
            result.effect = result.effect.map(|_| AssessmentEffect::Unchanged);
        }
        clear_overtaken(targets, &mut results);
        return Ok(results);
    };
    let subjects: Vec<AssessableId> =
        targets.iter().flatten().map(|target| target.subject).collect();
    // Each transaction has a unique time, so `recorded_at` identifies the assessments of the batch.
    let rows: HashMap<String, Vec<Assessment>> = query::grouped(
        connection,
        "assessments WHERE",
        "assessments.trackable_id",
        &subjects,
        "assessments.id",
    )?;
    let mut results = describe(connection, targets, Some(recorded_at - Duration::microseconds(1)))?;
    for (target, result) in targets.iter().zip(&mut results) {
        let Some(target) = target else { continue };
        let of_subject = rows.get(target.subject.as_str()).map(Vec::as_slice).unwrap_or_default();
        let row = of_subject.iter().find(|row| {
            (row.recorded_at, row.held_by_id, row.effective_on)
                == (recorded_at, target.held_by, target.day)
        });
        result.assessment = row.map(|row| row.id);
        if row.is_none() {
            result.effect = Some(AssessmentEffect::Unchanged);
        }
    }
    clear_overtaken(targets, &mut results);
    Ok(results)
}

/// The effect that an assessment of each target would have now if it were the only item.
///
/// # Errors
/// Database errors.
pub fn preview(
    connection: &mut DbConnection,
    targets: &[Target],
) -> Result<Vec<ItemResult>, Error> {
    let targets: Vec<Option<Target>> = targets.iter().copied().map(Some).collect();
    describe(connection, &targets, None)
}

/// The effect that each item of a batch would have now.
///
/// # Errors
/// Database errors.
pub fn preview_batch(
    connection: &mut DbConnection,
    items: &[BatchItem],
) -> Result<Vec<ItemResult>, Error> {
    let targets: Vec<Option<Target>> = items.iter().map(BatchItem::target).collect();
    let mut results = describe(connection, &targets, None)?;
    mark_unchanged(connection, items, &mut results)?;
    clear_overtaken(&targets, &mut results);
    Ok(results)
}

/// For each target that is not `None`: its index, and the subject, holder and day that select its assessment in force.
fn views(targets: &[Option<Target>]) -> (Vec<usize>, Vec<SubjectView>) {
    let targets = targets.iter().enumerate();
    let targets = targets.filter_map(|(index, target)| Some((index, target.as_ref()?)));
    let view = |(index, target): (usize, &Target)| {
        let Target { subject, held_by, day, .. } = *target;
        (index, SubjectView { subject, held_by, as_of: Some(day) })
    };
    targets.map(view).unzip()
}

/// Describes each item as if it were the only item: the assessment and status before the change, the effect NEW or
/// CORRECTION, and whether no later assessment exists.
fn describe(
    connection: &mut DbConnection,
    targets: &[Option<Target>],
    known_at: Option<NaiveDateTime>,
) -> Result<Vec<ItemResult>, Error> {
    let (indexes, views) = views(targets);
    let in_force = perspective::in_force_each(connection, &views, known_at)?;
    let latest_views: Vec<SubjectView> =
        views.into_iter().map(|view| SubjectView { as_of: None, ..view }).collect();
    let latest = perspective::in_force_each(connection, &latest_views, known_at)?;
    let mut results = vec![ItemResult::default(); targets.len()];
    for (place, index) in indexes.into_iter().enumerate() {
        let target = targets.get(index).copied().flatten();
        let (Some(target), Some(result)) = (target, results.get_mut(index)) else { continue };
        let before = in_force.get(&place);
        let status_before = before.map_or_else(
            || Status::initial(target.kind).as_str().to_owned(),
            |before| before.status.clone(),
        );
        let is_correction = before.is_some_and(|before| before.effective_on == target.day);
        *result = ItemResult {
            subject: Some((target.kind, target.subject)),
            before: before.map(|before| before.id),
            status_before: Some(status_before),
            status_after: Some(target.status.as_str().to_owned()),
            effect: Some(if is_correction {
                AssessmentEffect::Correction
            } else {
                AssessmentEffect::New
            }),
            is_latest: Some(latest.get(&place).is_none_or(|row| row.effective_on <= target.day)),
            ..ItemResult::default()
        };
    }
    Ok(results)
}

/// Sets the effect UNCHANGED for items that equal the stored assessment of the same day.
fn mark_unchanged(
    connection: &mut DbConnection,
    items: &[BatchItem],
    results: &mut [ItemResult],
) -> Result<(), Error> {
    let corrected = |result: &ItemResult| {
        result.before.filter(|_| result.effect == Some(AssessmentEffect::Correction))
    };
    let ids: Vec<AssessmentId> = results.iter().filter_map(corrected).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let rows = assessment::by_ids(connection, &ids)?.into_values().collect();
    let stored: HashMap<AssessmentId, _> = assessment::with_links(connection, rows)?
        .into_iter()
        .map(|stored| (stored.row.id, stored))
        .collect();
    for (item, result) in items.iter().zip(results) {
        let stored = corrected(result).and_then(|id| stored.get(&id));
        if let Some((new, stored)) = item.new.as_ref().zip(stored)
            && new.is_stored_as(stored)
        {
            result.effect = Some(AssessmentEffect::Unchanged);
        }
    }
    Ok(())
}

/// Sets `is_latest` of an item to false if a valid item with the same subject and holder has a later day.
fn clear_overtaken(targets: &[Option<Target>], results: &mut [ItemResult]) {
    let mut latest: HashMap<(AssessableId, Option<PartyId>), NaiveDate> = HashMap::new();
    let valid = targets.iter().zip(&*results).filter(|(_, result)| result.effect.is_some());
    for target in valid.filter_map(|(target, _)| target.as_ref()) {
        let day = latest.entry((target.subject, target.held_by)).or_insert(target.day);
        *day = target.day.max(*day);
    }
    for (target, result) in targets.iter().zip(results) {
        let Some(target) = target else { continue };
        let is_overtaken =
            latest.get(&(target.subject, target.held_by)).is_some_and(|day| *day > target.day);
        result.is_latest = result.is_latest.map(|is_latest| is_latest && !is_overtaken);
    }
}

/// The index of the item that caused an error.
fn item_index(error: &ValidationError) -> Option<usize> {
    error.path.get(1)?.parse().ok()
}

/// If the batch has errors, clears the ids of all new assessments, because they are rolled back. Also clears `effect`,
/// `is_latest` and `status_after` of the invalid items.
fn clear_failed(errors: &ValidationErrors, results: &mut [ItemResult]) {
    if errors.is_empty() {
        return;
    }
    for result in results.iter_mut() {
        result.assessment = None;
    }
    for index in errors.0.iter().filter_map(item_index) {
        if let Some(result) = results.get_mut(index) {
            (result.effect, result.is_latest, result.status_after) = (None, None, None);
        }
    }
}

/// Retracts these assessments, all for the same reason. If there are errors, the caller must roll back.
///
/// # Errors
/// The errors of the input and of all assessments, and database errors. The path of an assessment's error is
/// `assessment_ids.INDEX`.
pub fn retract(
    transaction: &mut Transaction<'_>,
    ids: &[(Kind, AssessmentId)],
    reason: &str,
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    text::check(&mut errors, "reason", reason, text::MAX_PROSE);
    batch::check_count(&mut errors, "assessment_ids", ids.len(), batch::MAX_ASSESSMENTS);
    let keys = ids.iter().map(|(_, id)| Some(*id));
    batch::check_repeats(
        &mut errors,
        "assessment_ids",
        keys,
        batch::item_name,
        "the same assessment",
    );
    errors.into_result()?;
    let retraction = |(kind, id): &(Kind, AssessmentId)| Retraction {
        kind: *kind,
        id: *id,
        expected_version: None,
    };
    let retractions: Vec<Retraction> = ids.iter().map(retraction).collect();
    let outcomes = retract_all(transaction, &retractions, reason)?;
    let mut errors = ValidationErrors::default();
    for (index, outcome) in outcomes.into_iter().enumerate() {
        for error in outcome.err().into_iter().flat_map(|errors| errors.0) {
            errors.add(error.code, &format!("assessment_ids.{index}"), error.message);
        }
    }
    Ok(errors.into_result()?)
}
