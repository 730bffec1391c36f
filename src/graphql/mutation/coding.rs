//! Recording codings. The change log does not contain them.

use async_graphql::InputObject;

use super::input::{Given, Ids, RecordId, Text};
use super::{Payload, mutation, with_errors};
use crate::db;
use crate::domain::Kind;
use crate::domain::coding::CodingContent;
use crate::domain::id::of;
use crate::graphql::clause::ClauseStatus;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::reference_list;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::scalar::Date;
use crate::graphql::user_error::UserError;

/// Adds the mutation.
pub fn mutations(mutations: Object) -> Object {
    mutations.field(
        "recordCodings",
        "Records the viewer's own codings of clauses for a day, all or none. They do not affect the statuses of the clauses, and the change log does not show them. A coding can be replaced until another account has coded the same clause for the same day.",
        mutation("RecordCodingsPayload", "Codings to record.", record),
    )
}

/// The type of the payload.
pub fn objects() -> Vec<Object> {
    let payload = Object::new("RecordCodingsPayload", "Result of a mutation.").field(
        "clauses",
        "The coded clauses, in the order of the input. Empty if `userErrors` is not empty.",
        reference_list("[Clause!]!", |payload: &Payload| payload.records.clone()),
    );
    vec![with_errors(payload)]
}

/// Codings of clauses for a day.
#[derive(InputObject)]
pub struct RecordCodingsInput {
    /// Day for which the clauses are coded. A coding states the status at the end of this day. Must not be in the future.
    on: Date,
    /// Codings, at most one for each clause. 1 to 500.
    items: Vec<CodingInput>,
}

/// Status of a clause according to the viewer, who has not seen the codings of others.
#[derive(InputObject)]
pub struct CodingInput {
    /// Id of the clause.
    clause_id: RecordId<of::Clause>,
    /// Any status except UNASSESSED.
    status: ClauseStatus,
    /// Reasons for the status. At most 20000 characters.
    note: Option<Text>,
}

impl Given<CodingContent> for CodingInput {
    fn read(self, ids: &mut Ids, path: &str) -> CodingContent {
        CodingContent {
            clause: ids.one(&format!("{path}.clause"), &self.clause_id),
            status: self.status.into(),
            note: self.note.map(String::from),
        }
    }
}

fn record(call: &mut Call<'_, '_>, input: RecordCodingsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let numbered = input.items.into_iter().enumerate();
    let items: Vec<CodingContent> =
        numbered.map(|(index, item)| item.read(&mut ids, &format!("items.{index}"))).collect();
    let outcome = ids
        .into_result()
        .and_then(|()| db::coding::record(call.context.session, &editor, input.on.0, &items));
    Ok(Payload::of(UserError::split(outcome, &[])?, |()| Payload {
        records: items.iter().map(|item| Reference::new(Kind::Clause, item.clause)).collect(),
        ..Payload::default()
    }))
}
