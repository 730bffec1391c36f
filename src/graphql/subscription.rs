//! Subscriptions: following the change log.
//!
//! A subscription is a query that is asked again whenever the log has grown. It remembers where in the log it stands; its
//! root field gives the next event after that, or fails because there is none yet. So each event is resolved like any
//! other query, in one snapshot that has the event in it, and nothing is held between two events but a number. As
//! positions are gapless and in the order of commits, no event is left out or told twice.
//!
//! To execute it as a query, there is a second schema, whose query root is the type `Subscription`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::registry::Registry;
use async_graphql::{
    Context, ID, Name, Object, OutputType, Pos, Positioned, Request, Response, Result,
    SubscriptionType, Variables,
};
use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::batch::{Reader, reader};
use super::change::{self, Change};
use super::completion::Plan;
use super::cost::Cost;
use super::error::{self, Code};
use super::execution::{Executor, Observed, Parsed, Prepared, drive, failed};
use super::status_change::{self, StatusChange};
use crate::db;
use crate::db::status_change::Followed;
use crate::db::{Access, DbConnection, Follower};
use crate::domain::viewer::{Credential, Viewer};

/// How long to wait before a database that could not be reached is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Everything that can be followed. A subscription goes on until it is ended.
pub struct Subscription;

/// Everything that can be followed. A subscription goes on until it is ended.
#[Object]
impl Subscription {
    /// The change log as it grows: everything that is done to any record, oldest first. With `after`, first what was missed since that cursor, then what is new, without a gap and nothing twice.
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Only changes after this cursor, which may be any of the change log, its end included. What happens from now on where left out."
        )]
        after: Option<String>,
    ) -> Result<Change> {
        context.data::<Arc<Place>>()?.next(context, after.as_deref(), |connection, position| {
            let next = db::change::after(connection, position, 1)?.rows.pop();
            Ok(next.map(|change| (change.position, change.into())))
        })
    }

    /// Every assessment that is recorded or taken back, of whatever the arguments name; of anything where they name nothing. With `after`, first what was missed since that cursor, then what is new, without a gap and nothing twice.
    async fn status_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Those of the clauses of the agreement with this slug.")]
        agreement: Option<String>,
        #[graphql(desc = "Those of the proposal with this slug, and of its caveats.")]
        proposal: Option<String>,
        #[graphql(
            desc = "Those of these clauses, caveats and proposals, by id or by name such as `minsk-2/9`; at most 200."
        )]
        ids: Option<Vec<ID>>,
        #[graphql(
            desc = "Only those after this cursor, which may be any of the change log, its end included. What happens from now on where left out."
        )]
        after: Option<String>,
    ) -> Result<StatusChange> {
        let place = context.data::<Arc<Place>>()?;
        let followed = if let Some(followed) = place.followed() {
            followed
        } else {
            let (agreement, proposal) = (agreement.as_deref(), proposal.as_deref());
            let followed =
                status_change::followed(context, agreement, proposal, ids.as_deref()).await?;
            place.keep(followed)
        };
        place.next(context, after.as_deref(), |connection, position| {
            let next = db::status_change::next(connection, position, &followed)?;
            Ok(next.map(|change| (change.position, StatusChange(change))))
        })
    }
}

/// In the contract it is the type of subscriptions. The library's own way to run them is not used.
impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        <Self as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn create_field_stream<'a>(
        &'a self,
        _context: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        Some(Box::pin(stream::empty()))
    }
}

/// Refuses a subscription to several fields.
pub(super) fn check_root(plan: &Plan) -> Result<()> {
    match plan.roots() {
        1 => Ok(()),
        count => Err(Code::ValidationFailed.error(format!(
            "a subscription selects one field to follow, and this one selects {count}"
        ))),
    }
}

/// The operation as a query, alone in its document with the fragments that it spreads.
pub(super) fn event_document(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> ExecutableDocument {
    let mut spread = HashSet::new();
    collect_spread(document, &operation.selection_set.node, &mut spread);
    let fragments = document.fragments.iter().filter(|(name, _)| spread.contains(name));
    let fragments = fragments.map(|(name, fragment)| (name.clone(), fragment.clone())).collect();
    let operation = OperationDefinition { ty: OperationType::Query, ..operation.clone() };
    let operations = DocumentOperations::Single(Positioned::new(operation, Pos::default()));
    ExecutableDocument { operations, fragments }
}

fn collect_spread<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    spread: &mut HashSet<&'a Name>,
) {
    for selection in &set.items {
        let inner = match &selection.node {
            Selection::Field(field) => &field.node.selection_set,
            Selection::InlineFragment(fragment) => &fragment.node.selection_set,
            Selection::FragmentSpread(fragment) => {
                let name = &fragment.node.fragment_name.node;
                match document.fragments.get(name) {
                    Some(fragment) if spread.insert(name) => &fragment.node.selection_set,
                    _ => continue,
                }
            }
        };
        collect_spread(document, &inner.node, spread);
    }
}

/// Where a subscription stands in the log, from one event to the next.
#[derive(Default)]
struct Place(Mutex<Standing>);

