//! Calls of readers. A call passes the objects of a group to a reader as parents. The reader returns one value for each.

use std::any::Any;
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::coerce::Arguments;
use super::cost::Estimate;
use super::leaf::Leaf;
use super::plan::{Children, Plan, PlannedField, SelectionId};
use super::schema::{ObjectId, Record, Schema};
use crate::db::rows::{Column, Rows};
use crate::db::{self, DbConnection, Session};
use crate::domain::public_address::AddressPolicy;
use crate::domain::submission::ReviewMode;
use crate::domain::viewer::Viewer;
use crate::domain::{Id, Kind, StringEnum};
use crate::graphql::error::{self, Error};
use crate::graphql::subscription::Position;
use crate::limits::Limits;

/// The request to which the calls belong.
pub struct Context<'a> {
    pub(crate) session: &'a mut Session,
    pub viewer: &'a Viewer,
    pub estimate: Estimate,
    pub limits: &'a Limits,
    /// Whether new statuses need a review.
    pub review: ReviewMode,
    /// The addresses that are allowed for webhooks.
    pub webhook_addresses: AddressPolicy,
    /// The position of a subscription in the change log. None for other operations.
    pub(in crate::graphql) position: Option<&'a Position>,
    /// Set if the response depends on data that the change log does not record. Such a response must not be cached.
    pub(in crate::graphql) is_unlogged: &'a Cell<bool>,
    /// Whether the request needs at most one statement. Such a request needs no transaction.
    pub(in crate::graphql) is_alone: bool,
    /// The number of calls of `read`.
    pub(in crate::graphql) reads: usize,
    /// The results of `read_once`, keyed by the argument `key`.
    pub(in crate::graphql) memo: HashMap<String, Rc<dyn Any>>,
}

impl Context<'_> {
    /// Calls `read` in the snapshot of the request. Errors are masked for the client.
    pub fn read<T>(
        &mut self,
        read: impl FnOnce(&mut DbConnection) -> Result<T, db::Error>,
    ) -> Result<T, Error> {
        self.reads += 1;
        let connection =
            if self.is_alone { self.session.read_alone() } else { self.session.read() };
        connection.and_then(read).map_err(|failure| error::mask(&failure))
    }

    /// Calls `read` only once for each `key`, because a document may select a field several times with different aliases.
    /// `key` must contain all values on which the result depends.
    pub fn read_once<T: 'static>(
        &mut self,
        key: String,
        read: impl FnOnce(&mut DbConnection) -> Result<T, db::Error>,
    ) -> Result<Rc<T>, Error> {
        if let Some(value) = self.memo.get(&key).and_then(|value| value.clone().downcast().ok()) {
            return Ok(value);
        }
        let value = Rc::new(self.read(read)?);
        self.memo.insert(key, value.clone());
        Ok(value)
    }
}

/// Objects that have one type and the same selection.
#[derive(Clone)]
pub enum Objects {
    Rows {
        rows: Rc<Rows>,
        /// The indexes of the objects in `rows`, in order.
        picked: Vec<usize>,
    },
    Values {
        /// A `Vec<T>`.
        values: Rc<dyn Any>,
        /// The length of `values`.
        count: usize,
    },
}

impl Objects {
    pub fn all(rows: Rows) -> Self {
        let picked = (0..rows.len()).collect();
        Self::Rows { rows: Rc::new(rows), picked }
    }

    pub fn values<T: 'static>(values: Vec<T>) -> Self {
        let count = values.len();
        Self::Values { values: Rc::new(values), count }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Rows { picked, .. } => picked.len(),
            Self::Values { count, .. } => *count,
        }
    }
}

/// An object, or the reason why there is none.
#[derive(Debug, Clone)]
pub enum Item {
    Null,
    /// An object of [`Linked::sets`].
    Object {
        set: usize,
        index: usize,
    },
    Failed(Error),
}

/// The value of a field for one parent.
#[derive(Debug, Clone)]
pub enum Slot {
    One(Item),
    /// A range of [`Linked::items`].
    List(Range<usize>),
}

/// A record to read by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference {
    pub kind: Kind,
    pub id: Id<()>,
}

impl Reference {
    pub fn new<T>(kind: Kind, id: Id<T>) -> Self {
        Self { kind, id: id.cast() }
    }

    /// The record with this stored kind and this stored id. None if the kind or the id is malformed.
    pub fn stored(kind: &str, id: &str) -> Option<Self> {
        Some(Self { kind: Kind::parse(kind)?, id: Id::stored(id)? })
    }
}

/// The records to which a field refers, for one parent.
#[derive(Debug, Clone)]
pub enum References {
    /// One record, or null.
    One(Option<Reference>),
    /// A list. An item may be null or an error.
    List(Vec<Result<Option<Reference>, Error>>),
}

