//! Subscriptions: following the change log.
//!
//! A subscription is an operation that is executed again whenever the log has grown. It remembers its position in the log;
//! its root field gives the next event after that, or fails because there is none yet. So each event is executed like any
//! query, in one snapshot that has the event in it, and nothing is held between two events but a number. As positions are
//! gapless and in the order of commits, no event is missed or repeated.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::ID;
use chrono::NaiveDate;
use futures_util::stream::{self, BoxStream, StreamExt};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::change;
use super::engine::call::{Call, Context};
use super::engine::coerce::Arguments;
use super::engine::link::each;
use super::engine::reader::call;
use super::engine::response::Response;
use super::engine::schema::Object;
use super::error::{Code, Error};
use super::executor::{Conditions, ExecutionRequest, Executor, OperationSummary, Parsed};
use super::status_change;
use crate::db;
use crate::db::status_change::Followed;
use crate::db::{Access, DbConnection, LogPoint, LogSubscriber};
use crate::domain::day;
use crate::domain::viewer::Credential;

/// Failures to look that pass.
const RETRIED: &[Code] = &[Code::Unavailable, Code::Timeout];
/// How long to wait before a database that could not be reached is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The root of subscriptions.
pub fn object() -> Object {
    Object::new("Subscription", "All subscriptions. A subscription runs until the client or the server ends it.")
        .field(
            "changes",
            "New entries of the change log, oldest first. With `after`, first returns the entries since that cursor. No entry is missed or repeated.",
            call("Change!", |call: &mut Call<'_, '_>| {
                let position = position(call.context)?;
                let change = position.next(call.context, call.arguments, |connection, from| {
                    let next = db::change::after(connection, from, 1)?.rows.pop();
                    Ok(next.map(|change| (change.point(), change)))
                })?;
                let entries = change::entries(call.context, &call.selected, vec![change])?;
                Ok(each("Change", entries))
            })
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. A cursor that this log does not have, for example because a backup was restored, is rejected with STALE_CURSOR. Default: now."),
        )
        .field(
            "statusChanged",
            "New and retracted assessments of the records named by the arguments, oldest first. Default: all records. With `after`, first returns the entries since that cursor. No entry is missed or repeated.",
            call("StatusChange!", |call: &mut Call<'_, '_>| {
                let position = position(call.context)?;
                let followed = if let Some(followed) = position.followed() {
                    followed
                } else {
                    position.keep(status_change::followed(call)?)
                };
                let event = position.next(call.context, call.arguments, |connection, from| {
                    let next = db::status_change::next(connection, from, &followed)?;
                    Ok(next.map(|change| (change.point, change)))
                })?;
                Ok(each("StatusChange", vec![status_change::event(call, event)?]))
            })
            .argument::<Option<String>>("agreement", "Slug of an agreement: follow its clauses.")
            .argument::<Option<String>>("proposal", "Slug of a proposal: follow it and its caveats.")
            .argument::<Option<Vec<ID>>>("ids", "Clauses, caveats and proposals to follow, by id or by name, such as `minsk-2/9`. At most 200.")
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. A cursor that this log does not have, for example because a backup was restored, is rejected with STALE_CURSOR. Default: now."),
        )
}

fn position<'a>(context: &Context<'a>) -> Result<&'a Position, Error> {
    context.position.ok_or_else(|| Error::internal("a subscription without a position"))
}

/// Where a subscription stands in the log, from one event to the next.
pub(super) struct Position(Mutex<State>);

#[derive(Default)]
struct State {
    /// The position up to which everything has been sent; none at the beginning.
    position: Option<i64>,
    /// The cursor that counts at the beginning in place of the argument `after`.
    last_event: Option<String>,
    /// What is followed, once the arguments have been looked up.
    followed: Option<Arc<Followed>>,
    /// The outcome of the last look.
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy)]
enum Outcome {
    /// An event at this point.
    Event(LogPoint),
    /// None up to this position.
    Nothing(i64),
}