#[derive(Default)]
struct Standing {
    /// The position up to which everything has been told; none at the beginning.
    position: Option<i64>,
    /// What is followed, once the arguments have been looked up.
    followed: Option<Arc<Followed>>,
    /// What the last look has found.
    found: Option<Found>,
}

#[derive(Clone, Copy)]
enum Found {
    /// An event at this position.
    Event(i64),
    /// None up to this position.
    Nothing(i64),
}

impl Place {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        // A panic while the lock was held ends the subscription.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed(&self) -> Option<Arc<Followed>> {
        self.standing().followed.clone()
    }

    fn keep(&self, followed: Followed) -> Arc<Followed> {
        self.standing().followed.insert(Arc::new(followed)).clone()
    }

    /// The next event, by `find`, which gives the first one after a position. `after` counts at the beginning.
    fn next<T>(
        &self,
        context: &Context<'_>,
        after: Option<&str>,
        find: impl FnOnce(&mut DbConnection, i64) -> std::result::Result<Option<(i64, T)>, db::Error>,
    ) -> Result<T> {
        let mut standing = self.standing();
        let after = after.map(|cursor| change::decode("after", cursor)).transpose()?;
        let (end, next) = reader(context)?.read(|connection| {
            let head = connection.log_position()?;
            let position = standing.position.or(after).unwrap_or(head);
            let next = if position < head { find(connection, position)? } else { None };
            Ok((position.max(head), next))
        })?;
        if let Some((position, event)) = next {
            standing.found = Some(Found::Event(position));
            return Ok(event);
        }
        standing.found = Some(Found::Nothing(end));
        // Nobody sees it.
        Err(Code::Internal.error("there is no event yet"))
    }

    /// What was found since this was last asked.
    fn take(&self) -> Option<Found> {
        self.standing().found.take()
    }

    fn go_on_from(&self, position: i64) {
        self.standing().position = Some(position);
    }
}

/// A subscription that goes on.
struct Following {
    executor: Executor,
    prepared: Arc<Prepared>,
    variables: Variables,
    credential: Credential,
    cost: Cost,
    place: Arc<Place>,
    follower: Follower,
    /// What came of the first look.
    first: Option<Look>,
    has_ended: bool,
}

/// What came of looking for the next event.
enum Look {
    Event(Response),
    Nothing,
    /// The database cannot be reached for now; the event, if there is one, is still to be told.
    Unavailable(Response),
    Failed(Response),
}

impl Executor {
    /// Follows what a parsed subscription asks for, for whoever shows
    /// `credential`: one response for each event. It ends of itself
    /// only by a fault of our own, which is its last response. While the database cannot be reached it waits, and then
    /// goes on without a gap.
    ///
    /// # Errors
    /// The response that says why it cannot begin.
    pub async fn subscribe(
        &self,
        parsed: Parsed,
        credential: Credential,
    ) -> std::result::Result<BoxStream<'static, Response>, Box<Response>> {
        let (began, mut observed) = (Instant::now(), Observed::of(&parsed));
        observed.estimate = self.estimate(&parsed)?;
        let cost = self.cost(observed.estimate);
        let Parsed { request, prepared, .. } = parsed;
        let mut following = Following {
            executor: self.clone(),
            prepared,
            variables: request.variables.clone(),
            credential,
            cost,
            place: Arc::default(),
            follower: self.db.follow(),
            first: None,
            has_ended: false,
        };
        match following.look(Some(request)).await {
            Look::Unavailable(response) | Look::Failed(response) => {
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
                None => self.look(None).await,
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

    /// Looks for the next event, and resolves what is asked of it. `unchecked` is the request, the first time.
    async fn look(&mut self, unchecked: Option<Request>) -> Look {
        // Before looking, so that nothing can happen unseen in between.
        self.follower.mark();
        let mut request = Request::new("").variables(self.variables.clone());
        if let Some(document) = &self.prepared.event {
            request.set_parsed_query(document.clone());
        }
        let (executor, place, cost) =
            (self.executor.clone(), self.place.clone(), self.cost.clone());
        let work = move |reader: &Reader, viewer: Viewer, deadline: Instant| {
            if let Some(unchecked) = unchecked {
                let response = executor.check(reader, deadline, unchecked);
                if response.is_err() {
                    return response;
                }
            }
            let request = request.data(reader.clone()).data(place).data(viewer).data(cost);
            drive(reader, deadline, executor.events.execute(request))
        };
        let response =
            self.executor.run(Access::Read, self.prepared.clone(), &self.credential, work).await;
        match self.place.take() {
            Some(Found::Nothing(position)) => {
                self.place.go_on_from(position);
                Look::Nothing
            }
            _ if error::is_unavailable(&response) => Look::Unavailable(response),
            Some(Found::Event(position)) => {
                self.place.go_on_from(position);
                Look::Event(response)
            }
            None if response.is_ok() => Look::Failed(failed(Code::ValidationFailed.error(
                "a subscription selects one field to follow, which `__typename` is not, nor one that `@skip` or `@include` \
                 leaves out",
            ))),
            None => Look::Failed(response),
        }
    }
}
