//! Execution, breadth-first: a field of a level is one call for all its parents.
//!
//! Objects of one type that were selected alike form a group. A level is all groups that are one read deeper than those of
//! the level before. Calls find the values of a field for a whole group; references to records are collected over the level
//! and read with one statement for each kind. Nothing is written yet: that is done at the end, in the order of the plan (`write.rs`).

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::coerce::{self, Arguments, Variables};
use super::cost::Estimate;
use super::leaf::Leaf;
use super::plan::{Children, Plan, PlannedArguments, PlannedField, SelectionId, Source};
use super::schema::{ObjectId, Record, Resolver, Schema};
use crate::db::rows::{Column, Rows};
use crate::db::{self, DbConnection, Session};
use crate::domain::viewer::Viewer;
use crate::domain::{Choice, Id, Kind};
use crate::graphql::error::{self, Code, Error};
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
    fn new(schema: &'a Schema, plan: &'a Plan, children: &Children) -> Self {
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

/// Which group of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupId(usize);

/// Objects of one type, selected alike, with the values of their fields.
pub struct Group {
    pub(super) selection: SelectionId,
    pub(super) objects: Objects,
    pub(super) fields: Vec<FieldValues>,
}

/// The values of a field for every object of a group.
pub enum FieldValues {
    /// Nothing was asked of it yet.
    Pending,
    /// They stand in the object itself, at this position where that is a row.
    Own(usize),
    /// Leaves.
    Leaves(Vec<Leaf>),
    /// The same JSON for every object.
    Json(Vec<u8>),
    /// Objects of other groups; the sets are these groups.
    Linked {
        /// The groups.
        groups: Vec<GroupId>,
        /// One for each object.
        slots: Vec<Slot>,
        /// What lists hold.
        items: Vec<Item>,
    },
    /// It failed for every object.
    Failed(Error),
}

/// References of a field that wait for the end of the level.
struct Wanted {
    group: GroupId,
    field: usize,
    references: Vec<References>,
}

/// An operation that is being executed.
pub struct Execution<'a, 'c> {
    pub(super) schema: &'a Schema,
    pub(super) plan: &'a Plan,
    variables: &'a Variables,
    context: Context<'c>,
    deadline: Instant,
    pub(super) groups: Vec<Group>,
}

impl<'a, 'c> Execution<'a, 'c> {
    /// The group of the root object.
    pub(super) const ROOT: GroupId = GroupId(0);

    /// Executes a plan: the fields at its root together, or, `serially`, each to its end before the next.
    ///
    /// # Errors
    /// When it takes longer than until `deadline`.
    pub fn run(
        schema: &'a Schema,
        plan: &'a Plan,
        variables: &'a Variables,
        context: Context<'c>,
        deadline: Instant,
        serially: bool,
    ) -> Result<Vec<Group>, Error> {
        let mut execution = Self { schema, plan, variables, context, deadline, groups: Vec::new() };
        let root = execution.group(plan.root(), Objects::values(vec![()]));
        let count = plan.selection(plan.root()).map_or(0, |selection| selection.fields.len());
        if serially {
            for field in 0..count {
                // What was read before a write is out of date.
                execution.context.memo.clear();
                let level = execution.level(vec![(root, field..field + 1)])?;
                execution.levels(level)?;
            }
        } else {
            let level = execution.level(vec![(root, 0..count)])?;
            execution.levels(level)?;
        }
        Ok(execution.groups)
    }

    fn levels(&mut self, mut level: Vec<GroupId>) -> Result<(), Error> {
        while !level.is_empty() {
            let groups = level.iter().map(|id| (*id, 0..self.field_count(*id)));
            level = self.level(groups.collect())?;
        }
        Ok(())
    }

    fn field_count(&self, id: GroupId) -> usize {
        self.groups.get(id.0).map_or(0, |group| group.fields.len())
    }

    fn group(&mut self, selection: SelectionId, objects: Objects) -> GroupId {
        let count = self.plan.selection(selection).map_or(0, |selection| selection.fields.len());
        let fields = std::iter::repeat_with(|| FieldValues::Pending).take(count).collect();
        self.groups.push(Group { selection, objects, fields });
        GroupId(self.groups.len() - 1)
    }

    /// Finds the values of these fields of these groups, and of all groups that follow from them without a read. Gives
    /// the groups of the next level: those that were read.
    fn level(&mut self, groups: Vec<(GroupId, Range<usize>)>) -> Result<Vec<GroupId>, Error> {
        let (mut wanted, mut next) = (Vec::new(), Vec::new());
        let mut queue = VecDeque::from(groups);
        while let Some((id, fields)) = queue.pop_front() {
            if Instant::now() >= self.deadline {
                return Err(error::mask(&db::Error::TimedOut));
            }
            for field in fields {
                let (reads, mut linked) = (self.context.reads, Vec::new());
                let values = self.field(id, field, &mut wanted, &mut linked);
                self.set(id, field, values);
                if self.context.reads > reads {
                    next.append(&mut linked);
                } else {
                    queue.extend(linked.into_iter().map(|id| (id, 0..self.field_count(id))));
                }
            }
        }
        self.read_references(wanted, &mut next);
        Ok(next)
    }

    fn set(&mut self, id: GroupId, field: usize, values: FieldValues) {
        if let Some(slot) = self.groups.get_mut(id.0).and_then(|group| group.fields.get_mut(field))
        {
            *slot = values;
        }
    }

    fn field(
        &mut self,
        id: GroupId,
        index: usize,
        wanted: &mut Vec<Wanted>,
        next: &mut Vec<GroupId>,
    ) -> FieldValues {
        let (schema, plan) = (self.schema, self.plan);
        let Some(group) = self.groups.get(id.0) else { return FieldValues::Pending };
        let Some(selection) = plan.selection(group.selection) else { return FieldValues::Pending };
        let Some(field) = selection.fields.get(index) else { return FieldValues::Pending };
        if group.objects.len() == 0 {
            return FieldValues::Pending;
        }
        let definition = match &field.source {
            Source::TypeName => return FieldValues::Own(0),
            Source::Introspection(introspection) => {
                let json = introspection.execute(schema, &field.key, self.variables);
                return json.map_or_else(FieldValues::Failed, FieldValues::Json);
            }
            Source::Plain(_, column) => return own(&group.objects, column),
            Source::Table(_) => field.definition(schema, selection.object),
        };
        let Some(definition) = definition else { return FieldValues::Pending };
        let resolve = match &definition.reader.resolver {
            Resolver::Value(_) => return FieldValues::Own(0),
            Resolver::Column(_) => {
                let column = definition.reader.columns.first().copied().unwrap_or_default();
                return own(&group.objects, column);
            }
            Resolver::Call(resolve) => resolve,
        };
        let arguments = match self.arguments(&field.arguments) {
            Ok(arguments) => arguments,
            Err(failure) => return FieldValues::Failed(failure),
        };
        let mut call = Call {
            context: &mut self.context,
            parents: &group.objects,
            arguments: &arguments,
            selected: Selected::new(schema, plan, &field.children),
        };
        match resolve.resolve(&mut call) {
            Ok(Resolved::Leaves(leaves)) => FieldValues::Leaves(leaves),
            Ok(Resolved::Linked(linked)) => self.link(&field.children, linked, next),
            Ok(Resolved::References(references)) => {
                wanted.push(Wanted { group: id, field: index, references });
                FieldValues::Pending
            }
            Err(failure) => FieldValues::Failed(failure),
        }
    }

    fn arguments(&self, planned: &PlannedArguments) -> Result<Arc<Arguments>, Error> {
        match planned {
            PlannedArguments::Constant(arguments) => Ok(arguments.clone()),
            PlannedArguments::Variable { definitions, given } => {
                coerce::arguments(&self.schema.definitions, definitions, given, self.variables)
                    .map(Arc::new)
                    .map_err(|mismatch| Code::BadUserInput.error(mismatch.message))
            }
        }
    }

    fn link(
        &mut self,
        children: &Children,
        linked: Linked,
        next: &mut Vec<GroupId>,
    ) -> FieldValues {
        let mut groups = Vec::new();
        for (name, objects) in linked.sets {
            let object = self.schema.object(name);
            let selection = object.and_then(|object| children.of(self.plan, object));
            let Some(selection) = selection else {
                return FieldValues::Failed(Error::internal(format!("{name} cannot stand here")));
            };
            let id = self.group(selection, objects);
            next.push(id);
            groups.push(id);
        }
        FieldValues::Linked { groups, slots: linked.slots, items: linked.items }
    }

    /// Reads the records that fields of a level refer to: those of each kind with one statement.
    fn read_references(&mut self, wanted: Vec<Wanted>, next: &mut Vec<GroupId>) {
        let mut batches: HashMap<Kind, Batch> = HashMap::new();
        for wanted in &wanted {
            let Some(children) = self.children(wanted) else { continue };
            let selected = Selected::new(self.schema, self.plan, children);
            for reference in references(&wanted.references) {
                batches.entry(reference.kind).or_default().add(reference.id);
            }
            for (kind, batch) in &mut batches {
                if let Some(record) = self.schema.record(*kind) {
                    batch.columns = selected.columns(record.object, &batch.columns);
                }
            }
        }
        let mut read: HashMap<Kind, Result<Read, Error>> = HashMap::new();
        for (kind, batch) in batches {
            let rows = self.read_kind(kind, batch);
            read.insert(kind, rows);
        }
        for wanted in wanted {
            let values = self.link_references(&wanted, &read, next);
            self.set(wanted.group, wanted.field, values);
        }
    }

    fn children(&self, wanted: &Wanted) -> Option<&'a Children> {
        let group = self.groups.get(wanted.group.0)?;
        let selection = self.plan.selection(group.selection)?;
        selection.fields.get(wanted.field).map(|field| &field.children)
    }

    fn read_kind(&mut self, kind: Kind, batch: Batch) -> Result<Read, Error> {
        let record = self
            .schema
            .record(kind)
            .copied()
            .ok_or_else(|| Error::internal(format!("no record {kind:?}")))?;
        let Batch { ids, columns, .. } = batch;
        let rows = self.context.read(|connection| record.select(connection, &ids, &columns))?;
        let by_id = (0..rows.len()).filter_map(|row| Some((Id::stored(rows.text(row, 0)?)?, row)));
        Ok(Read { object: record.object, by_id: by_id.collect(), rows: Rc::new(rows) })
    }

    fn link_references(
        &mut self,
        wanted: &Wanted,
        read: &HashMap<Kind, Result<Read, Error>>,
        next: &mut Vec<GroupId>,
    ) -> FieldValues {
        let Some(children) = self.children(wanted) else { return FieldValues::Pending };
        let mut linker = Linker { read, sets: Vec::new(), index: HashMap::new() };
        let mut items = Vec::new();
        let slots = wanted.references.iter().map(|references| match references {
            References::One(None) => Slot::One(Item::Null),
            References::One(Some(reference)) => Slot::One(linker.item(*reference)),
            References::List(list) => {
                let start = items.len();
                items.extend(list.iter().map(|reference| match reference {
                    Ok(None) => Item::Null,
                    Ok(Some(reference)) => linker.item(*reference),
                    Err(failure) => Item::Failed(failure.clone()),
                }));
                Slot::List(start..items.len())
            }
        });
        let slots = slots.collect();
        let sets = linker
            .sets
            .into_iter()
            .map(|set| (set.object, Objects::Rows { rows: set.rows, picked: set.picked }));
        let linked = Linked { sets: sets.collect(), slots, items };
        self.link(children, linked, next)
    }
}

