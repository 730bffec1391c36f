//! Exports: whole lists as files, with a row for each record.
//!
//! A list is a GraphQL document and a table of columns (`lists.rs`). So exports accept the API's filters, apply the
//! same access checks, and return the same values. A file is complete, in memory or on disk, before the first byte is
//! sent: a client receives the whole file or an error, and a slow client holds no database connection.
//!
//! Feeds (`feeds.rs`) and agreements in Akoma Ntoso (`akoma_ntoso.rs`) are read in the same way.

mod akoma_ntoso;
mod column;
mod dictionary;
mod feeds;
mod format;
mod label;
mod lists;
mod request;
mod xlsx;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use akoma_ntoso::{AkomaNtoso, LegalText, LegalTextRequest};
pub use dictionary::ColumnDescription;
pub use feeds::{Feed, FeedKind, FeedRequest, Feeds};
pub use format::Format;
pub use request::{Export, ExportFile, ExportOutcome};

use crate::graphql::{Code, Error, Executor, ListDocument};
use lists::{LISTS, List};

/// The maximum number of exports, feeds and legal texts that are written at once. Others wait.
const MAX_RUNNING: usize = 2;
/// The maximum time for which an export, feed or legal text waits for others to finish.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// The maximum number of files on disk that clients have not received yet.
const MAX_UNSENT: usize = 32;

/// The exported lists, with their prepared GraphQL documents.
pub struct Exports {
    lists: Vec<PreparedList>,
    limits: Arc<ExportLimits>,
}

/// The limits that exports, feeds and legal texts share. They keep connections and disk space free for other requests.
pub struct ExportLimits {
    running: Arc<Semaphore>,
    unsent: Arc<Semaphore>,
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self {
            running: Arc::new(Semaphore::new(MAX_RUNNING)),
            unsent: Arc::new(Semaphore::new(MAX_UNSENT)),
        }
    }
}

impl ExportLimits {
    /// Waits for a permit to write an export, feed or legal text. At most [`MAX_RUNNING`] are written at once. Fails
    /// after [`MAX_WAIT`].
    async fn run(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = tokio::time::timeout(MAX_WAIT, self.running.clone().acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or_else(|| {
            let message = format!(
                "the server writes at most {MAX_RUNNING} exports and feeds at once; try again later"
            );
            Code::Unavailable.error(message)
        })
    }

    /// Permits one more file on disk, up to [`MAX_UNSENT`]. The permit must be kept until the client has received the
    /// file.
    fn keep_file(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.unsent.clone().try_acquire_owned().map_err(|_| {
            let message =
                format!("the server keeps at most {MAX_UNSENT} exports for clients that have not received them; try again later");
            Code::Unavailable.error(message)
        })
    }
}

/// Stops writing when the client has disconnected.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A list with its prepared GraphQL document.
struct PreparedList {
    list: &'static List,
    document: Arc<ListDocument>,
}

impl Exports {
    /// Prepares the GraphQL documents of all lists.
    ///
    /// # Errors
    /// A message that names the list whose document is invalid.
    pub fn new(executor: &Executor, limits: Arc<ExportLimits>) -> Result<Self, String> {
        let prepare = |list: &'static List| {
            let document = executor.list_document(list.document);
            let document =
                document.map_err(|message| format!("export {}: {message}", list.name))?;
            Ok(PreparedList { list, document: Arc::new(document) })
        };
        let lists = LISTS.iter().map(prepare).collect::<Result<_, String>>()?;
        Ok(Self { lists, limits })
    }

    /// The names of all exports. The dictionary is last.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.lists.iter().map(|prepared| prepared.list.name).chain([dictionary::NAME])
    }

    /// The names of all lists.
    pub fn lists(&self) -> impl Iterator<Item = &'static str> {
        self.lists.iter().map(|prepared| prepared.list.name)
    }

    /// The columns of a list. Empty if no list has this name.
    #[must_use]
    pub fn columns(&self, name: &str) -> Vec<ColumnDescription> {
        let list = self.list(name);
        list.map(|prepared| dictionary::columns(prepared.list, &prepared.document))
            .unwrap_or_default()
    }

    /// Whether a list has a parameter.
    #[must_use]
    pub fn has_parameter(&self, name: &str, parameter: &str) -> bool {
        let list = self.list(name);
        list.is_some_and(|list| list.document.parameters().any(|other| other == parameter))
    }

    fn list(&self, name: &str) -> Option<&PreparedList> {
        self.lists.iter().find(|prepared| prepared.list.name == name)
    }
}
