//! Connections: pages of lists, as in the GraphQL Cursor Connections Specification.
//!
//! Edges, cursors, `pageInfo` and `totalCount` are computed only if they are selected.

use std::rc::Rc;

use super::call::{Call, Context, Resolved};
use super::leaf::saturating_int;
use super::link::{each, each_list};
use super::page::PageEnds;
use super::reader::{Reader, Statements, call, leaf, value};
use super::record_list::Records;
use super::schema::Object;
use crate::graphql::error::Error;

/// A list whose pages are connections.
pub trait PagedList: 'static {
    /// An item of the list.
    type Item: Clone + 'static;

    /// The number of statements that [`PagedList::nodes`] needs.
    const NODE_STATEMENTS: Statements;

    /// The nodes of several lists of items, as values of the type `object`.
    ///
    /// # Errors
    /// Database errors.
    fn nodes(
        call: &mut Call<'_, '_>,
        object: &'static str,
        lists: &[&[Self::Item]],
        shape: Shape,
    ) -> Result<Resolved, Error>;

    /// The length of the whole list of each parent.
    ///
    /// # Errors
    /// Database errors.
    fn counts(&self, context: &mut Context<'_>, parents: &[&str]) -> Result<Vec<i64>, Error>;
}

/// Whether a field contains a list of nodes (`nodes`) or one node (`node`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One node for each parent.
    One,
    /// A list of nodes for each parent.
    List,
}

impl Shape {
    /// Returns the Rust values `nodes` as the values of a field. `lengths` contains the number of nodes of each parent.
    pub fn values<T: 'static>(
        self,
        object: &'static str,
        nodes: Vec<T>,
        lengths: impl Iterator<Item = usize>,
    ) -> Resolved {
        let mut nodes = nodes.into_iter();
        match self {
            Self::One => each(object, nodes.collect()),
            Self::List => {
                let lists = lengths.map(|length| nodes.by_ref().take(length).collect());
                each_list(object, lists.collect())
            }
        }
    }
}

/// A page of a list.
pub struct Connection<L: PagedList> {
    /// The list.
    pub list: Rc<L>,
    /// The items on the page.
    pub items: Vec<L::Item>,
    /// The direction of paging, and which cursors are given.
    pub ends: PageEnds,
    /// Whether the list has more items in the direction of paging.
    pub(super) has_more: bool,
    /// The cursor of each item. Empty if no cursor is selected.
    pub(super) cursors: Vec<String>,
    /// The key of the parent. Empty for a list without a parent.
    pub(super) parent: String,
}

impl<L: PagedList> Connection<L> {
    /// A page of a list without a parent.
    pub fn new(
        call: &Call<'_, '_>,
        list: Rc<L>,
        items: Vec<L::Item>,
        ends: PageEnds,
        has_more: bool,
        cursor: impl Fn(&L::Item) -> String,
    ) -> Self {
        let cursors =
            if has_cursors(call) { items.iter().map(cursor).collect() } else { Vec::new() };
        Self { list, items, ends, has_more, cursors, parent: String::new() }
    }

    fn edges(&self) -> Vec<Edge<L>> {
        let edges = self.items.iter().enumerate().map(|(index, item)| Edge {
            cursor: self.cursors.get(index).cloned().unwrap_or_default(),
            item: item.clone(),
        });
        edges.collect()
    }

    fn page_info(&self) -> PageInfo {
        let PageEnds { from_end, has_after, has_before } = self.ends;
        PageInfo {
            has_next_page: if from_end { has_before } else { self.has_more },
            has_previous_page: if from_end { self.has_more } else { has_after },
            start_cursor: self.cursors.first().cloned(),
            end_cursor: self.cursors.last().cloned(),
        }
    }
}

/// An item on a page.
struct Edge<L: PagedList> {
    cursor: String,
    item: L::Item,
}

/// The position of a page in its list.
struct PageInfo {
    has_next_page: bool,
    has_previous_page: bool,
    start_cursor: Option<String>,
    end_cursor: Option<String>,
}

