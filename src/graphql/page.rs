//! Connections: pages of lists, as the GraphQL Cursor Connections Specification has them.

use std::sync::Arc;

use async_graphql::{Context, Error, Result, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::batch::{CountOf, PageOf, reader};
use super::error::Code;
use crate::db::page::{List, Page};
use crate::domain::{Choice, Id, Kind, text};

/// Page size where none is given.
pub const DEFAULT_SIZE: i32 = 50;
/// Largest page size.
pub const LARGEST_SIZE: i32 = 200;

/// Where a page lies in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more records follow. When paging backward, whether the page was cut off by a cursor.
    pub has_next_page: bool,
    /// Whether records precede. When paging forward, whether the page was cut off by a cursor.
    pub has_previous_page: bool,
    /// Cursor of the first record on the page; null on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last record on the page; null on an empty page.
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Of a page whose records have these cursors. `more` says whether there are others towards where it was taken.
    pub fn of(page: &Page, more: bool, cursors: &[String]) -> Self {
        Self {
            has_next_page: if page.from_end { page.before.is_some() } else { more },
            has_previous_page: if page.from_end { more } else { page.after.is_some() },
            start_cursor: cursors.first().cloned(),
            end_cursor: cursors.last().cloned(),
        }
    }
}

/// The paging arguments of a connection field.
#[derive(Debug, Default)]
pub struct Paging {
    /// How many from the start.
    pub first: Option<i32>,
    /// Only after this cursor.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// Only before this cursor.
    pub before: Option<String>,
}

impl Paging {
    /// The part of the list that is asked for.
    pub fn page(&self, list: ListTag) -> Result<Page> {
        let (size, from_end) = page_size(self.first, self.last)?;
        let cursor = |name: &str, cursor: &Option<String>| -> Result<Option<String>> {
            cursor.as_ref().map(|cursor| decode(list, name, cursor)).transpose()
        };
        Ok(Page {
            size,
            from_end,
            after: cursor("after", &self.after)?,
            before: cursor("before", &self.before)?,
        })
    }
}

/// How many records a page has at most, and whether they are taken from the end.
pub fn page_size(first: Option<i32>, last: Option<i32>) -> Result<(i32, bool)> {
    match (first, last) {
        (Some(_), Some(_)) => Err(Code::BadUserInput
            .error("`first` and `last` cannot be given together: page either forward or backward")),
        (Some(first), None) => Ok((check_size("first", first)?, false)),
        (None, Some(last)) => Ok((check_size("last", last)?, true)),
        (None, None) => Ok((DEFAULT_SIZE, false)),
    }
}

/// The size, if a page can have it.
pub fn check_size(name: &str, size: i32) -> Result<i32> {
    if (0..=LARGEST_SIZE).contains(&size) {
        Ok(size)
    } else {
        Err(Code::BadUserInput.error(format!(
            "`{name}: {size}` is out of range: a page has from 0 to {LARGEST_SIZE} records"
        )))
    }
}

/// Tells the cursors of a list in an order from all others.
pub type ListTag = [u8; 2];

fn tag<L: List>(list: &L) -> ListTag {
    [kind_tag(L::KIND), list.order_tag()]
}

/// The cursor of a record: the list's tag, and the record's UUID.
pub fn encode(list: ListTag, id: Uuid) -> String {
    let mut bytes = list.to_vec();
    bytes.extend_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(list: ListTag, name: &str, cursor: &str) -> Result<String> {
    let quoted = text::quote(cursor);
    let malformed = || -> Error {
        Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is not a cursor: use a `cursor`, `startCursor` or `endCursor` of this list"
        ))
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
    let Some((tag, id)) = bytes.split_first_chunk() else { return Err(malformed()) };
    let id = Uuid::from_slice(id).map_err(|_| malformed())?;
    if *tag != list {
        return Err(Code::BadUserInput.error(format!(
            "`{name}: {quoted}` is a cursor of another list, or of this one in another order"
        )));
    }
    Ok(Id::<()>::from_uuid(id).to_string())
}

