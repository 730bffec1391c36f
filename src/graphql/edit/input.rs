//! Reading inputs: ids into database ids, and what is given in an update over what was there.

use async_graphql::{ID, MaybeUndefined};
use uuid::Uuid;

use crate::db;
use crate::domain::content::TRACKABLE;
use crate::domain::{FaultCode, Faults, GlobalId, Id, Kind, text};

/// Reads ids, and keeps the faults until all of the input has been read.
#[derive(Default)]
pub struct Ids(Faults);

impl Ids {
    /// The id of a record of one kind. A faulty one is noted, and stands for nothing.
    pub fn one<T>(&mut self, kind: Kind, path: &str, id: &ID) -> Id<T> {
        self.any(&[kind], path, id)
    }

    /// The id of a clause, caveat or proposal.
    pub fn trackable<T>(&mut self, path: &str, id: &ID) -> Id<T> {
        self.any(TRACKABLE, path, id)
    }

    /// An id that may be left out.
    pub fn optional<T>(&mut self, kind: Kind, path: &str, id: Option<&ID>) -> Option<Id<T>> {
        id.map(|id| self.one(kind, path, id))
    }

    /// An id that an update may leave, set or clear.
    pub fn maybe<T>(
        &mut self,
        kind: Kind,
        path: &str,
        id: MaybeUndefined<ID>,
    ) -> MaybeUndefined<Id<T>> {
        id.map_value(|id| self.one(kind, path, &id))
    }

    /// A list of ids.
    pub fn list<T>(&mut self, kind: Kind, path: &str, ids: &[ID]) -> Vec<Id<T>> {
        let numbered = ids.iter().enumerate();
        numbered.map(|(index, id)| self.one(kind, &format!("{path}.{index}"), id)).collect()
    }

    /// A list of ids that an update may leave.
    pub fn maybe_list<T>(
        &mut self,
        kind: Kind,
        path: &str,
        ids: Option<Vec<ID>>,
    ) -> Option<Vec<Id<T>>> {
        ids.map(|ids| self.list(kind, path, &ids))
    }

    /// A list of ids of clauses, caveats and proposals.
    pub fn trackables<T>(&mut self, path: &str, ids: &[ID]) -> Vec<Id<T>> {
        let numbered = ids.iter().enumerate();
        numbered.map(|(index, id)| self.trackable(&format!("{path}.{index}"), id)).collect()
    }

    fn any<T>(&mut self, kinds: &[Kind], path: &str, id: &ID) -> Id<T> {
        let words: Vec<String> = kinds.iter().map(|kind| kind.words()).collect();
        let expected = words.join(" or ");
        match GlobalId::decode(id) {
            Some(decoded) if kinds.contains(&decoded.kind) => return Id::from_uuid(decoded.uuid),
            Some(decoded) => {
                let found = decoded.kind.words();
                let message = format!(
                    "{} is the id of a record of the kind {found}, not {expected}",
                    text::quote(id)
                );
                self.0.add(FaultCode::Invalid, path, message);
            }
            None => {
                let message = format!(
                    "{} is not an id: give the `id` of a record of the kind {expected}",
                    text::quote(id)
                );
                self.0.add(FaultCode::Invalid, path, message);
            }
        }
        Id::from_uuid(Uuid::nil())
    }

    /// Notes another fault that shows while the input is read.
    pub fn note(&mut self, code: FaultCode, path: &str, message: String) {
        self.0.add(code, path, message);
    }

    /// `Ok` when every id was one.
    pub fn into_result(self) -> Result<(), db::Error> {
        Ok(self.0.into_result()?)
    }
}

/// Puts what an update gives over what was there.
pub fn set<T>(target: &mut T, value: Option<impl Into<T>>) {
    if let Some(value) = value {
        *target = value.into();
    }
}

/// The same for what can be cleared with null.
pub fn set_optional<T>(target: &mut Option<T>, value: MaybeUndefined<impl Into<T>>) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = None,
        MaybeUndefined::Value(value) => *target = Some(value.into()),
    }
}

/// Reads a list of inputs, each with its path.
pub fn contents<I, C>(
    inputs: Vec<I>,
    ids: &mut Ids,
    path: &str,
    content: impl Fn(I, &mut Ids, &str) -> C,
) -> Vec<C> {
    let numbered = inputs.into_iter().enumerate();
    numbered.map(|(index, input)| content(input, ids, &format!("{path}.{index}"))).collect()
}
