//! Recording and retracting many assessments together.

use std::rc::Rc;

use async_graphql::{Enum, ID, InputObject};

use super::assessment_input::{AssessmentDetailsInput, RENAMED, assessment_id};
use super::evidence::EvidenceInput;
use super::input::{Idempotency, Ids, RecordId, Text};
use super::submission::check_is_direct;
use super::{Payload, mutation, with_errors, write};
use crate::db::assessment_batch::{self, BatchItem, ItemResult, Target};
use crate::db::assessment_write::NewAssessment;
use crate::db::{self, DbConnection, assessable_name, slug_lookup};
use crate::domain::batch::{self, AssessmentEffect};
use crate::domain::id::{AssessableId, AssessmentId, of};
use crate::domain::status::{AssessableKind, CaveatStatus, ClauseStatus, Status};
use crate::domain::{GlobalId, Kind, StringEnum, ValidationErrorCode, ValidationErrors, text};
use crate::graphql::assessable::resolve;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::leaf::Enumerated;
use crate::graphql::engine::link::{reference, reference_list, value_list};
use crate::graphql::engine::reader::value;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field(
            "recordAssessments",
            "Records assessments of clauses, caveats and proposals, all or none. If an assessment with the same content is already recorded, it is not recorded again. `userErrors` lists the errors of all items.",
            mutation("RecordAssessmentsPayload", "Assessments to record.", |call, input: RecordAssessmentsInput| {
                record(call, input)
            }),
        )
        .field(
            "retractAssessments",
            "Retracts assessments, all or none. They stay in the history, marked as retracted.",
            mutation("RetractAssessmentsPayload", "Assessments to retract, with the reason.", |call, input: RetractAssessmentsInput| {
                retract(call, &input)
            }),
        )
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let item = Object::new("AssessmentItemResult", "Change that an assessment of a batch makes or would make, or that publishing a submission would make.")
        .field(
            "subject",
            "The assessed record. Null if the input names no known record.",
            reference("Trackable", |item: &ItemResult| {
                item.subject.map(|(kind, id)| Reference::new(kind.record_kind(), id))
            }),
        )
        .field(
            "before",
            "The holder's assessment in force at the end of the item's day, before the change. Null if there is none.",
            reference("Assessment", |item: &ItemResult| assessment_of(item, item.before)),
        )
        .field(
            "statusBefore",
            "Status at the end of the item's day, in the view of the item's holder, before the change: a value of `ClauseStatus`, `CaveatStatus` or `ProposalStatus`. Null if the input names no known record.",
            value(|item: &ItemResult| api_name(item.status_before.as_deref())),
        )
        .field(
            "statusAfter",
            "Status at the end of the item's day, in the view of the item's holder, after the change. Null if the item has errors.",
            value(|item: &ItemResult| api_name(item.status_after.as_deref())),
        )
        .field(
            "effect",
            "Effect of the item on the holder's assessments. Null if the item has errors.",
            value(|item: &ItemResult| item.effect.map(|effect| Enumerated(Effect::from(effect)))),
        )
        .field(
            "isLatest",
            "Whether the holder has no assessment of the record with a later day. If false, the current status of the record does not change. Null if the item has errors.",
            value(|item: &ItemResult| item.is_latest),
        )
        .field(
            "assessment",
            "The new assessment. Null if this is a dry run, if the effect is UNCHANGED, or if `userErrors` is not empty.",
            reference("Assessment", |item: &ItemResult| assessment_of(item, item.assessment)),
        );
    let recorded = Object::new("RecordAssessmentsPayload", "Result of a mutation.").field(
        "items",
        "One result for each item, in the order of the input. Also returned if `userErrors` is not empty. Empty if the number of items is invalid.",
        value_list("[AssessmentItemResult!]!", "AssessmentItemResult", |payload: &Payload| {
            payload.items.clone()
        }),
    );
    let retracted = Object::new("RetractAssessmentsPayload", "Result of a mutation.").field(
        "assessments",
        "The retracted assessments, in the order of the input. Empty if `userErrors` is not empty.",
        reference_list("[Assessment!]!", |payload: &Payload| payload.records.clone()),
    );
    vec![item, with_errors(recorded), with_errors(retracted)]
}

/// Effect of an item of a batch, or of a submission, on the recorded assessments of the same holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "AssessmentEffect", name = "AssessmentEffect")]
pub enum Effect {
    /// The holder had no assessment of the record for this day.
    New,
    /// The holder had another assessment of the record for this day. The new assessment is in force instead. The other assessment stays in the history.
    Correction,
    /// The holder had an assessment with the same content. Nothing is recorded.
    Unchanged,
}

fn assessment_of(item: &ItemResult, id: Option<AssessmentId>) -> Option<Reference> {
    let (kind, _) = item.subject?;
    Some(Reference::new(kind.assessment_kind(), id?))
}

