//! Breadth-first execution: one call of a field for all its parents.
//!
//! A group consists of objects that have one type and the same selection. One call of a field returns its values for a whole
//! group. Some fields return references to records instead of values. Groups are executed in levels. At the end of a level,
//! one statement for each kind of record reads all references of the level. Objects that were read from the database form
//! groups of the next level. Other objects that a field returns form groups of the same level. At the end, `write.rs` writes
//! the response.

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

/// Objects of one type with the same selection, together with the values of their fields.
pub struct Group {
    pub(super) selection: SelectionId,
    pub(super) objects: Objects,
    pub(super) fields: Vec<FieldValues>,
}

/// The values of a field for every object of a group.
pub enum FieldValues {
    /// The field has no values yet, or the group has no objects.
    None,
    /// The objects themselves contain the values. If the objects are rows, the number is the index of the column.
    InObjects(usize),
    /// A value for each object.
    Leaves(Vec<Leaf>),
    /// The same JSON for every object.
    Json(Vec<u8>),
    /// Objects of other groups.
    Linked {
        /// The groups to which the items refer by index: one for each type of object.
        groups: Vec<GroupId>,
        /// The value for each object: an item, or a range of `items`.
        slots: Vec<Slot>,
        /// The items of the lists in `slots`.
        items: Vec<Item>,
    },
    /// An error that applies to every object.
    Failed(Error),
}

/// The references that a field returned for a group, until they are read at the end of the level.
struct UnreadReferences {
    group: GroupId,
    field: usize,
    references: Vec<References>,
}

