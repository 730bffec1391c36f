//! Subscriptions: following the change log.
//!
//! A subscription is an operation that is executed again whenever the log has grown. It remembers its position in the log;
//! its root field gives the next event after that, or fails because there is none yet. So each event is executed like any
//! query, in one snapshot that has the event in it, and nothing is held between two events but a number. As positions are
//! gapless and in the order of commits, no event is missed or repeated.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::ID;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::change;
use super::engine::call::{Call, Context};
use super::engine::coerce::Arguments;
use super::engine::link::each;
use super::engine::response::Response;
use super::engine::schema::{Object, call};
use super::error::{Code, Error};
use super::executor::{Asked, Conditions, Executor, Observed, Parsed};
use super::status_change;
use crate::db;
use crate::db::status_change::Followed;
use crate::db::{Access, DbConnection, Follower};
use crate::domain::viewer::Credential;

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
                    Ok(next.map(|change| (change.position, change)))
                })?;
                let entries = change::entries(call.context, &call.selected, vec![change])?;
                Ok(each("Change", entries))
            })
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. Default: now."),
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
                    Ok(next.map(|change| (change.position, change)))
                })?;
                Ok(each("StatusChange", vec![status_change::event(call, event)?]))
            })
            .argument::<Option<String>>("agreement", "Slug of an agreement: follow its clauses.")
            .argument::<Option<String>>("proposal", "Slug of a proposal: follow it and its caveats.")
            .argument::<Option<Vec<ID>>>("ids", "Clauses, caveats and proposals to follow, by id or by name, such as `minsk-2/9`. At most 200.")
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. Default: now."),
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
    /// What is followed, once the arguments have been looked up.
    followed: Option<Arc<Followed>>,
    /// The outcome of the last look.
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy)]
enum Outcome {
    /// An event at this position.
    Event(i64),
    /// None up to this position.
    Nothing(i64),
}

impl Position {
    /// The position that the id of a stream's last event names; none without one.
    fn after(last_event: Option<&str>) -> Result<Self, Error> {
        let position =
            last_event.map(|cursor| change::decode("Last-Event-ID", cursor)).transpose()?;
        Ok(Self(Mutex::new(State { position, ..State::default() })))
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
        find: impl FnOnce(&mut DbConnection, i64) -> Result<Option<(i64, T)>, db::Error>,
    ) -> Result<T, Error> {
        let mut state = self.state();
        let after: Option<String> = arguments.get("after")?;
        let after = after.map(|cursor| change::decode("after", &cursor)).transpose()?;
        let (end, next) = context.read(|connection| {
            let head = connection.log_position()?;
            let position = state.position.or(after).unwrap_or(head);
            let next = if position < head { find(connection, position)? } else { None };
            Ok((position.max(head), next))
        })?;
        if let Some((position, event)) = next {
            state.outcome = Some(Outcome::Event(position));
            return Ok(event);
        }
        state.outcome = Some(Outcome::Nothing(end));
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
}

/// A subscription that goes on.
struct Following {
    executor: Executor,
    asked: Arc<Asked>,
    credential: Credential,
    follower: Follower,
    /// The outcome of the first look.
    first: Option<Look>,
    has_ended: bool,
}

/// The outcome of looking for the next event.
enum Look {
    Event(Response),
    Nothing,
    /// The database cannot be reached at the moment; the event, if there is one, is still to be sent.
    Unavailable(Response),
    Failed(Response),
}

impl Executor {
    /// Follows what a prepared subscription asks for, for the viewer with `credential`: one response for each event, from the
    /// cursor `last_event` on if there is one, otherwise from the argument `after` on. It
    /// ends by itself only after a defect of the server, which is its last response. While the database cannot be reached
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
        let (began, mut observed) = (Instant::now(), Observed::of(&parsed));
        let ready = match self.ready(parsed) {
            Ok(ready) => ready,
            Err(response) => {
                self.observe(observed, began, &response);
                return Err(response);
            }
        };
        observed.estimate = ready.estimate;
        let position = match Position::after(last_event) {
            Ok(position) => position,
            Err(error) => {
                let response = Response::refused(error);
                self.observe(observed, began, &response);
                return Err(Box::new(response));
            }
        };
        let conditions = Conditions::default();
        let asked = Arc::new(Asked { ready, conditions, position: Some(Arc::new(position)) });
        let mut following = Following {
            executor: self.clone(),
            asked,
            credential,
            follower: self.db.follow(),
            first: None,
            has_ended: false,
        };
        match following.look().await {
            Look::Unavailable(response) | Look::Failed(response) => {
                // The stream has not begun, so there is no data, not even null.
                let response = response.without_data();
                self.observe(observed, began, &response);
                return Err(Box::new(response));
            }
            begun => following.first = Some(begun),
        }
        self.observe(observed, began, &Response::default());
        let events = stream::unfold(following, async |mut following| {
            Some((following.event().await?, following))
        });
        Ok(events.boxed())
    }
}

impl Following {
    /// Waits for the next event.
    async fn event(&mut self) -> Option<Response> {
        while !self.has_ended {
            let look = match self.first.take() {
                Some(look) => look,
                None => self.look().await,
            };
            match look {
                Look::Event(response) => return Some(response),
                Look::Nothing => self.follower.grown().await,
                Look::Unavailable(_) => tokio::time::sleep(PAUSE).await,
                Look::Failed(response) => {
                    self.has_ended = true;
                    return Some(response);
                }
            }
        }
        None
    }

    /// Looks for the next event, and executes the selection on it.
    async fn look(&mut self) -> Look {
        // Before looking, so that nothing can happen unseen in between.
        self.follower.mark();
        let response = self.executor.run(Access::Read, self.asked.clone(), &self.credential).await;
        let Some(position) = &self.asked.position else { return Look::Failed(response) };
        match position.take() {
            Some(Outcome::Nothing(end)) => {
                position.advance(end);
                Look::Nothing
            }
            _ if response.has_code(&[Code::Unavailable]) => Look::Unavailable(response),
            Some(Outcome::Event(at)) => {
                position.advance(at);
                Look::Event(response.at_cursor(change::encode(at)))
            }
            None if response.is_ok() => Look::Failed(Response::refused(Code::ValidationFailed.error(
                "a subscription selects one field to follow, which `@skip` or `@include` cannot leave out",
            ))),
            None => Look::Failed(response),
        }
    }
}
