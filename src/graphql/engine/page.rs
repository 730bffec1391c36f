//! Connections: pages of lists, as the GraphQL Cursor Connections Specification has them.
//!
//! Edges, cursors, `pageInfo` and `totalCount` are made only where they are selected.

use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::call::{Call, Context, Item, Linked, Objects, Reference, References, Resolved, Slot};
use super::coerce::Arguments;
use super::link::{distinct, each, each_list};
use super::schema::{Object, Reader, call, leaf, value};
use crate::db::page::{List, Page};
use crate::db::rows::{Column, Rows};
use crate::db::sort::{SortKey, SortValue};
use crate::domain::{Kind, StringEnum, text};
use crate::graphql::error::{Code, Error};

/// Page size where none is given.
pub const DEFAULT_PAGE_SIZE: i32 = 50;
/// Largest page size.
pub const MAX_PAGE_SIZE: i32 = 200;

/// The page of a list that the arguments `first`, `after`, `last` and `before` ask for.
///
/// # Errors
/// When the size is out of range, both ends are given, or a cursor is none of this list's.
pub fn page(arguments: &Arguments, tag: ListTag, keys: &[SortKey]) -> Result<Page, Error> {
    let (size, from_end) = page_size(arguments)?;
    let cursor = |name: &str| -> Result<Option<Vec<SortValue>>, Error> {
        let cursor: Option<String> = arguments.get(name)?;
        cursor.map(|cursor| decode(tag, keys, name, &cursor)).transpose()
    };
    Ok(Page { size, from_end, after: cursor("after")?, before: cursor("before")? })
}

/// How many records a page has at most, and whether they are taken from the end.
///
/// # Errors
/// When the size is out of range, or both ends are given.
pub fn page_size(arguments: &Arguments) -> Result<(i32, bool), Error> {
    match (arguments.get("first")?, arguments.get("last")?) {
        (Some(_), Some::<i32>(_)) => Err(Code::BadUserInput
            .error("`first` and `last` cannot be given together: page either forward or backward")),
        (Some(first), None) => Ok((check_size("first", first)?, false)),
        (None, Some(last)) => Ok((check_size("last", last)?, true)),
        (None, None) => Ok((DEFAULT_PAGE_SIZE, false)),
    }
}

fn check_size(name: &str, size: i32) -> Result<i32, Error> {
    if (0..=MAX_PAGE_SIZE).contains(&size) {
        Ok(size)
    } else {
        Err(Code::BadUserInput.error(format!(
            "`{name}: {size}` is out of range: a page has from 0 to {MAX_PAGE_SIZE} records"
        )))
    }
}

/// Tells the cursors of a list in an order from all others.
pub type ListTag = [u8; 2];

/// Separates the sort values in a cursor. No text in the database contains it.
const SEPARATOR: &str = "\0";

/// The cursor of a record: the list's tag, and the record's sort values.
pub fn encode(tag: ListTag, values: &[String]) -> String {
    let mut bytes = tag.to_vec();
    bytes.extend_from_slice(values.join(SEPARATOR).as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(
    tag: ListTag,
    keys: &[SortKey],
    name: &str,
    cursor: &str,
) -> Result<Vec<SortValue>, Error> {
    let quoted = text::quote(cursor);
    let malformed = || {
        Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is not a cursor: use a `cursor`, `startCursor` or `endCursor` of this list"
        ))
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
    let Some((of, values)) = bytes.split_first_chunk() else { return Err(malformed()) };
    let values = std::str::from_utf8(values).map_err(|_| malformed())?;
    if *of != tag {
        return Err(Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is a cursor of another list, or of this one in another order"
        )));
    }
    let values: Vec<&str> = values.split(SEPARATOR).collect();
    if values.len() != keys.len() {
        return Err(malformed());
    }
    let values = keys.iter().zip(values).map(|(key, value)| key.parse(value));
    values.collect::<Option<_>>().ok_or_else(malformed)
}

fn kind_tag(kind: Kind) -> u8 {
    let position = Kind::ALL.iter().position(|other| *other == kind);
    position.and_then(|position| u8::try_from(position).ok()).unwrap_or(u8::MAX)
}

