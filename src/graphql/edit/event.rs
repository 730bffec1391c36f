//! Creating, updating and archiving events.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::event::EventContent;
use crate::graphql::assessment::Confidence;
use crate::graphql::event::{Event, EventById, EventKind};
use crate::graphql::scalar::Date;

payload!(CreateEventPayload, event: Event, EventById);
payload!(UpdateEventPayload, event: Event, EventById);
payload!(ArchiveEventPayload, event: Event, EventById);

/// An event to create.
#[derive(Debug, InputObject)]
pub struct CreateEventInput {
    /// Short name in dossiers: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// The day, or the first of several.
    happened_on: Date,
    /// The last day, where there was more than one.
    ended_on: Option<Date>,
    /// What it is.
    kind: EventKind,
    /// Title, up to 300 characters.
    title: String,
    /// What happened, in plain words; up to 20000 characters.
    summary: String,
    /// Where it happened, up to 300 characters.
    place: Option<String>,
    /// How sure this record is.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// Who acted or spoke.
    #[graphql(default)]
    actor_ids: Vec<ID>,
    /// The clauses, caveats and proposals that it concerns.
    #[graphql(default)]
    concerns_ids: Vec<ID>,
    /// What this record rests on.
    #[graphql(default)]
    source_ids: Vec<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in an event. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateEventInput {
    /// The event.
    event_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name in dossiers: lower-case letters, digits and single hyphens, up to 80 characters. Unique. Null clears it.
    slug: MaybeUndefined<String>,
    /// The day, or the first of several.
    happened_on: Option<Date>,
    /// The last day, where there was more than one. Null clears it.
    ended_on: MaybeUndefined<Date>,
    /// What it is.
    kind: Option<EventKind>,
    /// Title, up to 300 characters.
    title: Option<String>,
    /// What happened, in plain words; up to 20000 characters.
    summary: Option<String>,
    /// Where it happened, up to 300 characters. Null clears it.
    place: MaybeUndefined<String>,
    /// How sure this record is.
    confidence: Option<Confidence>,
    /// Who acted or spoke. Replaces the whole list.
    actor_ids: Option<Vec<ID>>,
    /// The clauses, caveats and proposals that it concerns. Replaces the whole list.
    concerns_ids: Option<Vec<ID>>,
    /// What this record rests on. Replaces the whole list.
    source_ids: Option<Vec<ID>>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// An event to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveEventInput {
    /// The event.
    event_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing events.
#[derive(Default)]
pub struct EventMutation;

#[Object]
impl EventMutation {
    /// Creates an event.
    async fn create_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The event.")] input: CreateEventInput,
    ) -> Result<Option<CreateEventPayload>> {
        let mut ids = Ids::default();
        let content = EventContent {
            slug: input.slug,
            happened_on: input.happened_on.0,
            ended_on: input.ended_on.map(|day| day.0),
            kind: input.kind.into(),
            title: input.title,
            summary: input.summary,
            place: input.place,
            confidence: input.confidence.into(),
            actors: ids.list(Kind::Party, "actors", &input.actor_ids),
            concerns: ids.trackables("concerns", &input.concerns_ids),
            sources: ids.list(Kind::Source, "sources", &input.source_ids),
        };
        CreateEventPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about an event. What is left out stays as it is.
    async fn update_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateEventInput,
    ) -> Result<Option<UpdateEventPayload>> {
        let mut ids = Ids::default();
        let actors = ids.maybe_list(Kind::Party, "actors", input.actor_ids);
        let concerns = input.concerns_ids.map(|list| ids.trackables("concerns", &list));
        let sources = ids.maybe_list(Kind::Source, "sources", input.source_ids);
        let edit = |content: &mut EventContent| {
            set_optional(&mut content.slug, input.slug);
            set(&mut content.happened_on, input.happened_on.map(|day| day.0));
            set_optional(&mut content.ended_on, input.ended_on.map_value(|day| day.0));
            set(&mut content.kind, input.kind);
            set(&mut content.title, input.title);
            set(&mut content.summary, input.summary);
            set_optional(&mut content.place, input.place);
            set(&mut content.confidence, input.confidence);
            set(&mut content.actors, actors);
            set(&mut content.concerns, concerns);
            set(&mut content.sources, sources);
        };
        let record = ("eventId", &input.event_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateEventPayload::of(context, outcome).await
    }

    /// Puts an event away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_event(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveEventInput,
    ) -> Result<Option<ArchiveEventPayload>> {
        let record = ("eventId", &input.event_id);
        let outcome =
            archive::<EventContent>(context, record, input.expected_version, input.archived)?;
        ArchiveEventPayload::of(context, outcome).await
    }
}