/// A value that stands in a column of the object.
fn own(objects: &Objects, column: Column) -> FieldValues {
    let position = match objects {
        Objects::Rows { rows, .. } => rows.position(column),
        Objects::Values { .. } => None,
    };
    position.map_or_else(
        || FieldValues::Failed(Error::internal(format!("the column {column} was not selected"))),
        FieldValues::Own,
    )
}

fn references(all: &[References]) -> impl Iterator<Item = Reference> {
    all.iter().flat_map(|references| match references {
        References::One(reference) => reference.iter().copied().collect::<Vec<_>>(),
        References::List(list) => {
            list.iter().filter_map(|item| item.as_ref().ok().copied().flatten()).collect()
        }
    })
}

/// Records of a kind that are to be read.
#[derive(Default)]
struct Batch {
    ids: Vec<Id<()>>,
    known: std::collections::HashSet<Id<()>>,
    columns: Vec<Column>,
}

impl Batch {
    fn add(&mut self, id: Id<()>) {
        if self.known.insert(id) {
            self.ids.push(id);
        }
    }
}

/// Records of a kind that were read.
struct Read {
    object: &'static str,
    rows: Rc<Rows>,
    by_id: HashMap<Id<()>, usize>,
}

/// Picks, of the records that were read, those that one field refers to.
struct Linker<'a> {
    read: &'a HashMap<Kind, Result<Read, Error>>,
    sets: Vec<PickedRows>,
    index: HashMap<Reference, Item>,
}