impl References {
    /// A list without null or errors.
    pub fn list(references: impl IntoIterator<Item = Reference>) -> Self {
        Self::List(references.into_iter().map(|reference| Ok(Some(reference))).collect())
    }
}

/// Objects as the values of a field.
#[derive(Default)]
pub struct Linked {
    /// The objects, with their types.
    pub sets: Vec<(&'static str, Objects)>,
    /// The value for each parent.
    pub slots: Vec<Slot>,
    /// The items of the lists in `slots`.
    pub items: Vec<Item>,
}

/// The values of a field, one for each parent.
pub enum Resolved {
    Leaves(Vec<Leaf>),
    Linked(Linked),
    /// Records. They are read together with the records of other fields of the level.
    References(Vec<References>),
}

/// A call of a reader. The parents are all objects of a group.
pub struct Call<'a, 'c> {
    pub context: &'a mut Context<'c>,
    pub parents: &'a Objects,
    pub arguments: &'a Arguments,
    /// The selection on the values.
    pub selected: Selected<'a>,
}

impl<'a> Call<'a, '_> {
    /// The parents as Rust values.
    ///
    /// # Errors
    /// Fails if the parents have another type, which is a defect of the tables.
    pub fn values<T: 'static>(&self) -> Result<&'a [T], Error> {
        match self.parents {
            Objects::Values { values, .. } => values
                .downcast_ref::<Vec<T>>()
                .map(Vec::as_slice)
                .ok_or_else(|| Error::internal("the parents have another type")),
            Objects::Rows { .. } => Err(Error::internal("the parents are rows")),
        }
    }

    /// The value of a column in each parent's row. None where the value is null.
    ///
    /// # Errors
    /// Fails if the column was not selected, which is a defect of the tables.
    pub fn column(&self, column: Column) -> Result<Vec<Option<&'a str>>, Error> {
        let Objects::Rows { rows, picked } = self.parents else {
            return Err(Error::internal("the parents are not rows"));
        };
        let position = rows
            .position(column)
            .ok_or_else(|| Error::internal(format!("the column {column} was not selected")))?;
        Ok(picked.iter().map(|row| rows.text(*row, position)).collect())
    }

    /// The value of a column in each parent's row. The column must never be null.
    ///
    /// # Errors
    /// Fails if the column was not selected, or a value is null.
    pub fn keys(&self, column: Column) -> Result<Vec<&'a str>, Error> {
        let keys: Option<Vec<&str>> = self.column(column)?.into_iter().collect();
        keys.ok_or_else(|| Error::internal(format!("the column {column} is null")))
    }
}

/// The selection on the values of a field.
#[derive(Clone)]
pub struct Selected<'a> {
    schema: &'a Schema,
    plan: &'a Plan,
    selections: Vec<SelectionId>,
}

impl<'a> Selected<'a> {
    pub(super) fn new(schema: &'a Schema, plan: &'a Plan, children: &Children) -> Self {
        let selections = match children {
            Children::Leaf => Vec::new(),
            Children::Object(id) => vec![*id],
            Children::Abstract(types) => types.values().copied().collect(),
        };
        Self { schema, plan, selections }
    }

    /// The selection on the values of the field `name`. The field may have an alias.
    pub fn field(&self, name: &str) -> Self {
        let mut selections = Vec::new();
        for (object, field) in self.fields() {
            if field.definition(self.schema, object).is_some_and(|field| field.name == name) {
                selections.extend(Self::new(self.schema, self.plan, &field.children).selections);
            }
        }
        Self { selections, ..*self }
    }

    pub fn record(&self, kind: Kind) -> Option<&'a Record> {
        self.schema.record(kind)
    }

    /// Whether the field `name` is selected.
    pub fn has(&self, name: &str) -> bool {
        self.fields().any(|(object, field)| {
            field.definition(self.schema, object).is_some_and(|field| field.name == name)
        })
    }

    /// `keys`, and the columns that the selection needs from rows of the type `object`. Without duplicates.
    pub fn columns(&self, object: &str, keys: &[Column]) -> Vec<Column> {
        let mut columns = keys.to_vec();
        let object = self.schema.object(object);
        for selection in self.selections.iter().filter_map(|id| self.plan.selection(*id)) {
            if Some(selection.object) == object {
                for column in &selection.columns {
                    if !columns.contains(column) {
                        columns.push(column);
                    }
                }
            }
        }
        columns
    }

    /// Adds another selection.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.selections.extend(other.selections);
        self
    }

    fn fields(&self) -> impl Iterator<Item = (ObjectId, &'a PlannedField)> {
        let plan = self.plan;
        let selections = self.selections.iter().filter_map(move |id| plan.selection(*id));
        selections.flat_map(|selection| {
            selection.fields.iter().map(move |field| (selection.object, field))
        })
    }
}