/// Counts the list of each of several parents.
type Counter = dyn Fn(&mut Context<'_>, &[String]) -> Result<Vec<i64>, Error>;

/// A page of a list.
struct Connection {
    members: Members,
    /// The cursor of each member, if cursors are selected.
    cursors: Vec<String>,
    /// The page that was asked for, and whether there is more towards where it was taken.
    page: Rc<Page>,
    more: bool,
    parent: String,
    counter: Rc<Counter>,
}

/// The records on a page.
#[derive(Clone)]
enum Members {
    /// Rows: those of all pages that were read together, and which of them are on this page.
    Rows(Rc<Rows>, Vec<usize>),
    /// Records of several kinds, which are read by their ids.
    References(Vec<Reference>),
}

impl Members {
    fn len(&self) -> usize {
        match self {
            Self::Rows(_, picked) => picked.len(),
            Self::References(references) => references.len(),
        }
    }

    /// The one at that position, alone.
    fn only(&self, index: usize) -> Self {
        match self {
            Self::Rows(rows, picked) => {
                Self::Rows(rows.clone(), picked.get(index).copied().into_iter().collect())
            }
            Self::References(references) => {
                Self::References(references.get(index).copied().into_iter().collect())
            }
        }
    }
}

/// A record on a page.
struct Edge {
    cursor: String,
    node: Members,
}

/// Where a page lies in its list.
pub struct PageInfo {
    /// Whether there is more after it.
    pub has_next_page: bool,
    /// Whether there is more before it.
    pub has_previous_page: bool,
    /// The cursor of its first record.
    pub start_cursor: Option<String>,
    /// The cursor of its last record.
    pub end_cursor: Option<String>,
}

/// Where a page was asked for in its list.
#[derive(Debug, Clone, Copy)]
pub struct PageEnds {
    /// Whether it was taken from the end.
    pub from_end: bool,
    /// Whether it begins after a cursor.
    pub has_after: bool,
    /// Whether it ends before a cursor.
    pub has_before: bool,
}

impl From<&Page> for PageEnds {
    fn from(page: &Page) -> Self {
        Self {
            from_end: page.from_end,
            has_after: page.after.is_some(),
            has_before: page.before.is_some(),
        }
    }
}

impl PageInfo {
    /// Of a page whose records have these cursors. `more` says whether there are others towards where it was taken.
    pub fn of(ends: impl Into<PageEnds>, more: bool, cursors: &[String]) -> Self {
        let PageEnds { from_end, has_after, has_before } = ends.into();
        Self {
            has_next_page: if from_end { has_before } else { more },
            has_previous_page: if from_end { more } else { has_after },
            start_cursor: cursors.first().cloned(),
            end_cursor: cursors.last().cloned(),
        }
    }
}

/// The paging arguments of a connection.
pub fn paging(reader: Reader) -> Reader {
    reader
        .argument::<Option<i32>>("first", FIRST)
        .argument::<Option<String>>("after", AFTER)
        .argument::<Option<i32>>("last", LAST)
        .argument::<Option<String>>("before", BEFORE)
}

/// Description of the argument `first`.
pub const FIRST: &str =
    "Number of items from the start of the list. 0 to 200. Default: 50, unless `last` is given.";
/// Description of the argument `after`.
pub const AFTER: &str = "Returns only items after this cursor.";
/// Description of the argument `last`.
pub const LAST: &str =
    "Number of items from the end of the list. 0 to 200. Cannot be combined with `first`.";
/// Description of the argument `before`.
pub const BEFORE: &str = "Returns only items before this cursor.";

/// A page of a list of records of the object type `node`, with the paging arguments. `parent` is the column of the parent
/// that the list belongs to; `list` says which list the arguments ask for.
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
    pages(ty, parent, list, columns, |rows, picked| Ok(Members::Rows(rows.clone(), picked)))
        .reads_once()
}

/// The same for a list of records of several kinds, which stand in the column `kind` of the list.
pub fn mixed_connection<L: List>(
    ty: &'static str,
    kind: Column,
    parent: Option<Column>,
    list: impl Fn(&mut Call<'_, '_>) -> Result<L, Error> + Send + Sync + 'static,
) -> Reader {
    pages(
        ty,
        parent,
        list,
        move |_| vec![L::ID, kind],
        |rows, picked| {
            let references = picked
                .iter()
                .map(|row| Reference::stored(rows.text(*row, 2)?, rows.text(*row, 1)?));
            let references: Option<Vec<Reference>> = references.collect();
            let references =
                references.ok_or_else(|| Error::internal("a record of an unknown kind"))?;
            Ok(Members::References(references))
        },
    )
}

