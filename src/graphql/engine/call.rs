//! Calls: what a field's reader gets, the parents of a whole group, and what it gives back, one value for each parent.

use std::any::Any;
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
use crate::domain::viewer::Viewer;
use crate::domain::{Id, Kind, StringEnum};
use crate::graphql::error::{self, Error};
use crate::graphql::subscription::Position;
use crate::limits::Limits;

/// What a call needs of the request that it is for.
pub struct Context<'a> {
    pub(crate) session: &'a mut Session,
    /// Who asks.
    pub viewer: &'a Viewer,
    /// How large the answer may get.
    pub estimate: Estimate,
    /// The limits of the server.
    pub limits: &'a Limits,
    /// Where a subscription stands in the change log.
    pub(in crate::graphql) position: Option<&'a Position>,
    /// Whether the request is of one statement, which needs no snapshot besides itself.
    pub(in crate::graphql) is_alone: bool,
    /// How many times `read` was called.
    pub(in crate::graphql) reads: usize,
    /// What `read_once` has read.
    pub(in crate::graphql) memo: HashMap<String, Rc<dyn Any>>,
}

impl Context<'_> {
    /// Reads in the snapshot of the request.
    ///
    /// # Errors
    /// Those of `read`, as a client may see them.
    pub fn read<T>(
        &mut self,
        read: impl FnOnce(&mut DbConnection) -> Result<T, db::Error>,
    ) -> Result<T, Error> {
        self.reads += 1;
        let connection =
            if self.is_alone { self.session.read_alone() } else { self.session.read() };
        connection.and_then(read).map_err(|failure| error::mask(&failure))
    }

    /// Reads what several fields of a document may ask for, under different names in the answer: once for each `key`,
    /// which names what is read with all that it depends on.
    ///
    /// # Errors
    /// Those of `read`, as a client may see them.
    pub fn read_once<T: 'static>(
        &mut self,
        key: String,
        read: impl FnOnce(&mut DbConnection) -> Result<T, db::Error>,
    ) -> Result<Rc<T>, Error> {
        if let Some(known) = self.memo.get(&key).and_then(|known| known.clone().downcast().ok()) {
            return Ok(known);
        }
        let value = Rc::new(self.read(read)?);
        self.memo.insert(key, value.clone());
        Ok(value)
    }
}

/// Objects of one type that were selected alike.
#[derive(Clone)]
pub enum Objects {
    /// Rows of the database.
    Rows {
        /// The rows.
        rows: Rc<Rows>,
        /// Which of them, in order.
        picked: Vec<usize>,
    },
    /// Rust values: a `Vec<T>`.
    Values {
        /// The values.
        values: Rc<dyn Any>,
        /// How many there are.
        count: usize,
    },
}

impl Objects {
    /// All rows.
    pub fn all(rows: Rows) -> Self {
        let picked = (0..rows.len()).collect();
        Self::Rows { rows: Rc::new(rows), picked }
    }

    /// Rust values.
    pub fn values<T: 'static>(values: Vec<T>) -> Self {
        let count = values.len();
        Self::Values { values: Rc::new(values), count }
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Rows { picked, .. } => picked.len(),
            Self::Values { count, .. } => *count,
        }
    }
}

/// One object of a field's value, or none.
#[derive(Debug, Clone)]
pub enum Item {
    /// Null.
    Null,
    /// The object at this index of one of the sets.
    Object {
        /// Which set.
        set: usize,
        /// Which object of it.
        index: usize,
    },
    /// It could not be found.
    Failed(Error),
}

/// The value of a field for one parent.
#[derive(Debug, Clone)]
pub enum Slot {
    /// One object, or none.
    One(Item),
    /// These of the items.
    List(Range<usize>),
}

/// A record that is to be read by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Id<()>,
}

impl Reference {
    /// The record of that kind with that id.
    pub fn new<T>(kind: Kind, id: Id<T>) -> Self {
        Self { kind, id: id.cast() }
    }

