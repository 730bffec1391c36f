//! Parties: their rows, list, creation and updates.

mod assessments;

use std::collections::HashMap;

pub use assessments::{PartyAssessmentList, PartyRole};
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::insert::insert_rows;
use super::page::{List, Listing};
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::parties;
use super::search_index::Searched;
use super::sort::SortKey;
use super::{DbConnection, Error, external_id};
use crate::domain::id::{PartyId, of};
use crate::domain::party::{PartyContent, PartyKind};
use crate::domain::search::{Field, IndexedText, SearchKind};
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// The parties responsible for breaches, in order.
pub const BREAKERS_OF: Lookup = Lookup {
    from: "assessment_breakers JOIN parties ON parties.id = assessment_breakers.party_id WHERE",
    key: "assessment_breakers.assessment_id",
    order: "assessment_breakers.position, parties.id",
};

/// Parties by current or former slug. Excludes archived parties.
pub const BY_SLUG: Lookup = Lookup {
    from: "slugs JOIN parties ON parties.id = slugs.record_id \
           WHERE slugs.kind = 'party' AND parties.archived_at IS NULL AND",
    key: "slugs.slug",
    order: "",
};

/// The persons who represent parties, in order of name. Excludes archived persons.
pub const REPRESENTATIVES_OF: Lookup = Lookup {
    from: "parties WHERE parties.archived_at IS NULL AND",
    key: "parties.represents_id",
    order: "parties.name COLLATE alphabetical, parties.id",
};

/// A party.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = parties, treat_none_as_default_value = false)]
pub struct Party {
    /// Primary key.
    pub id: PartyId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Short name in URLs.
    pub slug: String,
    /// Full name.
    pub name: String,
    /// Short name, for tables.
    pub short_name: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// The kind of party.
    pub kind: PartyKind,
    /// The party that a person represents. Null for other parties.
    pub represents_id: Option<PartyId>,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// The texts of parties in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Party,
    table: "parties",
    container: None,
    name: Some("parties.short_name"),
    aliases: Some("parties.aliases"),
    columns: &["parties.name", "parties.short_name", "parties.slug"],
    external_ids: external_id::column!("parties"),
    filtered: &[],
    indexed_texts: |texts| {
        let fields = [Field::Name, Field::Name, Field::Label];
        let indexed_texts = fields.into_iter().zip(texts);
        indexed_texts
            .filter_map(|(field, text)| text.map(|text| IndexedText::new(field, text)))
            .collect()
    },
};

/// All parties, in order of name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PartyList;

impl List for PartyList {
    const KIND: Kind = Kind::Party;
    const ID: &'static str = "parties.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::text("parties.name COLLATE alphabetical"), SortKey::id("parties.id")] }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        Listing {
            conditions: vec![Sql::new("parties.archived_at IS NULL")],
            ..Listing::of("parties", self.sort_keys())
        }
    }
}

/// The parties with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Party>, Error> {
    query::by_key(connection, "parties WHERE", "parties.id", ids)
}

/// The parties with these slugs, current or former, keyed by slug. Excludes archived parties.
///
/// # Errors
/// Database errors.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<HashMap<String, Party>, Error> {
    query::by_key(connection, BY_SLUG.from, BY_SLUG.key, slugs)
}

impl Record for PartyContent {
    type Of = of::Party;
    const KIND: Kind = Kind::Party;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn slug(&self) -> Option<&str> {
        Some(&self.slug)
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[PartyId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, row): (String, Party)| {
            let content = Self {
                slug: row.slug,
                name: row.name,
                short_name: row.short_name,
                aliases: query::parse_json_array(&row.aliases)?,
                kind: row.kind,
                represents: row.represents_id,
                external_ids: external_ids.remove(&id).unwrap_or_default(),
            };
            let is_archived = row.archived_at.is_some();
            Ok((id, Stored { version: row.version, is_archived, content }))
        };
        by_ids(connection, ids)?.into_iter().map(stored).collect()
    }

    fn validate_update(
        &self,
        _connection: &mut DbConnection,
        id: PartyId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        if self.represents == Some(id) {
            errors.add(
                ValidationErrorCode::Invalid,
                "represents",
                "is this person; a person must represent another party",
            );
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| Party {
            id: *id,
            version: 1,
            slug: content.slug.clone(),
            name: content.name.clone(),
            short_name: content.short_name.clone(),
            aliases: query::json_array(&content.aliases),
            kind: content.kind,
            represents_id: content.represents,
            archived_at: None,
        };
        insert_rows!(connection, parties::table, candidates.iter().map(row).collect());
        Ok(())
    }

    fn update(&self, connection: &mut DbConnection, id: PartyId, _old: &Self) -> Result<(), Error> {
        diesel::update(parties::table.find(id))
            .set((
                parties::slug.eq(&self.slug),
                parties::name.eq(&self.name),
                parties::short_name.eq(&self.short_name),
                parties::aliases.eq(query::json_array(&self.aliases)),
                parties::kind.eq(self.kind),
                parties::represents_id.eq(self.represents),
            ))
            .execute(connection)?;
        Ok(())
    }
}