/// The names and descriptions of a connection type and its edge type.
pub struct ConnectionTypes {
    /// The description of the connection type.
    pub description: &'static str,
    /// The description of `cursor`.
    pub cursor: &'static str,
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
        $crate::graphql::engine::connection::ConnectionTypes {
            description: "One page of a list.",
            cursor: "Cursor of the item, for use as `after` or `before`. Valid only for this list in this order.",
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
    /// `objects`, then the connection type and the edge type of a list of records.
    pub fn with<const COUNT: usize>(self, objects: [Object; COUNT]) -> Vec<Object> {
        objects.into_iter().chain(self.objects_of::<Records>()).collect()
    }

    /// The connection type and the edge type of a list.
    pub fn objects_of<L: PagedList>(self) -> [Object; 2] {
        let node = self.node;
        let page = Object::new(self.connection, self.description)
            .field("nodes", "Items on this page, in list order.", nodes::<L>(self.nodes_type, node))
            .field("edges", "Items on this page, each with its cursor.", edges::<L>(&self))
            .field("pageInfo", "Position of this page in the list.", page_info::<L>())
            .field(
                "totalCount",
                "Number of items in the list, across all pages. Computed only if selected.",
                total_count::<L>(),
            );
        let edge = Object::new(self.edge, "An item of a list and its cursor.")
            .field("cursor", self.cursor, value(|edge: &Edge<L>| edge.cursor.clone()))
            .field("node", "The item.", node_of_edge::<L>(self.node_type, node));
        [page, edge]
    }
}

fn nodes<L: PagedList>(ty: &'static str, object: &'static str) -> Reader {
    let resolve = move |call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection<L>>()?.iter();
        let lists: Vec<&[L::Item]> = pages.map(|page| page.items.as_slice()).collect();
        L::nodes(call, object, &lists, Shape::List)
    };
    call(ty, resolve).takes(L::NODE_STATEMENTS)
}

fn node_of_edge<L: PagedList>(ty: &'static str, object: &'static str) -> Reader {
    let resolve = move |call: &mut Call<'_, '_>| {
        let edges = call.values::<Edge<L>>()?.iter();
        let items: Vec<&[L::Item]> = edges.map(|edge| std::slice::from_ref(&edge.item)).collect();
        L::nodes(call, object, &items, Shape::One)
    };
    call(ty, resolve).takes(L::NODE_STATEMENTS)
}

fn edges<L: PagedList>(types: &ConnectionTypes) -> Reader {
    let object = types.edge;
    call(types.edges_type, move |call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection<L>>()?.iter();
        Ok(each_list(object, pages.map(Connection::edges).collect()))
    })
    .reads_nothing()
}

fn page_info<L: PagedList>() -> Reader {
    call("PageInfo!", |call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection<L>>()?.iter();
        Ok(each("PageInfo", pages.map(Connection::page_info).collect()))
    })
    .reads_nothing()
}

fn total_count<L: PagedList>() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let pages = call.values::<Connection<L>>()?;
        let parents: Vec<&str> = pages.iter().map(|page| page.parent.as_str()).collect();
        // All pages belong to one field with the same arguments, so `list` is the same for all of them.
        let Some(first) = pages.first() else { return Ok(Vec::new()) };
        let counts = first.list.counts(call.context, &parents)?.into_iter();
        Ok(counts.map(saturating_int).collect())
    })
}

/// Whether any cursor of a connection is selected.
pub(super) fn has_cursors(call: &Call<'_, '_>) -> bool {
    let info = call.selected.field("pageInfo");
    call.selected.field("edges").has("cursor") || info.has("startCursor") || info.has("endCursor")
}

/// The type of `pageInfo`.
pub fn page_info_object() -> Object {
    Object::new("PageInfo", "Position of a page in its list.")
        .field("hasNextPage", "When paging forward, whether more items follow. When paging backward, whether `before` was given.", value(|info: &PageInfo| info.has_next_page))
        .field("hasPreviousPage", "When paging backward, whether more items precede. When paging forward, whether `after` was given.", value(|info: &PageInfo| info.has_previous_page))
        .field("startCursor", "Cursor of the first item on the page. Null if the page is empty.", value(|info: &PageInfo| info.start_cursor.clone()))
        .field("endCursor", "Cursor of the last item on the page. Null if the page is empty.", value(|info: &PageInfo| info.end_cursor.clone()))
}