/// The API's name of a stored status.
fn api_name(stored: Option<&str>) -> Option<String> {
    stored.map(str::to_ascii_uppercase)
}

/// Assessments to record together.
#[derive(InputObject)]
pub struct RecordAssessmentsInput {
    /// Assessments. 1 to 1000. No two assessments may have the same record, day and holder.
    pub items: Vec<AssessmentItemInput>,
    /// Whether to check the assessments and return the result without writing anything. A dry run ignores `idempotencyKey`.
    #[graphql(default)]
    pub dry_run: bool,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// An assessment in a batch. Fields for the id of a party also accept its slug. Fields for the id of a source also accept its slug or URL.
#[derive(InputObject)]
pub struct AssessmentItemInput {
    /// Id or name of the clause, caveat or proposal. The name of a clause or caveat is the slug of its agreement or proposal, a slash and its number, such as `minsk-2/9` or `us-reply-2022/UR-4`. The name of a proposal is its slug.
    subject: ID,
    /// New status: a value of `ClauseStatus` for a clause, of `CaveatStatus` for a caveat, or of `ProposalStatus` for a proposal.
    status: String,
    /// Ids of the parties responsible for the breach. Allowed only with the status BREACHED. Default: none.
    breached_by: Option<Vec<RecordId<of::Party>>>,
    #[graphql(flatten)]
    details: AssessmentDetailsInput,
    /// Version of the record that this change is based on. If the record has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    expected_version: Option<i32>,
}

impl AssessmentItemInput {
    /// The texts that are not ids. They may be slugs of parties, and slugs and URLs of sources.
    fn names(&self) -> Vec<&str> {
        let sources = self.details.evidence.iter().filter_map(EvidenceInput::recorded_source);
        let sources = sources.map(RecordId::given);
        let parties = self.details.held_by.iter().chain(self.breached_by.iter().flatten());
        let names = sources.chain(parties.map(RecordId::given)).map(|name| name.as_str());
        names.filter(|name| GlobalId::decode(name).is_none()).collect()
    }

    /// The assessment. `subject` is the resolved record, or an error message.
    fn read(
        self,
        mut ids: Ids,
        subject: Result<(AssessableKind, AssessableId), String>,
    ) -> BatchItem {
        let subject = subject.map_err(|message| {
            ids.note(ValidationErrorCode::NotFound, "subject", message);
        });
        let Ok((kind, subject)) = subject else {
            return BatchItem { new: None, errors: ids.into_errors() };
        };
        let status = status(&mut ids, kind, &self.status);
        let breached_by = self.breached_by.unwrap_or_default();
        let expected_version = self.expected_version;
        let (content, evidence) = self.details.read(&mut ids, subject, status, breached_by);
        let new = Some(NewAssessment { content, evidence, expected_version, submitted_by: None });
        BatchItem { new, errors: ids.into_errors() }
    }
}

/// The status with this name.
fn status(ids: &mut Ids, kind: AssessableKind, name: &str) -> Status {
    let status = Status::parse_name(kind, name);
    status.unwrap_or_else(|| {
        let (quoted, kind_name) = (text::quote(name), kind.as_str());
        let names = Status::names(kind);
        let message = format!("{quoted} is not a status of a {kind_name}; valid values: {names}");
        ids.note(ValidationErrorCode::Invalid, "status", message);
        // The placeholder BREACHED allows `breachedBy`, so an invalid status causes only one error.
        match kind {
            AssessableKind::Clause => Status::Clause(ClauseStatus::Breached),
            AssessableKind::Caveat => Status::Caveat(CaveatStatus::Breached),
            AssessableKind::Proposal => Status::initial(kind),
        }
    })
}

fn record(call: &mut Call<'_, '_>, input: RecordAssessmentsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut results = None;
    let is_dry_run = input.dry_run;
    if !is_dry_run {
        check_is_direct(call, "recordAssessments", "submitAssessments")?;
    }
    let work = |transaction: &mut db::Transaction<'_>| {
        let has_date = input.has_date();
        let items = read(transaction.connection(), input.items)?;
        let outcome =
            assessment_batch::record(transaction, items, batch::MAX_ASSESSMENTS, batch::item_name)?;
        let recorded = outcome.items.iter().find_map(|item| item.assessment);
        results = Some(outcome.items);
        rename_dates(outcome.errors, &has_date).into_result()?;
        // A repetition with the same idempotency key finds the batch through any of its assessments.
        Ok(recorded.unwrap_or_default())
    };
    let outcome = if is_dry_run {
        call.context.session.dry_run(&editor, work)
    } else {
        write(call, "recordAssessments", &editor, work)
    };
    let outcome = UserError::split(outcome, RENAMED)?;
    let items = match (results, &outcome) {
        (Some(results), _) if is_dry_run => {
            let without_id = |item| ItemResult { assessment: None, ..item };
            results.into_iter().map(without_id).collect()
        }
        (Some(results), _) => results,
        // The mutation was repeated, so nothing was written.
        (None, Ok(recorded)) => {
            let input: RecordAssessmentsInput = call.arguments.get("input")?;
            call.context.read(|connection| {
                let items = read(connection, input.items)?;
                let targets: Vec<Option<Target>> = items.iter().map(BatchItem::target).collect();
                assessment_batch::recorded(connection, &targets, *recorded)
            })?
        }
        (None, Err(_)) => Vec::new(),
    };
    Ok(Payload { items, ..Payload::of(outcome, |_| Payload::default()) })
}

