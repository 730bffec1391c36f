//! Sources: their rows, their creation and their updates.

mod list;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
pub use list::{Filter, Order, SourceList};

use super::insert::insert_rows;
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::sources;
use super::search_index::Searched;
use super::{DbConnection, Error, external_id};
use crate::domain::Kind;
use crate::domain::id::{SourceId, of};
use crate::domain::search::{Field, IndexedText, SearchKind};
use crate::domain::source::{SourceContent, SourceKind};

/// Looks up sources by URL. Excludes archived sources.
pub const BY_URL: Lookup =
    Lookup { from: "sources WHERE sources.archived_at IS NULL AND", key: "sources.url", order: "" };

/// The sources of events, in order.
pub const OF_EVENTS: Lookup = Lookup {
    from: "event_sources JOIN sources ON sources.id = event_sources.source_id WHERE",
    key: "event_sources.event_id",
    order: "event_sources.position, sources.id",
};

/// The evidence of assessments, in order.
pub const EVIDENCE_OF: Lookup = Lookup {
    from: "assessment_evidence JOIN sources ON sources.id = assessment_evidence.source_id WHERE",
    key: "assessment_evidence.assessment_id",
    order: "assessment_evidence.position, sources.id",
};

/// A source.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sources, treat_none_as_default_value = false)]
pub struct Source {
    /// Primary key.
    pub id: SourceId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Short name in dossiers. Null if the source has none.
    pub slug: Option<String>,
    /// Title.
    pub title: String,
    /// The kind of source.
    pub kind: SourceKind,
    /// The publisher.
    pub publisher: Option<String>,
    /// The URL.
    pub url: Option<String>,
    /// The URL of an archived copy.
    pub archived_url: Option<String>,
    /// The day of publication.
    pub published_on: Option<NaiveDate>,
    /// The language, as a BCP 47 tag.
    pub language: Option<String>,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// The texts of sources in the search index. They include the year, because people remember reports by their year.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Source,
    table: "sources",
    container: None,
    name: None,
    aliases: None,
    filtered: &["sources.title", "sources.publisher"],
    external_ids: external_id::column!("sources"),
    columns: &["sources.title", "sources.publisher", "sources.slug", "sources.published_on"],
    indexed_texts: |texts| {
        let fields = [Field::Title, Field::Label, Field::Label, Field::Label];
        let indexed_texts = fields.into_iter().zip(texts);
        indexed_texts
            .filter_map(|(field, text)| text.map(|text| IndexedText::new(field, text)))
            .collect()
    },
};

/// The sources with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Source>, Error> {
    query::by_key(connection, "sources WHERE", "sources.id", ids)
}

/// The sources with these URLs, keyed by URL. If several sources have the same URL, returns the first that was recorded.
/// Excludes archived sources.
///
/// # Errors
/// Database errors.
pub fn by_urls(
    connection: &mut DbConnection,
    urls: &[impl AsRef<str>],
) -> Result<HashMap<String, SourceId>, Error> {
    if urls.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = Sql::new(
        "SELECT sources.url, min(sources.id) FROM sources WHERE sources.archived_at IS NULL AND ",
    )
    .any_of(connection.dialect(), "sources.url", urls)
    .text(" GROUP BY sources.url");
    let pairs = query::pairs(connection, sql)?.into_iter();
    Ok(pairs.filter_map(|(url, id)| Some((url, SourceId::stored(&id)?))).collect())
}

impl Record for SourceContent {
    type Of = of::Source;
    const KIND: Kind = Kind::Source;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn slug(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[SourceId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, row): (String, Source)| {
            let content = Self {
                slug: row.slug,
                title: row.title,
                kind: row.kind,
                publisher: row.publisher,
                url: row.url,
                archived_url: row.archived_url,
                published_on: row.published_on,
                language: row.language,
                external_ids: external_ids.remove(&id).unwrap_or_default(),
            };
            let is_archived = row.archived_at.is_some();
            (id, Stored { version: row.version, is_archived, content })
        };
        Ok(by_ids(connection, ids)?.into_iter().map(stored).collect())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| Source {
            id: *id,
            version: 1,
            slug: content.slug.clone(),
            title: content.title.clone(),
            kind: content.kind,
            publisher: content.publisher.clone(),
            url: content.url.clone(),
            archived_url: content.archived_url.clone(),
            published_on: content.published_on,
            language: content.language.clone(),
            archived_at: None,
        };
        let with_folded =
            |candidate| (row(candidate), sources::folded.eq(candidate.content.folded()));
        insert_rows!(connection, sources::table, candidates.iter().map(with_folded).collect());
        Ok(())
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: SourceId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(sources::table.find(id))
            .set((
                sources::slug.eq(&self.slug),
                sources::title.eq(&self.title),
                sources::kind.eq(self.kind),
                sources::publisher.eq(&self.publisher),
                sources::url.eq(&self.url),
                sources::archived_url.eq(&self.archived_url),
                sources::published_on.eq(self.published_on),
                sources::language.eq(&self.language),
                sources::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        Ok(())
    }
}