    /// The record of the kind with that stored name; none where the name or the id is malformed.
    pub fn stored(kind: &str, id: &str) -> Option<Self> {
        Some(Self { kind: Kind::parse(kind)?, id: Id::stored(id)? })
    }
}

/// The records that a field refers to, for one parent.
#[derive(Debug, Clone)]
pub enum References {
    /// At most one.
    One(Option<Reference>),
    /// A list; null, and an error, may stand in the place of an item.
    List(Vec<Result<Option<Reference>, Error>>),
}

impl References {
    /// A list of records, all of which are there.
    pub fn list(references: impl IntoIterator<Item = Reference>) -> Self {
        Self::List(references.into_iter().map(|reference| Ok(Some(reference))).collect())
    }
}

/// The objects that are the values of a field.
#[derive(Default)]
pub struct Linked {
    /// The objects, by type.
    pub sets: Vec<(&'static str, Objects)>,
    /// One for each parent.
    pub slots: Vec<Slot>,
    /// What the lists among the slots hold.
    pub items: Vec<Item>,
}

/// The values of a field, one for each parent.
pub enum Resolved {
    /// Scalars and enums.
    Leaves(Vec<Leaf>),
    /// Objects.
    Linked(Linked),
    /// Records, which are read with all others of the level.
    References(Vec<References>),
}

/// A call of a field for all parents of a group.
pub struct Call<'a, 'c> {
    /// The request.
    pub context: &'a mut Context<'c>,
    /// The parents.
    pub parents: &'a Objects,
    /// The arguments.
    pub arguments: &'a Arguments,
    /// What is selected on the values.
    pub selected: Selected<'a>,
}

impl<'a> Call<'a, '_> {
    /// The parents as Rust values.
    ///
    /// # Errors
    /// When they are something else: a defect of the tables.
    pub fn values<T: 'static>(&self) -> Result<&'a [T], Error> {
        match self.parents {
            Objects::Values { values, .. } => values
                .downcast_ref::<Vec<T>>()
                .map(Vec::as_slice)
                .ok_or_else(|| Error::internal("parents of another type")),
            Objects::Rows { .. } => Err(Error::internal("parents that are rows")),
        }
    }

    /// A column of the parents, which are rows; none where it is null.
    ///
    /// # Errors
    /// When it was not selected: a defect of the tables.
    pub fn column(&self, column: Column) -> Result<Vec<Option<&'a str>>, Error> {
        let Objects::Rows { rows, picked } = self.parents else {
            return Err(Error::internal("parents that are not rows"));
        };
        let position = rows
            .position(column)
            .ok_or_else(|| Error::internal(format!("the column {column} was not selected")))?;
        Ok(picked.iter().map(|row| rows.text(*row, position)).collect())
    }

    /// A column of the parents that is never null.
    ///
    /// # Errors
    /// When it was not selected, or is null: a defect of the tables.
    pub fn keys(&self, column: Column) -> Result<Vec<&'a str>, Error> {
        let keys: Option<Vec<&str>> = self.column(column)?.into_iter().collect();
        keys.ok_or_else(|| Error::internal(format!("the column {column} is null")))
    }
}

/// What is selected on the values of a field.
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

    /// What is selected on the values of the field with that name, under whatever names in the answer.
    pub fn field(&self, name: &str) -> Self {
        let mut selections = Vec::new();
        for (object, field) in self.fields() {
            if field.definition(self.schema, object).is_some_and(|field| field.name == name) {
                selections.extend(Self::new(self.schema, self.plan, &field.children).selections);
            }
        }
        Self { selections, ..*self }
    }

    /// How records of a kind are read.
    pub fn record(&self, kind: Kind) -> Option<&'a Record> {
        self.schema.record(kind)
    }

    /// Whether the field with that name is selected.
    pub fn has(&self, name: &str) -> bool {
        self.fields().any(|(object, field)| {
            field.definition(self.schema, object).is_some_and(|field| field.name == name)
        })
    }

    /// The columns that are needed of rows of that object type, each once, after those in `keys`.
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

    /// Together with what is selected elsewhere.
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
