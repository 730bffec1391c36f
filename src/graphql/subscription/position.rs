//! The position of a subscription in the change log, and the next event after it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::db::status_change::Followed;
use crate::db::{self, DbConnection, LogPoint};
use crate::graphql::change;
use crate::graphql::engine::call::Context;
use crate::graphql::engine::coerce::Arguments;
use crate::graphql::error::{Code, Error};

/// The state of a subscription between two events.
pub(in crate::graphql) struct Position(Mutex<State>);

#[derive(Default)]
struct State {
    /// All events up to this position were sent. None before the first execution.
    position: Option<i64>,
    /// The cursor to start from, in place of the argument `after`.
    last_event: Option<String>,
    /// The records that the arguments name. None until they are looked up.
    followed: Option<Arc<Followed>>,
    /// The outcome of the last execution.
    outcome: Option<EventOutcome>,
}

#[derive(Clone, Copy)]
pub(super) enum EventOutcome {
    /// An event at this point.
    Event(LogPoint),
    /// No event up to this position.
    Nothing(i64),
}

impl Position {
    /// A subscription that starts after the event with the cursor `last_event`. Without `last_event`, it starts after the
    /// cursor in the GraphQL argument `after`.
    pub(super) fn after(last_event: Option<&str>) -> Self {
        let last_event = last_event.map(str::to_owned);
        Self(Mutex::new(State { last_event, ..State::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A subscription that panics while it holds the lock has ended, so a poisoned lock needs no other handling.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn followed(&self) -> Option<Arc<Followed>> {
        self.state().followed.clone()
    }

    pub(super) fn keep(&self, followed: Followed) -> Arc<Followed> {
        self.state().followed.insert(Arc::new(followed)).clone()
    }

    /// The next event. `find` returns the first event after a position.
    pub(super) fn next<T>(
        &self,
        context: &mut Context<'_>,
        arguments: &Arguments,
        find: impl FnOnce(&mut DbConnection, i64) -> Result<Option<(LogPoint, T)>, db::Error>,
    ) -> Result<T, Error> {
        let mut state = self.state();
        let position = match state.position {
            None => match state.last_event.take() {
                Some(cursor) => Some(change::position_of(context, "Last-Event-ID", &cursor)?),
                None => change::start(context, arguments, "after")?,
            },
            position => position,
        };
        let (head, next) = context.read(|connection| {
            let head = connection.log_position()?;
            let next = match position {
                Some(position) if position < head => find(connection, position)?,
                _ => None,
            };
            Ok((head, next))
        })?;
        if position.is_some_and(|position| position > head) {
            return Err(change::beyond_the_end(position.unwrap_or_default(), head));
        }
        if let Some((point, event)) = next {
            state.outcome = Some(EventOutcome::Event(point));
            return Ok(event);
        }
        state.outcome = Some(EventOutcome::Nothing(head));
        // The client does not see this error, because the subscription uses only `outcome`.
        Err(Code::Internal.error("there is no event yet"))
    }

    /// Takes the outcome of the last execution.
    pub(super) fn take(&self) -> Option<EventOutcome> {
        self.state().outcome.take()
    }

    pub(super) fn advance(&self, position: i64) {
        self.state().position = Some(position);
    }

    /// The position and the followed records, which determine the next event of an operation. None before the first execution.
    pub(super) fn decided(&self) -> Option<(i64, Option<Arc<Followed>>)> {
        let state = self.state();
        state.position.map(|position| (position, state.followed.clone()))
    }
}
