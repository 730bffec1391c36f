//! Feeds: the newest changes as Atom, and the deadlines as a calendar.

mod atom;
mod calendar;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::Value as Json;
use url::Url;

use super::request::entity_tag;
use super::{CancelOnDrop, ExportLimits};
use crate::domain::viewer::Credential;
use crate::graphql::{Conditions, Error, Executor, ListDocument, LogPoint, PageReader};

/// The kind of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// The newest changes, as Atom.
    Changes,
    /// The deadlines, as a calendar.
    Deadlines,
}

impl FeedKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Changes, Self::Deadlines];

    /// The name of the file, such as `changes.atom`.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Changes => "changes.atom",
            Self::Deadlines => "deadlines.ics",
        }
    }

    /// The media type.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Changes => "application/atom+xml; charset=utf-8",
            Self::Deadlines => "text/calendar; charset=utf-8",
        }
    }
}

/// The feeds, with their prepared GraphQL documents.
pub struct Feeds {
    changes: Arc<ListDocument>,
    deadlines: Arc<ListDocument>,
    limits: Arc<ExportLimits>,
}

/// A request for a feed.
pub struct FeedRequest {
    /// The kind of the feed.
    pub kind: FeedKind,
    /// The names and values of the parameters.
    pub parameters: Vec<(String, String)>,
    /// The public address of the server, with a slash at the end.
    pub base: Url,
    /// The public address of the feed, with its parameters.
    pub address: Url,
    /// The entity tags of feeds that the client has.
    pub conditions: Conditions,
}

/// A feed.
pub struct Feed {
    /// The entity tag, with its quotes.
    pub entity_tag: String,
    /// The content. None if the client already has it.
    pub content: Option<String>,
}

/// The values that all entries of a feed share.
struct FeedContext {
    base: Url,
    address: Url,
    /// The time of the last entry in the change log.
    time: DateTime<FixedOffset>,
}

impl Feeds {
    /// Prepares the GraphQL documents of the feeds.
    ///
    /// # Errors
    /// The first error in a document.
    pub fn new(executor: &Executor, limits: Arc<ExportLimits>) -> Result<Self, String> {
        let prepare = |text| executor.list_document(text).map(Arc::new);
        Ok(Self {
            changes: prepare(include_str!("feeds/changes.graphql"))?,
            deadlines: prepare(include_str!("feeds/deadlines.graphql"))?,
            limits,
        })
    }

    /// Writes a feed.
    ///
    /// # Errors
    /// Fails if a parameter is invalid, or if the viewer may not read.
    pub async fn run(
        &self,
        executor: &Executor,
        request: FeedRequest,
        credential: &Credential,
    ) -> Result<Feed, Error> {
        let FeedRequest { kind, parameters, base, address, conditions } = request;
        let document = match kind {
            FeedKind::Changes => &self.changes,
            FeedKind::Deadlines => &self.deadlines,
        };
        let variables = document.variables(&parameters)?;
        let key = format!("{} {kind:?} {address}", env!("CARGO_PKG_VERSION"));
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let _cancel = CancelOnDrop(is_cancelled.clone());
        let _running = self.limits.run().await?;
        let writer = FeedWriter {
            kind,
            key,
            base,
            address,
            conditions,
            is_cancelled,
            entity_tag: String::new(),
            time: DateTime::default(),
            nodes: None,
        };
        executor.read_whole_list(document.clone(), variables, credential, writer).await
    }
}

/// Collects the entries of a feed, and writes them.
struct FeedWriter {
    kind: FeedKind,
    key: String,
    base: Url,
    address: Url,
    conditions: Conditions,
    is_cancelled: Arc<AtomicBool>,
    entity_tag: String,
    time: DateTime<Utc>,
    /// None if the client already has the feed.
    nodes: Option<Vec<Json>>,
}

impl PageReader for FeedWriter {
    type Output = Feed;

    fn begin(&mut self, point: LogPoint) -> Result<bool, Error> {
        self.entity_tag = entity_tag(&self.key, Some(point));
        self.time = DateTime::from_timestamp_micros(point.microseconds).unwrap_or_default();
        if self.conditions.has(&self.entity_tag) {
            return Ok(false);
        }
        self.nodes = Some(Vec::new());
        Ok(true)
    }

    fn page(&mut self, nodes: Vec<Json>) -> Result<bool, Error> {
        if let Some(collected) = &mut self.nodes {
            collected.extend(nodes);
        }
        Ok(!self.is_cancelled.load(Ordering::Relaxed))
    }

    fn finish(self) -> Result<Feed, Error> {
        let Self { kind, base, address, entity_tag, time, nodes, .. } = self;
        let context = FeedContext { base, address, time: time.fixed_offset() };
        let content = nodes.map(|nodes| match kind {
            FeedKind::Changes => atom::feed(&context, &nodes),
            FeedKind::Deadlines => calendar::calendar(&context, &nodes),
        });
        Ok(Feed { entity_tag, content })
    }
}
