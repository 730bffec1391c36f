//! Subscriptions to the change log.
//!
//! A subscription is an operation that is executed again when the log has grown. Its state is its position in the log. The
//! root field returns the next event after the position, or fails if there is none yet. So the operation is executed for
//! each event like a query, in one snapshot that contains the event. Positions are gapless and in the order of commits, so
//! no event is missed or repeated.

mod position;
mod shared_executions;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::ID;
use futures_util::stream::{self, BoxStream, StreamExt};

use self::position::EventOutcome;
use self::shared_executions::SharedExecutionKey;
use super::change;
use super::change_filter;
use super::engine::call::{Call, Context};
use super::engine::link::each;
use super::engine::reader::call;
use super::engine::response::Response;
use super::engine::schema::Object;
use super::error::{Code, Error};
use super::executor::{Conditions, ExecutionRequest, Executor, OperationSummary, Parsed};
use super::status_change;
use crate::db;
use crate::db::{Access, LogSubscriber};
use crate::domain::day;
use crate::domain::viewer::Credential;
pub(super) use position::Position;
pub(super) use shared_executions::SharedExecutions;

/// Temporary errors.
const RETRIED: &[Code] = &[Code::Unavailable, Code::Timeout];
/// The pause after a temporary error.
const PAUSE: Duration = Duration::from_secs(1);

pub fn object() -> Object {
    Object::new("Subscription", "All subscriptions. A subscription runs until the client or the server ends it.")
        .field(
            "changes",
            "New entries of the change log, oldest first. If `after` is given, the subscription first returns the entries after that cursor. No entry is missed or repeated.",
            call("Change!", |call: &mut Call<'_, '_>| {
                let position = position(call.context)?;
                let filter = change_filter::filter(call.context, call.arguments)?;
                let change = position.next(call.context, call.arguments, |connection, from| {
                    let next = db::change_list::next(connection, &filter, from)?;
                    Ok(next.map(|change| (change.point(), change)))
                })?;
                let entries = change::entries(call.context, &call.selected, vec![change])?;
                Ok(each("Change", entries))
            })
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. A cursor that this log does not contain, for example because a backup was restored, is rejected with STALE_CURSOR. Default: now.")
            .arguments(change_filter::argument),
        )
        .field(
            "statusChanged",
            "New and retracted assessments of the records named by the arguments, oldest first. Default: all records. If `after` is given, the subscription first returns the entries after that cursor. No entry is missed or repeated.",
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
            .argument::<Option<String>>("agreement", "Slug of an agreement whose clauses are followed.")
            .argument::<Option<String>>("proposal", "Slug of a proposal that is followed together with its caveats.")
            .argument::<Option<Vec<ID>>>("ids", "Clauses, caveats and proposals to follow, each given by its id or name, such as `minsk-2/9`. At most 200.")
            .argument::<Option<String>>("after", "Returns only entries after this cursor. Any cursor of the change log is valid, including one at its end. A cursor that this log does not contain, for example because a backup was restored, is rejected with STALE_CURSOR. Default: now."),
        )
}

fn position<'a>(context: &Context<'a>) -> Result<&'a Position, Error> {
    context.position.ok_or_else(|| Error::internal("a subscription without a position"))
}

struct Subscriber {
    executor: Executor,
    request: Arc<ExecutionRequest>,
    credential: Credential,
    follower: LogSubscriber,
    /// The outcome of the first execution, until it is sent.
    first: Option<EventExecution>,
    has_ended: bool,
}

/// The outcome of executing the operation for the next event.
#[derive(Clone)]
enum EventExecution {
    /// An event at this position.
    Event(i64, Response),
    /// No event up to this position.
    Nothing(i64),
    /// A temporary error. The event, if there is one, must still be sent.
    Unavailable(Response),
    Failed(Response),
}