/// The order in which the root fields of the operation are executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootOrder {
    /// The fields are executed level by level, like all others.
    Together,
    /// The fields are executed one after another, each with its whole selection. Mutations use this order.
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
        let root = execution.add_group(plan.root(), Objects::values(vec![()]));
        let count = execution.field_count(root);
        match order {
            RootOrder::Together => execution.execute_levels(root, 0..count)?,
            RootOrder::Serial => {
                for field in 0..count {
                    // The previous field may have changed the database, so the memoized results may be outdated.
                    execution.context.memo.clear();
                    execution.execute_levels(root, field..field + 1)?;
                }
            }
        }
        Ok(execution.groups)
    }

    /// Executes these fields of the root, and everything below them.
    fn execute_levels(&mut self, root: GroupId, fields: Range<usize>) -> Result<(), Error> {
        let mut level = vec![(root, fields)];
        while !level.is_empty() {
            let next_level = self.execute_level(level)?;
            level = next_level.into_iter().map(|id| (id, 0..self.field_count(id))).collect();
        }
        Ok(())
    }

    fn field_count(&self, id: GroupId) -> usize {
        self.groups.get(id.0).map_or(0, |group| group.fields.len())
    }

    fn add_group(&mut self, selection: SelectionId, objects: Objects) -> GroupId {
        let count = self.plan.selection(selection).map_or(0, |selection| selection.fields.len());
        let fields = std::iter::repeat_with(|| FieldValues::None).take(count).collect();
        self.groups.push(Group { selection, objects, fields });
        GroupId(self.groups.len() - 1)
    }

    /// Executes these fields of these groups. Groups that a field returns without reading from the database belong to the same
    /// level, so their fields are executed, too. Returns the groups of the next level, which were read from the database.
    fn execute_level(
        &mut self,
        groups: Vec<(GroupId, Range<usize>)>,
    ) -> Result<Vec<GroupId>, Error> {
        let (mut unread, mut next_level) = (Vec::new(), Vec::new());
        let mut queue = VecDeque::from(groups);
        while let Some((id, fields)) = queue.pop_front() {
            if Instant::now() >= self.deadline {
                return Err(error::mask(&db::Error::TimedOut));
            }
            for field in fields {
                let (statements, mut returned) = (self.context.reads, Vec::new());
                let values = self.execute_field(id, field, &mut unread, &mut returned);
                self.set_values(id, field, values);
                if self.context.reads > statements {
                    next_level.append(&mut returned);
                } else {
                    queue.extend(returned.into_iter().map(|id| (id, 0..self.field_count(id))));
                }
            }
        }
        self.read_references(unread, &mut next_level);
        Ok(next_level)
    }

    fn set_values(&mut self, id: GroupId, field: usize, values: FieldValues) {
        if let Some(slot) = self.groups.get_mut(id.0).and_then(|group| group.fields.get_mut(field))
        {
            *slot = values;
        }
    }

    /// Executes the field at this index of a group's selection. Adds the groups that it returns to `returned`.
    fn execute_field(
        &mut self,
        id: GroupId,
        index: usize,
        unread: &mut Vec<UnreadReferences>,
        returned: &mut Vec<GroupId>,
    ) -> FieldValues {
        let (schema, plan) = (self.schema, self.plan);
        let missing = || FieldValues::Failed(Error::internal("a planned field is missing"));
        let Some(group) = self.groups.get(id.0) else { return missing() };
        let Some(selection) = plan.selection(group.selection) else { return missing() };
        let Some(field) = selection.fields.get(index) else { return missing() };
        if group.objects.len() == 0 {
            return FieldValues::None;
        }
        let definition = match &field.source {
            // The writer knows the type of the group.
            Source::TypeName => return FieldValues::InObjects(0),
            Source::Introspection(introspection) => {
                let json = introspection.execute(schema, &field.key, self.variables);
                return json.map_or_else(FieldValues::Failed, FieldValues::Json);
            }
            Source::Plain(_, column) => return values_of_column(&group.objects, column),
            Source::Table(_) => field.definition(schema, selection.object),
        };
        let Some(definition) = definition else { return missing() };
        let resolver = match &definition.reader.resolver {
            // The writer calls the function for each object.
            Resolver::Value(_) => return FieldValues::InObjects(0),
            Resolver::Column(_) => {
                let Some(column) = definition.reader.columns.first() else { return missing() };
                return values_of_column(&group.objects, column);
            }
            Resolver::Call(resolver) => resolver,
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
        match resolver.resolve(&mut call) {
            Ok(Resolved::Leaves(leaves)) => FieldValues::Leaves(leaves),
            Ok(Resolved::Linked(linked)) => self.add_linked(&field.children, linked, returned),
            Ok(Resolved::References(references)) => {
                unread.push(UnreadReferences { group: id, field: index, references });
                FieldValues::None
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

    /// Adds a group for each set of the linked objects, and adds its id to `added`.
    fn add_linked(
        &mut self,
        children: &Children,
        linked: Linked,
        added: &mut Vec<GroupId>,
    ) -> FieldValues {
        let mut groups = Vec::new();
        for (name, objects) in linked.sets {
            let object = self.schema.object(name);
            let selection = object.and_then(|object| children.of(self.plan, object));
            let Some(selection) = selection else {
                return FieldValues::Failed(Error::internal(format!("unexpected type {name}")));
            };
            let id = self.add_group(selection, objects);
            added.push(id);
            groups.push(id);
        }
        FieldValues::Linked { groups, slots: linked.slots, items: linked.items }
    }

    /// Reads the records to which the fields of a level refer, each kind with one statement.
    fn read_references(&mut self, unread: Vec<UnreadReferences>, next_level: &mut Vec<GroupId>) {
        let mut batches: HashMap<Kind, Batch> = HashMap::new();
        for unread in &unread {
            let Some(children) = self.children(unread) else { continue };
            let selected = Selected::new(self.schema, self.plan, children);
            for reference in references(&unread.references) {
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
        for unread in unread {
            let values = self.link_references(&unread, &read, next_level);
            self.set_values(unread.group, unread.field, values);
        }
    }

    fn children(&self, unread: &UnreadReferences) -> Option<&'a Children> {
        let group = self.groups.get(unread.group.0)?;
        let selection = self.plan.selection(group.selection)?;
        selection.fields.get(unread.field).map(|field| &field.children)
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
        unread: &UnreadReferences,
        read: &HashMap<Kind, Result<Read, Error>>,
        next_level: &mut Vec<GroupId>,
    ) -> FieldValues {
        let Some(children) = self.children(unread) else {
            return FieldValues::Failed(Error::internal("a planned field is missing"));
        };
        let mut linker = Linker { read, sets: Vec::new(), index: HashMap::new() };
        let mut items = Vec::new();
        let slots = unread.references.iter().map(|references| match references {
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
        self.add_linked(children, linked, next_level)
    }
}

fn values_of_column(objects: &Objects, column: Column) -> FieldValues {
    let position = match objects {
        Objects::Rows { rows, .. } => rows.position(column),
        Objects::Values { .. } => None,
    };
    position.map_or_else(
        || FieldValues::Failed(Error::internal(format!("the column {column} was not selected"))),
        FieldValues::InObjects,
    )
}

/// The group with this id.
pub(super) fn find_group(groups: &[Group], id: GroupId) -> Option<&Group> {
    groups.get(id.0)
}