/// A page of a list for each parent, with the paging arguments. `columns` are those to read, of which the first is the id;
/// they stand behind the parent's key.
fn pages<L: List>(
    ty: &'static str,
    parent: Option<Column>,
    list: impl Fn(&mut Call<'_, '_>) -> Result<L, Error> + Send + Sync + 'static,
    columns: impl Fn(&Call<'_, '_>) -> Vec<Column> + Send + Sync + 'static,
    members: impl Fn(&Rc<Rows>, Vec<usize>) -> Result<Members, Error> + Send + Sync + 'static,
) -> Reader {
    let reader = call(ty, move |call: &mut Call<'_, '_>| {
        let list = list(call)?;
        let (tag, keys) = ([kind_tag(L::KIND), list.order_tag()], list.sort_keys());
        let page = Rc::new(page(call.arguments, tag, keys)?);
        let parents = match parent {
            Some(column) => call.keys(column)?,
            None => vec![""; call.parents.len()],
        };
        let mut columns = columns(call);
        // The parent's key stands before the columns, the sort values behind them.
        let sort_values = 1 + columns.len()..1 + columns.len() + keys.len();
        let has_cursors = has_cursors(call);
        if has_cursors {
            columns.extend(keys.iter().map(|key| key.expression));
        }
        let wanted = distinct(parents.iter().copied());
        let pages =
            call.context.read(|connection| list.select(connection, &page, &wanted, &columns))?;
        let (rows, counter) = (Rc::new(pages.rows), counter(list));
        let connections = parents.iter().map(|parent| {
            let selected = pages.by_parent.get(*parent).cloned().unwrap_or_default();
            let cursor = |row: &usize| {
                let values = sort_values.clone().map(|position| rows.sort_text(*row, position));
                encode(tag, &values.collect::<Vec<_>>())
            };
            let cursors =
                if has_cursors { selected.rows.iter().map(cursor).collect() } else { vec![] };
            Ok(Connection {
                members: members(&rows, selected.rows)?,
                cursors,
                page: page.clone(),
                more: selected.more,
                parent: (*parent).to_owned(),
                counter: counter.clone(),
            })
        });
        Ok(each(trimmed(ty), connections.collect::<Result<Vec<_>, Error>>()?))
    });
    let reader = parent.into_iter().fold(reader, |reader, column| reader.needs(&[column]));
    paging(reader)
}

/// Whether any cursor of a connection is selected.
fn has_cursors(call: &Call<'_, '_>) -> bool {
    let info = call.selected.field("pageInfo");
    call.selected.field("edges").has("cursor") || info.has("startCursor") || info.has("endCursor")
}

/// Counts a list.
fn counter<L: List>(list: L) -> Rc<Counter> {
    Rc::new(move |context, parents| {
        // The same parent may stand at several places of the answer.
        let wanted = distinct(parents.iter().map(String::as_str));
        let counts = context.read(|connection| list.counts(connection, &wanted))?;
        Ok(parents.iter().map(|parent| counts.get(parent).copied().unwrap_or_default()).collect())
    })
}

/// The type of a field without its exclamation mark.
fn trimmed(ty: &'static str) -> &'static str {
    ty.trim_end_matches('!')
}

/// The nodes of pages or edges: rows that were read already, or records that are still to be read.
fn nodes<'m>(
    object: &'static str,
    members: impl Iterator<Item = &'m Members> + Clone,
    as_list: bool,
) -> Resolved {
    if members.clone().any(|members| matches!(members, Members::References(_))) {
        let references = members.map(|members| match members {
            Members::References(references) if as_list => {
                References::list(references.iter().copied())
            }
            Members::References(references) => References::One(references.first().copied()),
            Members::Rows(..) => References::One(None),
        });
        return Resolved::References(references.collect());
    }
    let mut linked = Linked::default();
    let (mut all, mut shared) = (Vec::new(), None);
    for members in members {
        let Members::Rows(rows, picked) = members else { continue };
        let first = all.len();
        all.extend_from_slice(picked);
        shared = Some(rows.clone());
        linked.slots.push(if as_list {
            let start = linked.items.len();
            linked.items.extend((first..all.len()).map(|index| Item::Object { set: 0, index }));
            Slot::List(start..linked.items.len())
        } else {
            Slot::One(Item::Object { set: 0, index: first })
        });
    }
    if let Some(rows) = shared {
        linked.sets.push((object, Objects::Rows { rows, picked: all }));
    }
    Resolved::Linked(linked)
}