impl Executor {
    /// Subscribes the viewer with `credential`. The stream contains one response for each event. It starts after the
    /// cursor `last_event`, or else after the cursor in the argument `after`. While the database cannot be reached, the
    /// stream waits. Afterwards, it continues without a gap. It ends only after an error that is not temporary. Its last
    /// response contains this error.
    ///
    /// # Errors
    /// Returns the response with the reason why the subscription cannot start.
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
        let mut subscriber = Subscriber {
            executor: self.clone(),
            request,
            credential,
            follower: self.db.follow(),
            first: None,
            has_ended: false,
        };
        match subscriber.execute_event().await {
            EventExecution::Unavailable(response) | EventExecution::Failed(response) => {
                // The stream has not started, so there is no data, not even null.
                let response = response.without_data();
                self.log_operation(summary, started, &response);
                return Err(Box::new(response));
            }
            first => subscriber.first = Some(first),
        }
        self.log_operation(summary, started, &Response::default());
        let events = stream::unfold(subscriber, async |mut subscriber| {
            Some((subscriber.event().await?, subscriber))
        });
        Ok(events.boxed())
    }
}

impl Subscriber {
    async fn event(&mut self) -> Option<Response> {
        while !self.has_ended {
            let execution = match self.first.take() {
                Some(execution) => execution,
                None => self.execute_event().await,
            };
            match execution {
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

    /// Executes the subscription for the next event, or reuses the result of an identical subscription.
    async fn execute_event(&mut self) -> EventExecution {
        // The head is read before the execution, so that a commit during the execution is not missed.
        let head = self.follower.mark_seen();
        let Some(position) = self.request.position.clone() else { return EventExecution::defect() };
        let Some((from, followed)) = position.decided() else {
            return self
                .execute(&position)
                .await
                .unwrap_or_else(|execution| *execution)
                .advancing(&position);
        };
        // A position beyond the head is from another log. The execution below rejects it.
        if from == head.position {
            return EventExecution::Nothing(from);
        }
        let viewer = match self.executor.viewer(&self.credential).await {
            Ok(viewer) => viewer,
            Err(error) => return EventExecution::without_event(Response::refused(error)),
        };
        // Admins see access tokens, which are not in the log.
        let is_shared = self.request.ready.prepared.is_logged && viewer.admin().is_err();
        let execution = if is_shared {
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
        execution.unwrap_or_else(|execution| *execution).advancing(&position)
    }

    /// Executes the operation for the next event.
    ///
    /// # Errors
    /// Returns an outcome that identical subscriptions must not share.
    async fn execute(&self, position: &Position) -> Result<EventExecution, Box<EventExecution>> {
        let response =
            self.executor.run(Access::Read, self.request.clone(), &self.credential).await;
        match position.take() {
            Some(EventOutcome::Nothing(end)) => Ok(EventExecution::Nothing(end)),
            _ if response.has_code(&[Code::Unavailable]) => {
                Err(Box::new(EventExecution::Unavailable(response)))
            }
            Some(EventOutcome::Event(at)) => {
                // Not shared: after a timeout or internal error, another subscription may succeed. An unlogged response may
                // contain data that another viewer must not see.
                let is_own = response.freshness.is_unlogged
                    || response.has_code(&[Code::Timeout, Code::Internal]);
                let execution = EventExecution::Event(at.position, response.at_cursor(change::encode(at)));
                if is_own { Err(Box::new(execution)) } else { Ok(execution) }
            }
            None if response.is_ok() => Err(Box::new(EventExecution::Failed(Response::refused(Code::ValidationFailed.error(
                "a subscription selects exactly one field, which `@skip` and `@include` cannot omit",
            ))))),
            None => Err(Box::new(EventExecution::without_event(response))),
        }
    }
}

impl EventExecution {
    /// The outcome of a response without an event.
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

    /// Advances the position of the subscription to this outcome.
    fn advancing(self, position: &Position) -> Self {
        if let Self::Event(at, _) | Self::Nothing(at) = &self {
            position.advance(*at);
        }
        self
    }
}
