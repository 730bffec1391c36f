//! Creating, updating and archiving sources.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::source::SourceContent;
use crate::graphql::scalar::Date;
use crate::graphql::source::{Source, SourceById, SourceKind};

payload!(CreateSourcePayload, source: Source, SourceById);
payload!(UpdateSourcePayload, source: Source, SourceById);
payload!(ArchiveSourcePayload, source: Source, SourceById);

/// A source to create.
#[derive(Debug, InputObject)]
pub struct CreateSourceInput {
    /// Short name in dossiers: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// Title, up to 300 characters.
    title: String,
    /// Where it comes from.
    kind: SourceKind,
    /// Who published it, up to 300 characters.
    publisher: Option<String>,
    /// Where it is: an `http` or `https` address, up to 2000 characters.
    url: Option<String>,
    /// Where a copy of it is kept: an `http` or `https` address, up to 2000 characters.
    archived_url: Option<String>,
    /// The day it was published.
    published_on: Option<Date>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a source. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateSourceInput {
    /// The source.
    source_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name in dossiers: lower-case letters, digits and single hyphens, up to 80 characters. Unique. Null clears it.
    slug: MaybeUndefined<String>,
    /// Title, up to 300 characters.
    title: Option<String>,
    /// Where it comes from.
    kind: Option<SourceKind>,
    /// Who published it, up to 300 characters. Null clears it.
    publisher: MaybeUndefined<String>,
    /// Where it is: an `http` or `https` address, up to 2000 characters. Null clears it.
    url: MaybeUndefined<String>,
    /// Where a copy of it is kept: an `http` or `https` address, up to 2000 characters. Null clears it.
    archived_url: MaybeUndefined<String>,
    /// The day it was published. Null clears it.
    published_on: MaybeUndefined<Date>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A source to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveSourceInput {
    /// The source.
    source_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing sources.
#[derive(Default)]
pub struct SourceMutation;

#[Object]
impl SourceMutation {
    /// Creates a source.
    async fn create_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The source.")] input: CreateSourceInput,
    ) -> Result<Option<CreateSourcePayload>> {
        let ids = Ids::default();
        let content = SourceContent {
            slug: input.slug,
            title: input.title,
            kind: input.kind.into(),
            publisher: input.publisher,
            url: input.url,
            archived_url: input.archived_url,
            published_on: input.published_on.map(|day| day.0),
        };
        CreateSourcePayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a source. What is left out stays as it is.
    async fn update_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateSourceInput,
    ) -> Result<Option<UpdateSourcePayload>> {
        let ids = Ids::default();
        let edit = |content: &mut SourceContent| {
            set_optional(&mut content.slug, input.slug);
            set(&mut content.title, input.title);
            set(&mut content.kind, input.kind);
            set_optional(&mut content.publisher, input.publisher);
            set_optional(&mut content.url, input.url);
            set_optional(&mut content.archived_url, input.archived_url);
            set_optional(&mut content.published_on, input.published_on.map_value(|day| day.0));
        };
        let record = ("sourceId", &input.source_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateSourcePayload::of(context, outcome).await
    }

    /// Puts a source away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveSourceInput,
    ) -> Result<Option<ArchiveSourcePayload>> {
        let record = ("sourceId", &input.source_id);
        let outcome =
            archive::<SourceContent>(context, record, input.expected_version, input.archived)?;
        ArchiveSourcePayload::of(context, outcome).await
    }
}