impl RecordAssessmentsInput {
    /// For each item, whether its date is given as `effectiveDate`.
    pub fn has_date(&self) -> Vec<bool> {
        self.items.iter().map(|item| item.details.effective_date.is_some()).collect()
    }
}

/// Reads the items. The number of statements does not depend on the number of items.
pub fn read(
    connection: &mut DbConnection,
    items: Vec<AssessmentItemInput>,
) -> Result<Vec<BatchItem>, db::Error> {
    let names: Vec<&str> = items.iter().flat_map(AssessmentItemInput::names).collect();
    let (urls, slugs): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| name.contains("://"));
    let mut by_name = slug_lookup::by_slugs(connection, &slugs)?;
    let by_url = db::source::by_urls(connection, &urls)?.into_iter();
    by_name.extend(by_url.map(|(url, id)| ((Kind::Source, url), id.cast())));
    let by_name = Rc::new(by_name);
    let names: Vec<ID> = items.iter().map(|item| item.subject.clone()).collect();
    let named = resolve(&names, |names| assessable_name::by_names(connection, names))?;
    let ids: Vec<AssessableId> =
        named.iter().filter_map(|name| name.as_ref().ok().copied()).collect();
    let stored = db::assessable::by_ids(connection, &ids)?;
    let subject = |name: &ID, id: AssessableId| {
        let kind = stored.get(id.as_str()).map(|row| row.kind);
        let is_named = |kind: &AssessableKind| {
            GlobalId::decode(name).is_none_or(|global| global.kind == kind.record_kind())
        };
        let missing =
            || format!("there is no clause, caveat or proposal with the id {}", text::quote(name));
        kind.filter(is_named).map(|kind| (kind, id)).ok_or_else(missing)
    };
    let items = items.into_iter().zip(named).map(|(item, id)| {
        let subject = match id {
            Ok(id) => subject(&item.subject, id),
            Err(problem) => Err(format!("{} {problem}", text::quote(&item.subject))),
        };
        item.read(Ids::with_names(by_name.clone()), subject)
    });
    Ok(items.collect())
}

/// Renames `effective_on` to `effective_date` in the error paths of items with `effectiveDate`. `has_date` states for each
/// item whether it has `effectiveDate`.
pub fn rename_dates(mut errors: ValidationErrors, has_date: &[bool]) -> ValidationErrors {
    for error in &mut errors.0 {
        if let [_, index, field] = error.path.as_mut_slice()
            && field == "effective_on"
            && index.parse().is_ok_and(|index: usize| has_date.get(index) == Some(&true))
        {
            "effective_date".clone_into(field);
        }
    }
    errors
}

/// Assessments to retract together.
#[derive(InputObject)]
pub struct RetractAssessmentsInput {
    /// Ids of the assessments. 1 to 1000.
    assessment_ids: Vec<ID>,
    /// Reason for the retraction, in plain language. At most 20000 characters.
    reason: Text,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

fn retract(call: &mut Call<'_, '_>, input: &RetractAssessmentsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut errors = ValidationErrors::default();
    let mut assessments: Vec<(Kind, AssessmentId)> = Vec::new();
    for (index, id) in input.assessment_ids.iter().enumerate() {
        match assessment_id(id, &format!("assessment_ids.{index}")) {
            Ok(assessment) => assessments.push(assessment),
            Err(of_item) => errors.0.extend(of_item.0),
        }
    }
    let outcome = errors.into_result().map_err(db::Error::from).and_then(|()| {
        write(call, "retractAssessments", &editor, |transaction| {
            assessment_batch::retract(transaction, &assessments, input.reason.as_ref())?;
            Ok(assessments.first().map(|(_, id)| *id).unwrap_or_default())
        })
    });
    Ok(Payload::of(UserError::split(outcome, &[])?, |_| Payload {
        records: assessments.iter().map(|(kind, id)| Reference::new(*kind, *id)).collect(),
        ..Payload::default()
    }))
}