impl Position {
    /// After the event whose id a client sends to continue a stream, if it sends one.
    fn after(last_event: Option<&str>) -> Self {
        let last_event = last_event.map(str::to_owned);
        Self(Mutex::new(State { last_event, ..State::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held ends the subscription.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed(&self) -> Option<Arc<Followed>> {
        self.state().followed.clone()
    }

    fn keep(&self, followed: Followed) -> Arc<Followed> {
        self.state().followed.insert(Arc::new(followed)).clone()
    }

    /// The next event, by `find`, which gives the first one after a position. The argument `after` counts at the beginning.
    fn next<T>(
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
            state.outcome = Some(Outcome::Event(point));
            return Ok(event);
        }
        state.outcome = Some(Outcome::Nothing(head));
        // Nobody sees it.
        Err(Code::Internal.error("there is no event yet"))
    }

    /// The outcome of the last look, once.
    fn take(&self) -> Option<Outcome> {
        self.state().outcome.take()
    }

    fn advance(&self, position: i64) {
        self.state().position = Some(position);
    }

    /// What decides which event is next, beside the operation: the position and what is followed. None at the beginning.
    fn decided(&self) -> Option<(i64, Option<Arc<Followed>>)> {
        let state = self.state();
        state.position.map(|position| (position, state.followed.clone()))
    }
}

/// A subscription that goes on.
struct Subscriber {
    executor: Executor,
    request: Arc<ExecutionRequest>,
    credential: Credential,
    follower: LogSubscriber,
    /// The outcome of the first look.
    first: Option<EventExecution>,
    has_ended: bool,
}

/// The outcome of looking for the next event.
#[derive(Clone)]
enum EventExecution {
    /// An event at this position.
    Event(i64, Response),
    /// None up to this position.
    Nothing(i64),
    /// The database cannot be reached at the moment; the event, if there is one, is still to be sent.
    Unavailable(Response),
    Failed(Response),
}

impl Executor {
    /// Follows what a prepared subscription asks for, for the viewer with `credential`: one response for each event, from the
    /// cursor `last_event` on if there is one, otherwise from the argument `after` on. It ends by itself only after a defect of
    /// the server, which is its last response. While the database cannot be reached
    /// it waits, and then goes on without a gap.
    ///
    /// # Errors
    /// The response that says why it cannot begin.
    pub async fn subscribe(
        &self,
        parsed: Parsed,
        credential: Credential,
        last_event: Option<&str>,
    ) -> Result<BoxStream<'static, Response>, Box<Response>> {
        let (started, mut summary) = (Instant::now(), OperationSummary::of(&parsed));
        let ready = match self.ready(parsed) {
            Ok(ready) => ready,
            Err(response) => {
                self.log_operation(summary, started, &response);
                return Err(response);
            }
        };
        summary.estimate = ready.estimate;
        let position = Position::after(last_event);
        let conditions = Conditions::default();
        let request =
            Arc::new(ExecutionRequest { ready, conditions, position: Some(Arc::new(position)) });
        let mut following = Subscriber {
            executor: self.clone(),
            request,
            credential,
            follower: self.db.follow(),
            first: None,
            has_ended: false,
        };
        match following.execute_event().await {
            EventExecution::Unavailable(response) | EventExecution::Failed(response) => {
                // The stream has not begun, so there is no data, not even null.
                let response = response.without_data();
                self.log_operation(summary, started, &response);
                return Err(Box::new(response));
            }
            begun => following.first = Some(begun),
        }
        self.log_operation(summary, started, &Response::default());
        let events = stream::unfold(following, async |mut following| {
            Some((following.event().await?, following))
        });
        Ok(events.boxed())
    }
}

impl Subscriber {
    /// Waits for the next event.
    async fn event(&mut self) -> Option<Response> {
        while !self.has_ended {
            let execute_event = match self.first.take() {
                Some(execute_event) => execute_event,
                None => self.execute_event().await,
            };
            match execute_event {
                EventExecution::Event(_, response) => return Some(response),
                EventExecution::Nothing(_) => self.follower.wait_for_commit().await,
                EventExecution::Unavailable(_) => tokio::time::sleep(PAUSE).await,
                EventExecution::Failed(response) => {
                    self.has_ended = true;
                    return Some(response);
                }
            }
        }
        None
    }

    /// Looks for the next event, or takes what an identical subscription has found.
    async fn execute_event(&mut self) -> EventExecution {
        // Before looking, so that nothing can happen unseen in between.
        let head = self.follower.mark_seen();
        let Some(position) = self.request.position.clone() else { return EventExecution::defect() };
        let Some((from, followed)) = position.decided() else {
            return self
                .execute(&position)
                .await
                .unwrap_or_else(|execute_event| *execute_event)
                .told(&position);
        };
        // Beyond the head, the log is another one: executing says so.
        if from == head.position {
            return EventExecution::Nothing(from);
        }
        let viewer = match self.executor.viewer(&self.credential).await {
            Ok(viewer) => viewer,
            Err(error) => return EventExecution::without_event(Response::refused(error)),
        };
        // An admin sees tokens, too, of which the log does not tell.
        let is_shared = self.request.ready.prepared.is_logged && viewer.admin().is_err();
        let execute_event = if is_shared {
            let key = SharedExecutionKey {
                request: self.request.ready.digest,
                followed,
                from,
                head,
                day: day::today(),
            };
            let shared = self.executor.shared_executions.clone();
            shared.0.get_or_insert_async(&key, self.execute(&position)).await
        } else {
            self.execute(&position).await
        };
        execute_event.unwrap_or_else(|execute_event| *execute_event).told(&position)
    }

    /// Looks for the next event, and executes the selection on it.
    ///
    /// # Errors
    /// The outcome, where it is not one that others may take.
    async fn execute(&self, position: &Position) -> Result<EventExecution, Box<EventExecution>> {
        let response =
            self.executor.run(Access::Read, self.request.clone(), &self.credential).await;
        match position.take() {
            Some(Outcome::Nothing(end)) => Ok(EventExecution::Nothing(end)),
            _ if response.has_code(&[Code::Unavailable]) => {
                Err(Box::new(EventExecution::Unavailable(response)))
            }
            Some(Outcome::Event(at)) => {
                // What failed for one need not fail for others.
                let has_failed = response.has_code(&[Code::Timeout, Code::Internal]);
                let execute_event = EventExecution::Event(at.position, response.at_cursor(change::encode(at)));
                if has_failed { Err(Box::new(execute_event)) } else { Ok(execute_event) }
            }
            None if response.is_ok() => Err(Box::new(EventExecution::Failed(Response::refused(Code::ValidationFailed.error(
                "a subscription selects one field to follow, which `@skip` or `@include` cannot leave out",
            ))))),
            None => Err(Box::new(EventExecution::without_event(response))),
        }
    }
}

impl EventExecution {
    /// What a response without an event means.
    fn without_event(response: Response) -> Self {
        if response.has_code(RETRIED) {
            Self::Unavailable(response)
        } else {
            Self::Failed(response)
        }
    }

    fn defect() -> Self {
        Self::Failed(Response::refused(Error::internal("a subscription without a position")))
    }

    /// The same, after the subscription's position has been moved to where it looked.
    fn told(self, position: &Position) -> Self {
        if let Self::Event(at, _) | Self::Nothing(at) = &self {
            position.advance(*at);
        }
        self
    }
}

/// What decides the outcome of a look. The viewer does not: see [`SharedExecutions`].
#[derive(Clone, PartialEq, Eq, Hash)]
struct SharedExecutionKey {
    /// The operation and its variables.
    request: [u8; 32],
    followed: Option<Arc<Followed>>,
    /// The position up to which everything has been sent.
    from: i64,
    /// The point that was known to be committed before looking.
    head: LogPoint,
    /// Today in UTC, on which some fields depend.
    day: NaiveDate,
}

/// Outcomes of the latest looks. Identical subscriptions share them, so that an event is executed once, however many
/// follow. They serve viewers who may read, and only operations whose outcome depends on nothing else about the viewer.
pub(super) struct SharedExecutions(Cache<SharedExecutionKey, EventExecution, Weight>);

/// How many bytes of outcomes are kept. Those who have fallen behind find theirs displaced, and look for themselves.
const SHARED_BYTES: u64 = 8 * 1024 * 1024;
/// What an entry takes besides its response, in bytes.
const ENTRY: u64 = 300;
/// How many entries are expected.
const ENTRIES: usize = 1_000;

#[derive(Clone)]
struct Weight;

impl Weighter<SharedExecutionKey, EventExecution> for Weight {
    fn weight(&self, key: &SharedExecutionKey, execute_event: &EventExecution) -> u64 {
        let answer = match execute_event {
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
