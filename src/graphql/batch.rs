//! Reading a level of a nested query with one statement.
//!
//! A whole operation runs on one thread, on one connection, in one snapshot. A resolver that needs a record asks the
//! [`Reader`] for it by key and waits. When every resolver waits, [`Reader::flush`] loads all the keys that were asked
//! for, one statement for each kind of batch, and everything goes on. There is no timer and no other thread, so what is
//! batched together does not depend on chance, and a test can count the statements.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use async_graphql::{Context, Result};

use super::error;
use crate::db::page::{List, Page, Rows};
use crate::db::{self, DbConnection, Session, Transaction};
use crate::domain::Id;
use crate::domain::idempotency::Once;
use crate::domain::viewer::Editor;

/// Something that is loaded for many keys at once.
pub trait Batch: Clone + Eq + Hash + Send + Sync + 'static {
    /// What it is loaded by.
    type Key: AsRef<str> + Clone + Eq + Hash + Send + Sync + 'static;
    /// What is loaded.
    type Value: Clone + Send + Sync + 'static;

    /// Loads the values of these keys; a key without a value is left out.
    ///
    /// # Errors
    /// Those of the database.
    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[Self::Key],
    ) -> std::result::Result<HashMap<String, Self::Value>, db::Error>;
}

/// The reads and writes of one operation.
#[derive(Clone)]
pub struct Reader(Arc<Mutex<State>>);

struct State {
    session: Session,
    queues: HashMap<TypeId, Box<dyn Queue>>,
}

impl Reader {
    /// Reads and writes through `session`.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self(Arc::new(Mutex::new(State { session, queues: HashMap::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held is answered as an internal error; the state is not used again.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of `key`, loaded together with all the others that are asked for meanwhile.
    pub async fn load<B: Batch>(&self, batch: B, key: B::Key) -> Result<Option<B::Value>> {
        let loading = poll_fn(|context| {
            let mut state = self.state();
            let queue = state
                .queues
                .entry(TypeId::of::<B>())
                .or_insert_with(|| Box::new(Groups::<B>(HashMap::new())));
            let queue: &mut dyn Any = queue.as_mut();
            let Some(groups) = queue.downcast_mut::<Groups<B>>() else {
                return Poll::Ready(Err(error::Code::Internal.error("internal error")));
            };
            let group = groups.0.entry(batch.clone()).or_default();
            if let Some(value) = group.loaded.get(key.as_ref()) {
                Poll::Ready(value.clone())
            } else {
                group.wanted.insert(key.clone());
                group.wakers.push(context.waker().clone());
                Poll::Pending
            }
        });
        loading.await
    }

    /// Reads something that is wanted once.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut DbConnection) -> std::result::Result<T, db::Error>,
    ) -> Result<T> {
        let mut state = self.state();
        state.session.read().and_then(work).map_err(|failure| error::mask(&failure))
    }

    /// Writes, in a transaction of its own; with `once`, unless the same was done before. What is read afterwards is read
    /// anew.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn write<T>(
        &self,
        editor: &Editor,
        once: Option<&Once>,
        work: impl FnOnce(&mut Transaction<'_>) -> std::result::Result<Id<T>, db::Error>,
    ) -> std::result::Result<Id<T>, db::Error> {
        let mut state = self.state();
        state.queues.clear();
        match once {
            Some(once) => state.session.write_once(editor, once, work),
            None => state.session.write(editor, work),
        }
    }

    /// Writes what the change log does not tell of. What is read afterwards is read anew.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn aside<T>(
        &self,
        work: impl FnOnce(&mut Session) -> std::result::Result<T, db::Error>,
    ) -> std::result::Result<T, db::Error> {
        let mut state = self.state();
        state.queues.clear();
        work(&mut state.session)
    }

    /// Loads everything that is waited for. Says whether there was anything.
    pub(super) fn flush(&self) -> bool {
        let mut wakers = Vec::new();
        let mut state = self.state();
        let State { session, queues } = &mut *state;
        for queue in queues.values_mut() {
            queue.flush(session, &mut wakers);
        }
        drop(state);
        let any = !wakers.is_empty();
        wakers.into_iter().for_each(Waker::wake);
        any
    }
}

/// The reader of the operation that `context` belongs to.
pub fn reader<'a>(context: &Context<'a>) -> Result<&'a Reader> {
    context.data::<Reader>()
}

/// All that is asked for of one type of batch.
trait Queue: Any + Send {
    fn flush(&mut self, session: &mut Session, wakers: &mut Vec<Waker>);
}

struct Groups<B: Batch>(HashMap<B, Group<B>>);

struct Group<B: Batch> {
    wanted: HashSet<B::Key>,
    loaded: HashMap<String, Result<Option<B::Value>>>,
    wakers: Vec<Waker>,
}

impl<B: Batch> Default for Group<B> {
    fn default() -> Self {
        Self { wanted: HashSet::new(), loaded: HashMap::new(), wakers: Vec::new() }
    }
}

impl<B: Batch> Queue for Groups<B> {
    fn flush(&mut self, session: &mut Session, wakers: &mut Vec<Waker>) {
        for (batch, group) in &mut self.0 {
            if group.wanted.is_empty() {
                continue;
            }
            let keys: Vec<B::Key> = group.wanted.drain().collect();
            let outcome = session.read().and_then(|connection| batch.load(connection, &keys));
            match outcome {
                Ok(mut values) => {
                    for key in keys {
                        let value = values.remove(key.as_ref());
                        group.loaded.insert(key.as_ref().to_owned(), Ok(value));
                    }
                }
                Err(failure) => {
                    let masked = error::mask(&failure);
                    for key in keys {
                        group.loaded.insert(key.as_ref().to_owned(), Err(masked.clone()));
                    }
                }
            }
            wakers.append(&mut group.wakers);
        }
    }
}

/// A page of a list, of each of many parents.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageOf<L> {
    /// The list.
    pub list: L,
    /// Which part of it.
    pub page: Page,
}

impl<L: List> Batch for PageOf<L>
where
    L::Row: Sync,
{
    type Key = String;
    type Value = Arc<Rows<Arc<L::Row>>>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, Self::Value>, db::Error> {
        let pages = self.list.pages(connection, &self.page, keys)?;
        let share = |page: Rows<L::Row>| {
            let rows = page.rows.into_iter().map(Arc::new).collect();
            Arc::new(Rows { rows, more: page.more })
        };
        Ok(pages.into_iter().map(|(key, page)| (key, share(page))).collect())
    }
}

/// The length of a list, of each of many parents.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CountOf<L>(pub L);

impl<L: List> Batch for CountOf<L> {
    type Key = String;
    type Value = i64;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, i64>, db::Error> {
        self.0.counts(connection, keys)
    }
}

/// Defines batches that are a plain function of the connection and the keys.
macro_rules! batches {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $value:ty, $load:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name;

        impl $crate::graphql::batch::Batch for $name {
            type Key = $key;
            type Value = $value;

            fn load(
                &self,
                connection: &mut $crate::db::DbConnection,
                keys: &[$key],
            ) -> Result<std::collections::HashMap<String, $value>, $crate::db::Error> {
                $load(connection, keys)
            }
        }
    )+};
}
pub(crate) use batches;
