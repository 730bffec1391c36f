//! Values of fields: objects, lists and references for each parent.

use std::collections::HashMap;
use std::rc::Rc;

use super::call::{Call, Item, Linked, Objects, Reference, References, Resolved, Slot};
use super::reader::{Reader, call};
use crate::db::DbConnection;
use crate::db::Error as DbError;
use crate::db::rows::{Column, Lookup, Rows};
use crate::domain::{Id, Kind};
use crate::graphql::error::Error;

fn linked(object: &'static str, objects: Objects, slots: Vec<Slot>, items: Vec<Item>) -> Resolved {
    Resolved::Linked(Linked { sets: vec![(object, objects)], slots, items })
}

/// One object for each parent.
pub fn each<T: 'static>(object: &'static str, values: Vec<T>) -> Resolved {
    let slots = (0..values.len()).map(|index| Slot::One(Item::Object { set: 0, index })).collect();
    linked(object, Objects::values(values), slots, Vec::new())
}

/// One object or error for each parent.
pub fn each_or_failed<T: 'static>(object: &'static str, values: Vec<Result<T, Error>>) -> Resolved {
    let mut present = Vec::new();
    let slots = values.into_iter().map(|value| {
        Slot::One(match value {
            Ok(value) => {
                present.push(value);
                Item::Object { set: 0, index: present.len() - 1 }
            }
            Err(failure) => Item::Failed(failure),
        })
    });
    let slots = slots.collect();
    linked(object, Objects::values(present), slots, Vec::new())
}

/// A list of objects for each parent.
pub fn each_list<T: 'static>(object: &'static str, lists: Vec<Vec<T>>) -> Resolved {
    each_list_or_failed(object, lists.into_iter().map(Ok).collect())
}

/// A list of objects or an error for each parent.
pub fn each_list_or_failed<T: 'static>(
    object: &'static str,
    lists: Vec<Result<Vec<T>, Error>>,
) -> Resolved {
    let (mut values, mut items, mut slots) = (Vec::new(), Vec::new(), Vec::new());
    for list in lists {
        let start = items.len();
        slots.push(match list {
            Ok(list) => {
                for value in list {
                    items.push(Item::Object { set: 0, index: values.len() });
                    values.push(value);
                }
                Slot::List(start..items.len())
            }
            Err(failure) => Slot::One(Item::Failed(failure)),
        });
    }
    linked(object, Objects::values(values), slots, items)
}

/// A list of rows for each parent, by their indexes in `rows`.
pub fn picked_lists<'p>(
    object: &'static str,
    rows: Rc<Rows>,
    lists: impl Iterator<Item = &'p [usize]>,
) -> Resolved {
    let (mut picked, mut items, mut slots) = (Vec::new(), Vec::new(), Vec::new());
    for list in lists {
        let start = items.len();
        items.extend((picked.len()..).zip(list).map(|(index, _)| Item::Object { set: 0, index }));
        picked.extend_from_slice(list);
        slots.push(Slot::List(start..items.len()));
    }
    linked(object, Objects::Rows { rows, picked }, slots, items)
}

/// For each parent, the row with the parent's key, or null. The first column of the rows is the key.
pub fn one_by_key(object: &'static str, keys: &[Option<&str>], rows: Rows) -> Resolved {
    let by_key: HashMap<&str, usize> =
        (0..rows.len()).filter_map(|row| Some((rows.text(row, 0)?, row))).collect();
    let slots = keys.iter().map(|key| {
        let row = key.and_then(|key| by_key.get(key));
        Slot::One(row.map_or(Item::Null, |row| Item::Object { set: 0, index: *row }))
    });
    let slots = slots.collect();
    linked(object, Objects::all(rows), slots, Vec::new())
}

/// For each parent, the rows with the parent's key, in the order of `rows`. The first column of the rows is the key.
pub fn lists_by_key(object: &'static str, keys: &[&str], rows: Rows) -> Resolved {
    let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
    for row in 0..rows.len() {
        by_key.entry(rows.text(row, 0).unwrap_or_default()).or_default().push(row);
    }
    let mut items = Vec::with_capacity(rows.len());
    let slots = keys.iter().map(|key| {
        let start = items.len();
        let rows = by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        items.extend(rows.iter().map(|row| Item::Object { set: 0, index: *row }));
        Slot::List(start..items.len())
    });
    let slots = slots.collect();
    linked(object, Objects::all(rows), slots, items)
}