struct PickedRows {
    kind: Kind,
    object: &'static str,
    rows: Rc<Rows>,
    picked: Vec<usize>,
}

impl Linker<'_> {
    fn item(&mut self, reference: Reference) -> Item {
        if let Some(item) = self.index.get(&reference) {
            return item.clone();
        }
        let item = match self.read.get(&reference.kind) {
            Some(Ok(read)) => match read.by_id.get(&reference.id) {
                Some(row) => self.pick(reference.kind, read, *row),
                None => Item::Null,
            },
            Some(Err(failure)) => Item::Failed(failure.clone()),
            None => Item::Null,
        };
        self.index.insert(reference, item.clone());
        item
    }

    fn pick(&mut self, kind: Kind, read: &Read, row: usize) -> Item {
        let position = self.sets.iter().position(|set| set.kind == kind);
        let set = position.unwrap_or_else(|| {
            let (object, rows) = (read.object, read.rows.clone());
            self.sets.push(PickedRows { kind, object, rows, picked: Vec::new() });
            self.sets.len() - 1
        });
        let Some(target) = self.sets.get_mut(set) else { return Item::Null };
        target.picked.push(row);
        Item::Object { set, index: target.picked.len() - 1 }
    }
}

/// The group with that id.
pub(super) fn group(groups: &[Group], id: GroupId) -> Option<&Group> {
    groups.get(id.0)
}
