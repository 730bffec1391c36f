//! The change log.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Object, Result, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::batch::{batches, reader};
use super::error::Code;
use super::node::{Node, expect_node, list};
use super::page::{PageInfo, page_size};
use super::scalar::DateTime;
use super::user_error::camel_case;
use crate::db;
use crate::db::DbConnection;
use crate::domain::content;
use crate::domain::{GlobalId, Id, text};

batches! {
    /// What changes did away with and brought, by position.
    ValuesOf: String => Vec<ChangedField>, |connection, keys| {
        let values = db::change::values_of(connection, keys)?;
        let fields = |values: Vec<_>| values.into_iter().map(|value| ChangedField(Arc::new(value))).collect();
        Ok(values.into_iter().map(|(position, values)| (position, fields(values))).collect())
    };
}

/// What was done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::change::Action")]
pub enum ChangeAction {
    /// It was created.
    Created,
    /// What is stated about it was changed.
    Updated,
    /// It was put away.
    Archived,
    /// It was brought back.
    Restored,
    /// A status was recorded for it: `before` is what the same holder's assessment in force said until then.
    Assessed,
    /// An assessment of it was taken back: `after` names the assessment and the reason.
    Retracted,
}

/// How the value of a changed field is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "content::ValueKind")]
pub enum ChangedFieldKind {
    /// Plain text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A day, YYYY-MM-DD.
    Date,
    /// A value of the field's enum.
    Choice,
    /// The id of a record; `record` is the record itself.
    Reference,
}

/// One entry of the change log: what was done to one record, at once. Entries are never changed or deleted.
#[derive(Clone)]
pub struct Change(Arc<db::change::Change>);

/// One entry of the change log: what was done to one record, at once. Entries are never changed or deleted.
#[Object]
impl Change {
    /// Its place in the log: from 1, without a gap, in the order in which changes took effect.
    async fn position(&self) -> Result<i32> {
        i32::try_from(self.0.position).map_err(|_| {
            Code::Internal.error("the position is larger than an Int can be; page by cursors")
        })
    }

    /// Marks its place in the log: give it as `after` to `changes`, or to a subscription, to go on from here.
    async fn cursor(&self) -> String {
        encode(self.0.position)
    }

    /// When it was made. All changes of one transaction have the same instant.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// The name of who made it.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// What was done.
    async fn action(&self) -> ChangeAction {
        self.0.action.into()
    }

    /// The record to which it was done, as it is now; an archived one, too.
    async fn subject(&self, context: &Context<'_>) -> Result<Node> {
        expect_node(context, self.0.subject_kind, self.0.subject_id.uuid()).await
    }

    /// What was stated before, of the fields that changed. Empty for a new record.
    async fn before(&self, context: &Context<'_>) -> Result<Vec<ChangedField>> {
        self.values(context, false).await
    }

    /// What was stated after, of the fields that changed.
    async fn after(&self, context: &Context<'_>) -> Result<Vec<ChangedField>> {
        self.values(context, true).await
    }
}

impl From<db::change::Change> for Change {
    fn from(row: db::change::Change) -> Self {
        Self(Arc::new(row))
    }
}

impl Change {
    async fn values(&self, context: &Context<'_>, is_after: bool) -> Result<Vec<ChangedField>> {
        let mut values = list(context, ValuesOf, self.0.position.to_string()).await?;
        values.retain(|value| value.0.is_after == is_after);
        Ok(values)
    }
}

/// A value in a field that changed. A field in which nothing is stated has none; of a list that changed, every item is given.
#[derive(Clone)]
pub struct ChangedField(Arc<db::change::ChangedValue>);

/// A value in a field that changed. A field in which nothing is stated has none; of a list that changed, every item is given.
#[Object]
impl ChangedField {
    /// The field's name, such as `summary`. In a list the item's place from 0 follows, and the name of the item's field where it has several: `actors.0`, `obligations.2.heldBy`.
    async fn name(&self) -> String {
        camel_case(&self.0.path)
    }

    /// How the value is to be read.
    async fn kind(&self) -> ChangedFieldKind {
        self.0.kind.into()
    }