/// The sorted keys, without duplicates.
pub fn distinct<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    let mut keys: Vec<&str> = keys.into_iter().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The record whose id is in a column of the parent. `ty` is a GraphQL type, such as `Party!`.
pub fn one(ty: &'static str, kind: Kind, column: Column) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        let ids = call.column(column)?.into_iter();
        let references = ids.map(|id| {
            References::One(id.and_then(Id::<()>::stored).map(|id| Reference { kind, id }))
        });
        Ok(Resolved::References(references.collect()))
    })
    .needs(&[column])
}

/// The record whose kind and id are in columns of the parent.
pub fn one_of(ty: &'static str, kind: Column, id: Column) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        let (kinds, ids) = (call.column(kind)?, call.column(id)?);
        let references = kinds.into_iter().zip(ids).map(|(kind, id)| {
            References::One(kind.zip(id).and_then(|(kind, id)| Reference::stored(kind, id)))
        });
        Ok(Resolved::References(references.collect()))
    })
    .needs(&[kind, id])
}

/// The rows of the type `object` that `lookup` finds by a column of the parent.
pub fn many(ty: &'static str, object: &'static str, column: Column, lookup: Lookup) -> Reader {
    many_by(ty, object, column, move |connection, keys, columns| {
        lookup.select(connection, keys, columns)
    })
}

/// The rows of the type `object` that `read` finds by a column of the parent. The first column of the rows contains the
/// value of the parent's column.
pub fn many_by(
    ty: &'static str,
    object: &'static str,
    column: Column,
    read: impl Fn(&mut DbConnection, &[&str], &[Column]) -> Result<Rows, DbError>
    + Send
    + Sync
    + 'static,
) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        let keys = call.keys(column)?;
        let columns = call.selected.columns(object, &[]);
        let distinct_keys = distinct(keys.iter().copied());
        let rows = call.context.read(|connection| read(connection, &distinct_keys, &columns))?;
        Ok(lists_by_key(object, &keys, rows))
    })
    .needs(&[column])
}

/// Reads the rows that have the value of an argument and one of the parents' ids.
type ReadByParents = fn(&mut DbConnection, &str, &[&str], &[Column]) -> Result<Rows, DbError>;

/// The row of the type `object` that `read` finds by an argument and the parent's id, or null. The first column of the rows
/// is the parent's id.
pub fn one_by_parent_and_argument(
    object: &'static str,
    id: Column,
    argument: &'static str,
    read: ReadByParents,
) -> Reader {
    call(object, move |call: &mut Call<'_, '_>| {
        let value: String = call.arguments.get(argument)?;
        let keys = call.column(id)?;
        let columns = call.selected.columns(object, &[]);
        let parents = distinct(keys.iter().copied().flatten());
        let rows = call.context.read(|connection| read(connection, &value, &parents, &columns))?;
        Ok(one_by_key(object, &keys, rows))
    })
    .needs(&[id])
}

/// The row of the type `object` that `lookup` finds by an argument, or null.
pub fn one_by_argument(object: &'static str, argument: &'static str, lookup: Lookup) -> Reader {
    call(object, move |call: &mut Call<'_, '_>| {
        let key: String = call.arguments.get(argument)?;
        let columns = call.selected.columns(object, &[]);
        let rows = call.context.read(|connection| lookup.select(connection, &[&key], &columns))?;
        let keys = vec![Some(key.as_str()); call.parents.len()];
        Ok(one_by_key(object, &keys, rows))
    })
    .reads_once()
}

/// The record to which each parent refers, or null.
pub fn reference<T: 'static>(
    ty: &'static str,
    refer: impl Fn(&T) -> Option<Reference> + Send + Sync + 'static,
) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        let parents = call.values::<T>()?.iter();
        let references = parents.map(|parent| References::One(refer(parent)));
        Ok(Resolved::References(references.collect()))
    })
}

/// The records to which each parent refers.
pub fn reference_list<T: 'static>(
    ty: &'static str,
    refer: impl Fn(&T) -> Vec<Reference> + Send + Sync + 'static,
) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        let parents = call.values::<T>()?.iter();
        let references = parents.map(|parent| References::list(refer(parent)));
        Ok(Resolved::References(references.collect()))
    })
}

/// For each parent, the list of values that `list` returns. The values have the GraphQL type `object`.
pub fn value_list<T: 'static, U: 'static>(
    ty: &'static str,
    object: &'static str,
    list: impl Fn(&T) -> Vec<U> + Send + Sync + 'static,
) -> Reader {
    call(ty, move |call: &mut Call<'_, '_>| {
        Ok(each_list(object, call.values::<T>()?.iter().map(&list).collect()))
    })
}
