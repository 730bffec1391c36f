//! Creating, updating and archiving preconditions.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::precondition::PreconditionContent;
use crate::graphql::precondition::{Precondition, PreconditionById, PreconditionKind};

payload!(CreatePreconditionPayload, precondition: Precondition, PreconditionById);
payload!(UpdatePreconditionPayload, precondition: Precondition, PreconditionById);
payload!(ArchivePreconditionPayload, precondition: Precondition, PreconditionById);

/// A precondition to create.
#[derive(Debug, InputObject)]
pub struct CreatePreconditionInput {
    /// What the step cannot do before.
    kind: PreconditionKind,
    /// The clause, caveat or proposal that waits.
    step_id: ID,
    /// The clause, caveat or proposal that must be done before.
    requires_id: ID,
    /// In whose reading: the id of a party. The text itself where left out.
    held_by_id: Option<ID>,
    /// What to know about it, up to 20000 characters.
    note: Option<String>,
    /// What this record rests on.
    source_id: Option<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a precondition. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdatePreconditionInput {
    /// The precondition.
    precondition_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// What the step cannot do before.
    kind: Option<PreconditionKind>,
    /// The clause, caveat or proposal that waits.
    step_id: Option<ID>,
    /// The clause, caveat or proposal that must be done before.
    requires_id: Option<ID>,
    /// In whose reading: the id of a party. The text itself where left out. Null clears it.
    held_by_id: MaybeUndefined<ID>,
    /// What to know about it, up to 20000 characters. Null clears it.
    note: MaybeUndefined<String>,
    /// What this record rests on. Null clears it.
    source_id: MaybeUndefined<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A precondition to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchivePreconditionInput {
    /// The precondition.
    precondition_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing preconditions.
#[derive(Default)]
pub struct PreconditionMutation;

#[Object]
impl PreconditionMutation {
    /// Creates a precondition.
    async fn create_precondition(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The precondition.")] input: CreatePreconditionInput,
    ) -> Result<Option<CreatePreconditionPayload>> {
        let mut ids = Ids::default();
        let content = PreconditionContent {
            kind: input.kind.into(),
            step: ids.trackable("step", &input.step_id),
            requires: ids.trackable("requires", &input.requires_id),
            held_by: ids.optional(Kind::Party, "held_by", input.held_by_id.as_ref()),
            note: input.note,
            source: ids.optional(Kind::Source, "source", input.source_id.as_ref()),
        };
        CreatePreconditionPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a precondition. What is left out stays as it is.
    async fn update_precondition(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdatePreconditionInput,
    ) -> Result<Option<UpdatePreconditionPayload>> {
        let mut ids = Ids::default();
        let step = input.step_id.as_ref().map(|id| ids.trackable("step", id));
        let requires = input.requires_id.as_ref().map(|id| ids.trackable("requires", id));
        let held_by = ids.maybe(Kind::Party, "held_by", input.held_by_id);
        let source = ids.maybe(Kind::Source, "source", input.source_id);
        let edit = |content: &mut PreconditionContent| {
            set(&mut content.kind, input.kind);
            set(&mut content.step, step);
            set(&mut content.requires, requires);
            set_optional(&mut content.held_by, held_by);
            set_optional(&mut content.note, input.note);
            set_optional(&mut content.source, source);
        };
        let record = ("preconditionId", &input.precondition_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdatePreconditionPayload::of(context, outcome).await
    }

    /// Puts a precondition away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_precondition(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchivePreconditionInput,
    ) -> Result<Option<ArchivePreconditionPayload>> {
        let record = ("preconditionId", &input.precondition_id);
        let outcome = archive::<PreconditionContent>(
            context,
            record,
            input.expected_version,
            input.archived,
        )?;
        ArchivePreconditionPayload::of(context, outcome).await
    }
}
