//! Mutations. Each is a transaction of its own; its payload is read after the commit.

mod agreement;
mod assessment;
mod caveat;
mod clause;
mod deadline;
mod event;
mod input;
mod party;
mod precondition;
mod proposal;
mod source;
mod token;
mod topic;

use async_graphql::{Context, ID, MergedObject, Result, Value};

use super::batch::reader;
use super::user_error::UserError;
use super::viewer::editor;
use crate::db;
use crate::db::record::{self, Record};
use crate::domain::Id;
use crate::domain::idempotency::Once;
use crate::domain::viewer::Editor;

use input::Ids;

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    assessment::AssessmentMutation,
    agreement::AgreementMutation,
    clause::ClauseMutation,
    proposal::ProposalMutation,
    caveat::CaveatMutation,
    party::PartyMutation,
    topic::TopicMutation,
    source::SourceMutation,
    event::EventMutation,
    precondition::PreconditionMutation,
    token::TokenMutation,
);

/// What was written, or what is to be mended.
type Outcome<T> = std::result::Result<T, Vec<UserError>>;

/// Writes, in a transaction of its own; where the input has an `idempotencyKey`, unless the same was done before.
fn write<T>(
    context: &Context<'_>,
    editor: &Editor,
    work: impl FnOnce(&mut db::Transaction<'_>) -> std::result::Result<Id<T>, db::Error>,
) -> std::result::Result<Id<T>, db::Error> {
    let once = once(context)?;
    reader_of(context)?.write(editor, once.as_ref(), work)
}

/// What stands in the input under `idempotencyKey`, read from the field itself, so that no mutation has to hand it on.
fn once(context: &Context<'_>) -> std::result::Result<Option<Once>, db::Error> {
    let field = context.field();
    let arguments = field.arguments().map_err(|error| db::Error::Internal(error.to_string()))?;
    let input = arguments.into_iter().find(|(name, _)| name == "input").map(|(_, value)| value);
    let Some(Value::Object(mut input)) = input else { return Ok(None) };
    let Some(Value::String(key)) = input.shift_remove("idempotencyKey") else { return Ok(None) };
    // As JSON, whose keys are sorted, it is the same in a variable and in the document itself.
    let input = Value::Object(input).into_json();
    let input = input.map_err(|error| db::Error::Internal(error.to_string()))?;
    let mutation = format!("{} {input}", field.name());
    Ok(Some(Once::new(&key, &mutation)?))
}

/// Creates a record, unless an id in the input is no id.
fn create<R: Record>(context: &Context<'_>, ids: Ids, content: &R) -> Result<Outcome<Id<R::Of>>> {
    let editor = editor(context)?;
    let outcome = ids
        .into_result()
        .and_then(|()| write(context, &editor, |transaction| record::create(transaction, content)));
    UserError::split(outcome, &[])
}

/// Updates a record, unless an id in the input is no id. `field` is the input's name for the record's own id.
fn update<R: Record>(
    context: &Context<'_>,
    mut ids: Ids,
    (field, id): (&'static str, &ID),
    expected_version: Option<i32>,
    edit: impl FnOnce(&mut R),
) -> Result<Outcome<Id<R::Of>>> {
    let editor = editor(context)?;
    let id: Id<R::Of> = ids.one(R::KIND, "id", id);
    let outcome = ids.into_result().and_then(|()| {
        write(context, &editor, |transaction| {
            record::update(transaction, id, expected_version, edit).map(|_| id)
        })
    });
    UserError::split(outcome, &[("id", field)])
}

/// Archives or restores a record. `field` is the input's name for the record's id.
fn archive<R: Record>(
    context: &Context<'_>,
    (field, id): (&'static str, &ID),
    expected_version: Option<i32>,
    archived: bool,
) -> Result<Outcome<Id<R::Of>>> {
    let editor = editor(context)?;
    let mut ids = Ids::default();
    let id: Id<R::Of> = ids.one(R::KIND, "id", id);
    let outcome = ids.into_result().and_then(|()| {
        write(context, &editor, |transaction| {
            record::set_archived::<R>(transaction, id, expected_version, archived).map(|_| id)
        })
    });
    UserError::split(outcome, &[("id", field)])
}

fn reader_of<'a>(
    context: &Context<'a>,
) -> std::result::Result<&'a super::batch::Reader, db::Error> {
    reader(context).map_err(|error| db::Error::Internal(error.message))
}

/// Defines the payload of a mutation: the record, or what is to be mended.
macro_rules! payload {
    ($name:ident, $field:ident: $node:ident, $batch:ident) => {
        /// What became of the mutation.
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            /// The record as it is now; null where `userErrors` is not empty.
            $field: Option<$node>,
            /// What is to be mended in the input; empty when the change was made.
            user_errors: Vec<$crate::graphql::user_error::UserError>,
            /// Everything that can be read, as it is after the change.
            query: $crate::graphql::Query,
        }

        impl $name {
            /// Reads the record after the commit.
            async fn of(
                context: &async_graphql::Context<'_>,
                outcome: $crate::graphql::edit::Outcome<
                    <$batch as $crate::graphql::batch::Batch>::Key,
                >,
            ) -> async_graphql::Result<Option<Self>> {
                let ($field, user_errors) = match outcome {
                    Ok(id) => (
                        Some($crate::graphql::node::expect(context, $batch, id).await?),
                        Vec::new(),
                    ),
                    Err(errors) => (None, errors),
                };
                Ok(Some(Self { $field, user_errors, query: $crate::graphql::Query::default() }))
            }
        }
    };
}
use payload;
