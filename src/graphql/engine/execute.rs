//! Breadth-first execution: one call of a field for all its parents.
//!
//! Objects of one type with the same selection form a group. A level consists of the groups whose objects were read together.
//! A call returns the values of a field for a whole group. References to records are collected over the level, and each kind
//! is read with one statement. `write.rs` writes the response at the end.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::call::{Call, Context, Item, Linked, Objects, References, Resolved, Selected, Slot};
use super::coerce::{self, Arguments, Variables};
use super::leaf::Leaf;
use super::plan::{Children, Plan, PlannedArguments, SelectionId, Source};
use super::reader::Resolver;
use super::references::{Batch, Linker, Read, references};
use super::schema::Schema;
use crate::db;
use crate::db::rows::Column;
use crate::domain::{Id, Kind};
use crate::graphql::error::{self, Code, Error};

/// The index of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupId(usize);

/// Objects of one type with the same selection, and the values of their fields.
pub struct Group {
    pub(super) selection: SelectionId,
    pub(super) objects: Objects,
    pub(super) fields: Vec<FieldValues>,
}

/// The values of a field for every object of a group.
pub enum FieldValues {
    /// The field has not been executed yet.
    Pending,
    /// Values in the objects themselves, at this position of their rows.
    Own(usize),
    Leaves(Vec<Leaf>),
    /// The same JSON for every object.
    Json(Vec<u8>),
    /// Objects of other groups.
    Linked {
        /// The groups of the sets of objects.
        groups: Vec<GroupId>,
        /// The value for each object.
        slots: Vec<Slot>,
        /// The items of the lists in `slots`.
        items: Vec<Item>,
    },
    /// An error that applies to every object.
    Failed(Error),
}

/// References of a field, which are read at the end of the level.
struct PendingReferences {
    group: GroupId,
    field: usize,
    references: Vec<References>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootOrder {
    Together,
    /// The fields are executed one after another, each with its whole selection. For mutations.
    Serial,
}

/// An operation in execution.
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

    /// Executes a plan.
    ///
    /// # Errors
    /// Fails if the deadline has passed.
    pub fn run(
        schema: &'a Schema,
        plan: &'a Plan,
        variables: &'a Variables,
        context: Context<'c>,
        deadline: Instant,
        order: RootOrder,
    ) -> Result<Vec<Group>, Error> {
        let mut execution = Self { schema, plan, variables, context, deadline, groups: Vec::new() };
        let root = execution.group(plan.root(), Objects::values(vec![()]));
        let count = plan.selection(plan.root()).map_or(0, |selection| selection.fields.len());
        match order {
            RootOrder::Together => {
                let level = execution.level(vec![(root, 0..count)])?;
                execution.levels(level)?;
            }
            RootOrder::Serial => {
                for field in 0..count {
                    // The previous field may have written, so earlier reads are outdated.
                    execution.context.memo.clear();
                    let level = execution.level(vec![(root, field..field + 1)])?;
                    execution.levels(level)?;
                }
            }
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

    /// Executes these fields of these groups, and of all groups that they return without a read. Returns the groups of the
    /// next level, which were read.
    fn level(&mut self, groups: Vec<(GroupId, Range<usize>)>) -> Result<Vec<GroupId>, Error> {
        let (mut pending, mut next) = (Vec::new(), Vec::new());
        let mut queue = VecDeque::from(groups);
        while let Some((id, fields)) = queue.pop_front() {
            if Instant::now() >= self.deadline {
                return Err(error::mask(&db::Error::TimedOut));
            }
            for field in fields {
                let (reads, mut linked) = (self.context.reads, Vec::new());
                let values = self.field(id, field, &mut pending, &mut linked);
                self.set(id, field, values);
                if self.context.reads > reads {
                    next.append(&mut linked);
                } else {
                    queue.extend(linked.into_iter().map(|id| (id, 0..self.field_count(id))));
                }
            }
        }
        self.read_references(pending, &mut next);
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
        pending: &mut Vec<PendingReferences>,
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
                pending.push(PendingReferences { group: id, field: index, references });
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
                return FieldValues::Failed(Error::internal(format!("unexpected type {name}")));
            };
            let id = self.group(selection, objects);
            next.push(id);
            groups.push(id);
        }
        FieldValues::Linked { groups, slots: linked.slots, items: linked.items }
    }

    /// Reads the records to which the fields of a level refer, each kind with one statement.
    fn read_references(&mut self, pending: Vec<PendingReferences>, next: &mut Vec<GroupId>) {
        let mut batches: HashMap<Kind, Batch> = HashMap::new();
        for pending in &pending {
            let Some(children) = self.children(pending) else { continue };
            let selected = Selected::new(self.schema, self.plan, children);
            for reference in references(&pending.references) {
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
        for pending in pending {
            let values = self.link_references(&pending, &read, next);
            self.set(pending.group, pending.field, values);
        }
    }

    fn children(&self, pending: &PendingReferences) -> Option<&'a Children> {
        let group = self.groups.get(pending.group.0)?;
        let selection = self.plan.selection(group.selection)?;
        selection.fields.get(pending.field).map(|field| &field.children)
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
        pending: &PendingReferences,
        read: &HashMap<Kind, Result<Read, Error>>,
        next: &mut Vec<GroupId>,
    ) -> FieldValues {
        let Some(children) = self.children(pending) else { return FieldValues::Pending };
        let mut linker = Linker { read, sets: Vec::new(), index: HashMap::new() };
        let mut items = Vec::new();
        let slots = pending.references.iter().map(|references| match references {
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

pub(super) fn group(groups: &[Group], id: GroupId) -> Option<&Group> {
    groups.get(id.0)
}
