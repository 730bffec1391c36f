//! The mutations of every kind of record: create, update and archive.

use super::input::{Ids, RecordId, Referred};
use super::record_input::{ArchiveInput, CreateInput, UpdateInput};
use super::{Payload, mutation, payload, write};
use crate::db;
use crate::db::record::{self, Record};
use crate::domain::Id;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;

/// The names and descriptions of a record's mutations, and of their payloads.
#[derive(Clone, Copy)]
pub struct Names {
    /// `Clause`.
    pub object: &'static str,
    /// `clause`.
    pub record: &'static str,
    /// `clauseId`.
    pub id: &'static str,
    /// Description of the create input.
    pub content: &'static str,
    /// Name of the mutation, its description, and name of the payload.
    pub create: [&'static str; 3],
    /// As for `create`.
    pub update: [&'static str; 3],
    /// As for `create`.
    pub archive: [&'static str; 3],
}

/// Names the mutations of a record: `names!("a", "clause", "Clause")`.
macro_rules! names {
    ($article:literal, $noun:literal, $object:literal) => {
        $crate::graphql::mutation::record::Names {
            object: $object,
            record: $noun,
            id: concat!($noun, "Id"),
            content: concat!("Content of the new ", $noun, "."),
            create: [
                concat!("create", $object),
                concat!("Creates ", $article, " ", $noun, "."),
                concat!("Create", $object, "Payload"),
            ],
            update: [
                concat!("update", $object),
                concat!("Updates ", $article, " ", $noun, ". Omitted fields are unchanged."),
                concat!("Update", $object, "Payload"),
            ],
            archive: [
                concat!("archive", $object),
                concat!("Archives or restores ", $article, " ", $noun, ". Lists exclude archived records, but `node` and fields that refer to them still return them."),
                concat!("Archive", $object, "Payload"),
            ],
        }
    };
}
pub(super) use names;

impl Names {
    pub fn objects(self) -> [Object; 3] {
        [self.create, self.update, self.archive]
            .map(|[_, _, name]| payload(name, self.record, self.object))
    }

    /// Adds the three mutations. `C`, `U` and `A` are their inputs.
    pub fn fields<C, U, A>(self, mutations: Object) -> Object
    where
        C: CreateInput<Content: Record<Of: Referred>>,
        U: UpdateInput<Content: Record<Of: Referred>>,
        A: ArchiveInput<Content: Record<Of: Referred>>,
    {
        let ([create, creates, created], [update, updates, updated]) = (self.create, self.update);
        let [archive, archives, archived] = self.archive;
        let id = self.id;
        mutations
            .field(
                create,
                creates,
                mutation(created, self.content, move |call, input: C| {
                    let editor = call.context.viewer.editor()?;
                    let mut ids = Ids::default();
                    let content = input.content(&mut ids);
                    let renamed = ids.renamed();
                    let outcome = ids.into_result().and_then(|()| {
                        write(call, create, &editor, |transaction| {
                            record::create(transaction, &content)
                        })
                    });
                    let outcome = UserError::split(outcome, &renamed)?;
                    Ok(Payload::of(outcome, changed::<C::Content>))
                }),
            )
            .field(
                update,
                updates,
                mutation(updated, "Fields to change.", move |call, input: U| {
                    let expected_version = input.expected_version();
                    let record = input.id().clone();
                    let mut ids = Ids::updating(record.given());
                    let edit = input.edit(&mut ids);
                    let subject = NamedId { field: id, id: &record };
                    change::<U::Content>(call, update, ids, subject, |transaction, id| {
                        record::update(transaction, id, expected_version, edit)
                    })
                }),
            )
            .field(
                archive,
                archives,
                mutation(archived, "Record to archive or restore.", move |call, input: A| {
                    let (version, is_archived) = (input.expected_version(), input.archived());
                    change::<A::Content>(
                        call,
                        archive,
                        Ids::default(),
                        NamedId { field: id, id: input.id() },
                        |transaction, id| {
                            record::set_archived::<A::Content>(
                                transaction,
                                id,
                                version,
                                is_archived,
                            )
                        },
                    )
                }),
            )
    }
}

/// The id of the subject of a mutation, with the name of its field in the input.
pub(super) struct NamedId<'a, T> {
    pub(super) field: &'static str,
    pub(super) id: &'a RecordId<T>,
}

/// Changes an existing record, unless an id in the input is invalid. `name` is the name of the mutation.
fn change<R: Record<Of: Referred>>(
    call: &mut Call<'_, '_>,
    name: &str,
    mut ids: Ids,
    subject: NamedId<'_, R::Of>,
    work: impl FnOnce(&mut db::Transaction<'_>, Id<R::Of>) -> Result<record::UpdateOutcome, db::Error>,
) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let id = ids.one("id", subject.id);
    let mut renamed = ids.renamed();
    renamed.push(("id", subject.field));
    let outcome = ids
        .into_result()
        .and_then(|()| write(call, name, &editor, |transaction| work(transaction, id).map(|_| id)));
    Ok(Payload::of(UserError::split(outcome, &renamed)?, changed::<R>))
}

fn changed<R: Record>(id: Id<R::Of>) -> Payload {
    Payload::changed(Reference::new(R::KIND, id))
}