/// The connection type and the edge type of a list. `node` is the type of its records; `list_type` and `edge_list` as
/// GraphQL writes them (`[Clause!]!`, `[ClauseEdge!]!`).
pub struct ConnectionTypes {
    /// `ClauseConnection`.
    pub connection: &'static str,
    /// `ClauseEdge`.
    pub edge: &'static str,
    /// `Clause`.
    pub node: &'static str,
    /// `Clause!`.
    pub node_type: &'static str,
    /// `[Clause!]!`.
    pub nodes_type: &'static str,
    /// `[ClauseEdge!]!`.
    pub edges_type: &'static str,
}

/// Names the types of a connection.
macro_rules! connection_types {
    ($node:literal) => {
        $crate::graphql::engine::page::ConnectionTypes {
            connection: concat!($node, "Connection"),
            edge: concat!($node, "Edge"),
            node: $node,
            node_type: concat!($node, "!"),
            nodes_type: concat!("[", $node, "!]!"),
            edges_type: concat!("[", $node, "Edge!]!"),
        }
    };
}
pub(crate) use connection_types;

impl ConnectionTypes {
    /// The two object types.
    pub fn objects(self) -> [Object; 2] {
        let Self { connection, edge, node, node_type, nodes_type, edges_type } = self;
        let page = Object::new(connection, "One page of a list.")
            .field(
                "nodes",
                "Items on this page, in list order.",
                call(nodes_type, move |call: &mut Call<'_, '_>| {
                    let pages = call.values::<Connection>()?;
                    Ok(nodes(node, pages.iter().map(|page| &page.members), true))
                })
                .reads_nothing(),
            )
            .field(
                "edges",
                "Items on this page, each with its cursor.",
                call(edges_type, move |call: &mut Call<'_, '_>| {
                    let pages = call.values::<Connection>()?;
                    Ok(each_list(edge, pages.iter().map(edges).collect()))
                })
                .reads_nothing(),
            )
            .field("pageInfo", "Position of this page in the list.", page_info())
            .field(
                "totalCount",
                "Number of items in the list, across all pages. Computed only if selected.",
                total_count(),
            );
        let edge = Object::new(edge, "An item of a list and its cursor.")
            .field("cursor", "Cursor of the item, for use as `after` or `before`. Valid only for this list in this order.", value(|edge: &Edge| edge.cursor.clone()))
            .field(
                "node",
                "The item.",
                call(node_type, move |call: &mut Call<'_, '_>| {
                    let edges = call.values::<Edge>()?;
                    Ok(nodes(node, edges.iter().map(|edge| &edge.node), false))
                })
                .reads_nothing(),
            );
        [page, edge]
    }
}

fn edges(page: &Connection) -> Vec<Edge> {
    let edges = (0..page.members.len()).map(|index| Edge {
        cursor: page.cursors.get(index).cloned().unwrap_or_default(),
        node: page.members.only(index),
    });
    edges.collect()
}

fn page_info() -> Reader {
    call("PageInfo!", |call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection>()?.iter();
        let infos = pages.map(|page| PageInfo::of(page.page.as_ref(), page.more, &page.cursors));
        Ok(each("PageInfo", infos.collect()))
    })
    .reads_nothing()
}

fn total_count() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection>()?;
        let parents: Vec<String> = pages.iter().map(|page| page.parent.clone()).collect();
        let Some(first) = pages.first() else { return Ok(Vec::new()) };
        let counts = (first.counter)(call.context, &parents)?;
        Ok(counts.into_iter().map(|count| i32::try_from(count).unwrap_or(i32::MAX)).collect())
    })
}

/// The type of `pageInfo`.
pub fn page_info_object() -> Object {
    Object::new("PageInfo", "Position of a page in its list.")
        .field("hasNextPage", "Paging forward: whether more items follow. Paging backward: whether `before` was given.", value(|info: &PageInfo| info.has_next_page))
        .field("hasPreviousPage", "Paging backward: whether more items precede. Paging forward: whether `after` was given.", value(|info: &PageInfo| info.has_previous_page))
        .field("startCursor", "Cursor of the first item on the page. Null if the page is empty.", value(|info: &PageInfo| info.start_cursor.clone()))
        .field("endCursor", "Cursor of the last item on the page. Null if the page is empty.", value(|info: &PageInfo| info.end_cursor.clone()))
}