    /// The value, as text; of a reference, the record's id.
    async fn value(&self) -> String {
        match self.reference() {
            Some(id) => id.encode(),
            None => self.0.value.clone(),
        }
    }

    /// The record that is referred to, as it is now; null for values of other kinds.
    async fn record(&self, context: &Context<'_>) -> Result<Option<Node>> {
        match self.reference() {
            Some(id) => expect_node(context, id.kind, id.uuid).await.map(Some),
            None => Ok(None),
        }
    }
}

impl ChangedField {
    fn reference(&self) -> Option<GlobalId> {
        let id = Id::<()>::parse(&self.0.value)?;
        self.0.refers_to.map(|kind| GlobalId::new(kind, id))
    }
}

/// A stretch of the change log.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ChangeConnection {
    /// The changes on this page, oldest first.
    nodes: Vec<Change>,
    /// The changes on this page, each with its cursor.
    edges: Vec<ChangeEdge>,
    /// Where this page lies in the log.
    page_info: PageInfo,
}

#[ComplexObject]
impl ChangeConnection {
    /// How many changes the log has in all, on this page and beyond.
    async fn total_count(&self, context: &Context<'_>) -> Result<i32> {
        let count = reader(context)?.read(DbConnection::log_position)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A change, and where it stands in the log.
#[derive(SimpleObject)]
pub struct ChangeEdge {
    /// Marks the change's place in the log: give it as `after` to go on from here, now or at any later time.
    cursor: String,
    /// The change.
    node: Change,
}

/// Tells cursors of the log from those of lists, whose first byte is a kind of record.
const CURSOR_TAG: u8 = u8::MAX;

/// The cursor of a position.
pub(super) fn encode(position: i64) -> String {
    let mut bytes = vec![CURSOR_TAG];
    bytes.extend_from_slice(&position.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position that a cursor stands for, of the argument with this name.
///
/// # Errors
/// When it is no cursor of the log.
pub(super) fn decode(name: &str, cursor: &str) -> Result<i64> {
    let position = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| {
        let position = bytes.strip_prefix(&[CURSOR_TAG])?;
        Some(i64::from_be_bytes(position.try_into().ok()?))
    });
    position.filter(|position| *position >= 0).ok_or_else(|| {
        Code::BadUserInput.error(format!(
            "`{name}: {}` is not a cursor of the change log: use a `cursor` or `endCursor` of `changes`, or the `cursor` of an event",
            text::quote(cursor)
        ))
    })
}

/// Reading the change log.
#[derive(Default)]
pub struct ChangeQuery;

#[Object]
impl ChangeQuery {
    /// The change log: everything that was ever done to any record, oldest first. To be told what is new, keep the last cursor that you were given and ask again from there: an empty page says that there was nothing, and has no cursor of its own.
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "How many changes from the start, from 0 to 200; 50 where neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "Only changes after this cursor. One at the end of the log is as good as any other."
        )]
        after: Option<String>,
        #[graphql(
            desc = "How many changes from the end, from 0 to 200. Not together with `first`. `last: 1` is the newest change."
        )]
        last: Option<i32>,
        #[graphql(desc = "Only changes before this cursor.")] before: Option<String>,
    ) -> Result<Option<ChangeConnection>> {
        let (size, from_end) = page_size(first, last)?;
        let position = |name: &str, cursor: Option<&str>, none: i64| {
            cursor.map_or(Ok(none), |cursor| decode(name, cursor))
        };
        let start = position("after", after.as_deref(), 0)?;
        let end = position("before", before.as_deref(), i64::MAX)?;
        let page = reader(context)?
            .read(|connection| db::change::between(connection, start, end, size, from_end))?;
        let nodes: Vec<Change> = page.rows.into_iter().map(Change::from).collect();
        let edges: Vec<ChangeEdge> = nodes
            .iter()
            .map(|node| ChangeEdge { cursor: encode(node.0.position), node: node.clone() })
            .collect();
        let page_info = PageInfo {
            has_next_page: if from_end { before.is_some() } else { page.more },
            has_previous_page: if from_end { page.more } else { after.is_some() },
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Ok(Some(ChangeConnection { nodes, edges, page_info }))
    }
}
