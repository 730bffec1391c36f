//! Topics: their rows, their creation and their updates.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::insert::insert_rows;
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::rows::{Column, Rows};
use super::schema::topics;
use super::{DbConnection, Error, external_id};
use crate::domain::id::{TopicId, of};
use crate::domain::topic::TopicContent;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// A topic.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = topics, treat_none_as_default_value = false)]
pub struct Topic {
    /// Primary key.
    pub id: TopicId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Short name in URLs.
    pub slug: String,
    /// Name.
    pub name: String,
    /// The scope of the topic.
    pub description: Option<String>,
    /// The broader topic. Null at the top level.
    pub parent_id: Option<TopicId>,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// Reads these columns of all topics, in order of name. The result has an additional first column: an empty key.
/// Excludes archived topics.
///
/// # Errors
/// Database errors.
pub fn select_all(connection: &mut DbConnection, columns: &[Column]) -> Result<Rows, Error> {
    let tail = Sql::new(
        "FROM topics WHERE topics.archived_at IS NULL ORDER BY topics.name COLLATE alphabetical, topics.id",
    );
    Rows::select_keyed(connection, "''", columns, tail)
}

/// All topics, in order of slug. Excludes archived topics.
///
/// # Errors
/// Database errors.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Topic>, Error> {
    let topics = topics::table.filter(topics::archived_at.is_null()).order(topics::slug);
    Ok(topics.select(Topic::as_select()).load(connection)?)
}

/// The topics with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Topic>, Error> {
    query::by_key(connection, "topics WHERE", "topics.id", ids)
}

/// The topics with these slugs, current or former, keyed by slug. Excludes archived topics.
///
/// # Errors
/// Database errors.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<HashMap<String, Topic>, Error> {
    let from = "slugs JOIN topics ON topics.id = slugs.record_id \
                WHERE slugs.kind = 'topic' AND topics.archived_at IS NULL AND";
    query::by_key(connection, from, "slugs.slug", slugs)
}

impl Record for TopicContent {
    type Of = of::Topic;
    const KIND: Kind = Kind::Topic;

    fn slug(&self) -> Option<&str> {
        Some(&self.slug)
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[TopicId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, row): (String, Topic)| {
            let content = Self {
                slug: row.slug,
                name: row.name,
                description: row.description,
                parent: row.parent_id,
                external_ids: external_ids.remove(&id).unwrap_or_default(),
            };
            let is_archived = row.archived_at.is_some();
            (id, Stored { version: row.version, is_archived, content })
        };
        Ok(by_ids(connection, ids)?.into_iter().map(stored).collect())
    }

    fn validate_update(
        &self,
        connection: &mut DbConnection,
        id: TopicId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        // Visits all ancestors, starting with the parent. No ancestor may be this topic.
        let mut next = self.parent;
        while let Some(above) = next {
            if above == id {
                errors.add(
                    ValidationErrorCode::Invalid,
                    "parent",
                    "is this topic or a part of it; a topic cannot contain itself",
                );
                break;
            }
            next = topics::table.find(above).select(topics::parent_id).first(connection)?;
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| Topic {
            id: *id,
            version: 1,
            slug: content.slug.clone(),
            name: content.name.clone(),
            description: content.description.clone(),
            parent_id: content.parent,
            archived_at: None,
        };
        insert_rows!(connection, topics::table, candidates.iter().map(row).collect());
        Ok(())
    }

    fn update(&self, connection: &mut DbConnection, id: TopicId, _old: &Self) -> Result<(), Error> {
        diesel::update(topics::table.find(id))
            .set((
                topics::slug.eq(&self.slug),
                topics::name.eq(&self.name),
                topics::description.eq(&self.description),
                topics::parent_id.eq(self.parent),
            ))
            .execute(connection)?;
        Ok(())
    }
}