fn kind_tag(kind: Kind) -> u8 {
    let position = Kind::ALL.iter().position(|other| *other == kind);
    position.and_then(|position| u8::try_from(position).ok()).unwrap_or(u8::MAX)
}

/// A page that was read, from which a connection object is made.
pub struct Loaded<L: List> {
    /// The rows.
    pub rows: Vec<Arc<L::Row>>,
    /// The cursor of each row.
    pub cursors: Vec<String>,
    /// Where the page lies.
    pub page_info: PageInfo,
    /// The list, to be counted if that is asked for.
    pub counter: Counter<L>,
}

/// Counts a list when it is asked for.
pub struct Counter<L> {
    list: L,
    parent: String,
}

impl<L: List> Counter<L> {
    /// How many records the list has in all.
    pub async fn total(&self, context: &Context<'_>) -> Result<i32> {
        let count = reader(context)?.load(CountOf(self.list.clone()), self.parent.clone()).await?;
        Ok(i32::try_from(count.unwrap_or_default()).unwrap_or(i32::MAX))
    }
}

/// Reads a page of `list`, of the parent with that id where the list has one.
pub async fn load<L: List>(
    context: &Context<'_>,
    list: L,
    parent: Option<&str>,
    paging: Paging,
) -> Result<Loaded<L>>
where
    L::Row: Sync,
{
    let tag = tag(&list);
    let page = paging.page(tag)?;
    let parent = parent.unwrap_or_default().to_owned();
    let batch = PageOf { list: list.clone(), page: page.clone() };
    let rows = reader(context)?.load(batch, parent.clone()).await?;
    let (rows, more) = rows.map(|rows| (rows.rows.clone(), rows.more)).unwrap_or_default();
    let cursors: Vec<String> = rows.iter().map(|row| encode(tag, L::id_of(row))).collect();
    let page_info = PageInfo::of(&page, more, &cursors);
    Ok(Loaded { rows, cursors, page_info, counter: Counter { list, parent } })
}

/// Defines the connection and edge types of a node type that is made of the list's row.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $list:ty) => {
        $crate::graphql::page::connection_types!($connection, $edge, $node, $list);

        impl $connection {
            /// Reads a page of `list`, of the parent with that id where the list has one.
            pub async fn load(
                context: &async_graphql::Context<'_>,
                list: $list,
                parent: Option<&str>,
                paging: $crate::graphql::page::Paging,
            ) -> async_graphql::Result<Self> {
                let loaded = $crate::graphql::page::load(context, list, parent, paging).await?;
                let nodes = loaded.rows.iter().cloned().map($node::from).collect();
                Ok(Self::new(loaded, nodes))
            }
        }
    };
}
pub(crate) use connection;

/// Defines the connection and edge types of a node type.
macro_rules! connection_types {
    ($connection:ident, $edge:ident, $node:ident, $list:ty) => {
        /// A page of a list.
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The records on this page, in the list's order.
            nodes: Vec<$node>,
            /// The records on this page, each with its cursor.
            edges: Vec<$edge>,
            /// Where this page lies in the list.
            page_info: $crate::graphql::page::PageInfo,
            #[graphql(skip)]
            counter: $crate::graphql::page::Counter<$list>,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// How many records the list has in all, on this page and beyond. Counted only when it is asked for.
            async fn total_count(
                &self,
                context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<i32> {
                self.counter.total(context).await
            }
        }

        /// A record in a list, and where it stands there.
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Marks the record's place in the list: give it as `after` or `before` to go on from here. Good for this list in this order.
            cursor: String,
            /// The record.
            node: $node,
        }

        impl $connection {
            /// A page that was read, with the nodes of its rows.
            fn new(loaded: $crate::graphql::page::Loaded<$list>, nodes: Vec<$node>) -> Self {
                let edges = loaded.cursors.into_iter().zip(&nodes);
                let edges =
                    edges.map(|(cursor, node)| $edge { cursor, node: node.clone() }).collect();
                Self { nodes, edges, page_info: loaded.page_info, counter: loaded.counter }
            }
        }
    };
}
pub(crate) use connection_types;
