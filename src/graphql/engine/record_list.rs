//! Lists of records of the database, as connections.

use std::collections::HashMap;
use std::rc::Rc;

use super::call::{Call, Context, Item, Linked, Objects, Reference, References, Resolved, Slot};
use super::connection::{Connection, PagedList, Shape, has_cursors};
use super::link::{distinct, each};
use super::page::{PageEnds, encode, page, paging};
use super::reader::{Reader, Statements, call};
use crate::db::page::List;
use crate::db::rows::{Column, Rows};
use crate::domain::{Kind, StringEnum};
use crate::graphql::error::Error;

/// A list of records.
pub(super) struct Records {
    counter: Box<Counter>,
}

/// Counts the records in the list of each parent. The parents contain no duplicates. A parent without records may be
/// absent from the result.
type Counter = dyn Fn(&mut Context<'_>, &[&str]) -> Result<HashMap<String, i64>, Error>;

/// A record of a list.
#[derive(Clone)]
pub(super) enum RecordItem {
    /// A row, by its index in rows that were read together.
    Row(Rc<Rows>, usize),
    /// A record to be read by its id.
    Reference(Reference),
}

impl PagedList for Records {
    type Item = RecordItem;

    const NODE_STATEMENTS: Statements = Statements::None;

    fn nodes(
        _call: &mut Call<'_, '_>,
        object: &'static str,
        lists: &[&[RecordItem]],
        shape: Shape,
    ) -> Result<Resolved, Error> {
        // All items of a field are rows, or all are references.
        let is_reference = |item: &RecordItem| matches!(item, RecordItem::Reference(_));
        let mut all = lists.iter().copied().flatten();
        Ok(if all.any(is_reference) {
            reference_nodes(lists, shape)
        } else {
            row_nodes(object, lists, shape)
        })
    }

    fn counts(&self, context: &mut Context<'_>, parents: &[&str]) -> Result<Vec<i64>, Error> {
        let counts = (self.counter)(context, &distinct(parents.iter().copied()))?;
        Ok(parents.iter().map(|parent| counts.get(*parent).copied().unwrap_or_default()).collect())
    }
}

fn reference_nodes(lists: &[&[RecordItem]], shape: Shape) -> Resolved {
    let references = lists.iter().map(|list| {
        let mut references = list.iter().filter_map(|item| match item {
            RecordItem::Reference(reference) => Some(*reference),
            RecordItem::Row(..) => None,
        });
        match shape {
            Shape::One => References::One(references.next()),
            Shape::List => References::list(references),
        }
    });
    Resolved::References(references.collect())
}

/// Nodes that are rows. All of them were read together.
fn row_nodes(object: &'static str, lists: &[&[RecordItem]], shape: Shape) -> Resolved {
    let mut linked = Linked::default();
    let (mut picked, mut read_rows) = (Vec::new(), None);
    for list in lists {
        let first = picked.len();
        for item in *list {
            let RecordItem::Row(rows, index) = item else { continue };
            picked.push(*index);
            read_rows.get_or_insert_with(|| rows.clone());
        }
        linked.slots.push(match shape {
            Shape::One => Slot::One(Item::Object { set: 0, index: first }),
            Shape::List => {
                let start = linked.items.len();
                let items = (first..picked.len()).map(|index| Item::Object { set: 0, index });
                linked.items.extend(items);
                Slot::List(start..linked.items.len())
            }
        });
    }
    if let Some(rows) = read_rows {
        linked.sets.push((object, Objects::Rows { rows, picked }));
    }
    Resolved::Linked(linked)
}

/// A page of a list of records of the object type `node`, with the paging arguments. `parent` is the column of the parent
/// that identifies its list. `list` creates the list from the arguments.
pub fn connection<L: List>(
    ty: &'static str,
    node: &'static str,
    parent: Option<Column>,
    list: impl Fn(&mut Call<'_, '_>) -> Result<L, Error> + Send + Sync + 'static,
) -> Reader {
    let columns = move |call: &Call<'_, '_>| {
        let nodes = call.selected.field("nodes").and(call.selected.field("edges").field("node"));
        nodes.columns(node, &[L::ID])
    };
    pages(ty, parent, list, columns, |rows, index| Ok(RecordItem::Row(rows.clone(), index)))
        .reads_once()
}

/// A page of a list of records of several kinds. `kind` is the column that contains the kind of each record.
pub fn mixed_connection<L: List>(
    ty: &'static str,
    kind: Column,
    parent: Option<Column>,
    list: impl Fn(&mut Call<'_, '_>) -> Result<L, Error> + Send + Sync + 'static,
) -> Reader {
    let columns = move |_: &Call<'_, '_>| vec![L::ID, kind];
    pages(ty, parent, list, columns, |rows, index| {
        let reference = rows.text(index, 2).zip(rows.text(index, 1));
        let reference = reference.and_then(|(kind, id)| Reference::stored(kind, id));
        let unknown = || Error::internal("a record of an unknown kind");
        Ok(RecordItem::Reference(reference.ok_or_else(unknown)?))
    })
}

/// A page of a list for each parent, with the paging arguments. `columns` are the columns to read. The first column is the
/// id. In the rows, the parent's key precedes the columns, and the sort values follow them. `item` returns the item of a row.
fn pages<L: List>(
    ty: &'static str,
    parent: Option<Column>,
    list: impl Fn(&mut Call<'_, '_>) -> Result<L, Error> + Send + Sync + 'static,
    columns: impl Fn(&Call<'_, '_>) -> Vec<Column> + Send + Sync + 'static,
    item: impl Fn(&Rc<Rows>, usize) -> Result<RecordItem, Error> + Send + Sync + 'static,
) -> Reader {
    let object = ty.trim_end_matches('!');
    let reader = call(ty, move |call: &mut Call<'_, '_>| {
        let list = list(call)?;
        let (tag, keys) = ([kind_tag(L::KIND), list.order_tag()], list.sort_keys());
        let page = page(call.arguments, tag, keys)?;
        let parents = match parent {
            Some(column) => call.keys(column)?,
            None => vec![""; call.parents.len()],
        };
        let mut columns = columns(call);
        let sort_values = 1 + columns.len()..1 + columns.len() + keys.len();
        let has_cursors = has_cursors(call);
        if has_cursors {
            columns.extend(keys.iter().map(|key| key.expression));
        }
        let parent_keys = distinct(parents.iter().copied());
        let pages = call
            .context
            .read(|connection| list.select(connection, &page, &parent_keys, &columns))?;
        let (rows, list) = (Rc::new(pages.rows), Rc::new(Records { counter: counter(list) }));
        let connections = parents.iter().map(|parent| {
            let selected = pages.by_parent.get(*parent).cloned().unwrap_or_default();
            let cursor = |row: &usize| {
                let values = sort_values.clone().map(|position| rows.sort_text(*row, position));
                encode(tag, &values.collect::<Vec<_>>())
            };
            let cursors =
                if has_cursors { selected.rows.iter().map(cursor).collect() } else { Vec::new() };
            let items = selected.rows.iter().map(|row| item(&rows, *row));
            Ok(Connection {
                list: list.clone(),
                items: items.collect::<Result<_, Error>>()?,
                ends: PageEnds::from(&page),
                has_more: selected.more,
                cursors,
                parent: (*parent).to_owned(),
            })
        });
        Ok(each(object, connections.collect::<Result<Vec<_>, Error>>()?))
    });
    paging(parent.into_iter().fold(reader, |reader, column| reader.needs(&[column])))
}

fn counter<L: List>(list: L) -> Box<Counter> {
    Box::new(move |context, parents| context.read(|connection| list.counts(connection, parents)))
}

fn kind_tag(kind: Kind) -> u8 {
    let position = Kind::ALL.iter().position(|other| *other == kind);
    position.and_then(|position| u8::try_from(position).ok()).unwrap_or(u8::MAX)
}
