//! Outcomes of executions that identical subscriptions share.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::EventExecution;
use crate::db::LogPoint;
use crate::db::status_change::Followed;

/// Everything that an outcome depends on. The outcome does not depend on the viewer: see [`SharedExecutions`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct SharedExecutionKey {
    /// The digest of the operation and its variables.
    pub(super) request: [u8; 32],
    pub(super) followed: Option<Arc<Followed>>,
    /// All events up to this position were sent.
    pub(super) from: i64,
    /// The last known commit before the execution.
    pub(super) head: LogPoint,
    /// The current day in UTC. Some fields depend on it.
    pub(super) day: NaiveDate,
}

/// The latest outcomes. Identical subscriptions share them, so their operation is executed only once for each event. Only
/// outcomes that do not depend on the viewer are shared, and only with viewers who may read.
pub(in crate::graphql) struct SharedExecutions(
    pub(super) Cache<SharedExecutionKey, EventExecution, Weight>,
);

/// The maximum total size of the outcomes, in bytes. If an outcome was evicted, a subscription that lags behind executes
/// the operation for this event again.
const SHARED_BYTES: u64 = 8 * 1024 * 1024;
/// The size of an entry without its response, in bytes.
const ENTRY: u64 = 300;
/// The expected number of entries.
const ENTRIES: usize = 1_000;

#[derive(Clone)]
pub(super) struct Weight;

impl Weighter<SharedExecutionKey, EventExecution> for Weight {
    fn weight(&self, key: &SharedExecutionKey, execution: &EventExecution) -> u64 {
        let answer = match execution {
            EventExecution::Event(_, response) => response.data().map_or(0, <[u8]>::len),
            _ => 0,
        };
        let bytes = answer + key.followed.as_ref().map_or(0, |followed| followed.bytes());
        u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(ENTRY)
    }
}

impl Default for SharedExecutions {
    fn default() -> Self {
        Self(Cache::with_weighter(ENTRIES, SHARED_BYTES, Weight))
    }
}
