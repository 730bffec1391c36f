//! Agreements: their rows, their creation and their updates.

mod list;
mod parts;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
pub use list::{AgreementList, Filter, Order, Parent, TopicTreatmentFilter};
use parts::Parts;
pub(super) use parts::ending_in;
pub use parts::{
    AgreementEnding, AgreementParty, AgreementRelation, ENDINGS_OF, EndingView, PARTIES_OF,
    RELATIONS_OF, select_endings,
};

use super::insert::insert_rows;
use super::provenance::AgreementProvenance;
use super::query;
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::agreements;
use super::search_index::Searched;
use super::topic_treatment::{self, TopicTreatment};
use super::{DbConnection, Error, assessment, external_id};
use crate::domain::agreement::{
    AgreementContent, AgreementKind, AgreementPartyContent, AgreementRelationContent,
};
use crate::domain::id::{AgreementId, of};
use crate::domain::search::{Field, IndexedText, SearchKind};
use crate::domain::{Kind, StringEnum, ValidationErrorCode, ValidationErrors};

/// Agreements by current or former slug. Excludes archived agreements.
pub const BY_SLUG: Lookup = Lookup {
    from: "slugs JOIN agreements ON agreements.id = slugs.record_id \
           WHERE slugs.kind = 'agreement' AND agreements.archived_at IS NULL AND",
    key: "slugs.slug",
    order: "",
};

/// The agreements that each proposal concerns, in order. Excludes archived agreements.
pub const OF_PROPOSALS: Lookup = Lookup {
    from: "proposal_agreements JOIN agreements ON agreements.id = proposal_agreements.agreement_id \
           WHERE agreements.archived_at IS NULL AND",
    key: "proposal_agreements.proposal_id",
    order: "proposal_agreements.position, agreements.id",
};

/// An agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements, treat_none_as_default_value = false)]
pub struct Agreement {
    /// Primary key.
    pub id: AgreementId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Short name in URLs, such as `minsk-2`.
    pub slug: String,
    /// Full title.
    pub title: String,
    /// Short title, for tables.
    pub short_title: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// The kind of agreement.
    pub kind: AgreementKind,
    /// The way in which the agreement was adopted.
    pub adoption: String,
    /// The day of agreement.
    pub agreed_on: NaiveDate,
    /// The place of agreement.
    pub place: Option<String>,
    /// Summary.
    pub summary: String,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: AgreementProvenance,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
    /// The first day that the record covers.
    pub covered_from: Option<NaiveDate>,
    /// The last day that the record covers.
    pub covered_to: Option<NaiveDate>,
    /// The matters that the record does not cover.
    pub not_covered: Option<String>,
}

/// The texts of agreements in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Agreement,
    table: "agreements",
    container: None,
    name: Some("agreements.short_title"),
    aliases: Some("agreements.aliases"),
    columns: &[
        "agreements.title",
        "agreements.short_title",
        "agreements.slug",
        "agreements.summary",
        "agreements.adoption",
        "agreements.place",
        "agreements.note",
    ],
    external_ids: external_id::column!("agreements"),
    filtered: &[
        "agreements.title",
        "agreements.short_title",
        "agreements.summary",
        "agreements.note",
    ],
    indexed_texts: |texts| {
        let &[title, short_title, slug, summary, adoption, place, note] = texts else {
            return Vec::new();
        };
        let indexed_texts = [
            title.map(|title| IndexedText::new(Field::Name, title)),
            short_title.map(|title| IndexedText::new(Field::Name, title).inherited()),
            slug.map(|slug| IndexedText::new(Field::Label, slug).inherited()),
            summary.map(|summary| IndexedText::new(Field::Summary, summary)),
            adoption.map(|adoption| IndexedText::new(Field::Text, adoption)),
            place.map(|place| IndexedText::new(Field::Label, place)),
            note.map(|note| IndexedText::new(Field::Text, note)),
        ];
        indexed_texts.into_iter().flatten().collect()
    },
};

/// The agreements with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Agreement>, Error> {
    query::by_key(connection, "agreements WHERE", "agreements.id", ids)
}

/// The agreements with these slugs, current or former, keyed by slug. Excludes archived agreements.
///
/// # Errors
/// Database errors.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<HashMap<String, Agreement>, Error> {
    query::by_key(connection, BY_SLUG.from, BY_SLUG.key, slugs)
}

impl Record for AgreementContent {
    type Of = of::Agreement;
    const KIND: Kind = Kind::Agreement;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn slug(&self) -> Option<&str> {
        Some(&self.slug)
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[AgreementId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let rows: HashMap<String, Agreement> = by_ids(connection, ids)?;
        let mut external_ids = external_id::load(connection, ids)?;
        let mut parties: HashMap<_, Vec<AgreementParty>> = PARTIES_OF.load(connection, ids)?;
        let mut relations: HashMap<_, Vec<AgreementRelation>> =
            RELATIONS_OF.load(connection, ids)?;
        let mut endings: HashMap<_, Vec<AgreementEnding>> = ENDINGS_OF.load(connection, ids)?;
        let mut topic_treatments: HashMap<_, Vec<TopicTreatment>> =
            topic_treatment::OF_AGREEMENTS.load(connection, ids)?;
        let stored = |(id, row): (String, Agreement)| {
            let content = Self {
                slug: row.slug,
                title: row.title,
                short_title: row.short_title,
                aliases: query::parse_json_array(&row.aliases)?,
                kind: row.kind,
                adoption: row.adoption,
                agreed_on: row.agreed_on,
                place: row.place,
                summary: row.summary,
                provenance: row.provenance.into(),
                covered_from: row.covered_from,
                covered_to: row.covered_to,
                not_covered: row.not_covered,
                external_ids: external_ids.remove(&id).unwrap_or_default(),
                parties: parties
                    .remove(&id)
                    .into_iter()
                    .flatten()
                    .map(|part| AgreementPartyContent {
                        party: part.party_id,
                        role: part.role,
                        capacity: part.capacity,
                        held_by: part.held_by_id,
                        provenance: part.provenance.into(),
                    })
                    .collect(),
                relations: relations
                    .remove(&id)
                    .into_iter()
                    .flatten()
                    .map(|to| AgreementRelationContent { kind: to.kind, agreement: to.related_id })
                    .collect(),
                endings: endings.remove(&id).into_iter().flatten().map(Into::into).collect(),
                topic_treatments: topic_treatments
                    .remove(&id)
                    .into_iter()
                    .flatten()
                    .map(Into::into)
                    .collect(),
            };
            let is_archived = row.archived_at.is_some();
            Ok((id, Stored { version: row.version, is_archived, content }))
        };
        rows.into_iter().map(stored).collect()
    }

    fn validate_update(
        &self,
        connection: &mut DbConnection,
        id: AgreementId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        for (index, relation) in
            self.relations.iter().enumerate().filter(|(_, to)| to.agreement == id)
        {
            let message = format!(
                "must be another agreement: no agreement {} itself",
                relation.kind.in_words()
            );
            errors.add(
                ValidationErrorCode::Invalid,
                &format!("relations.{index}.agreement"),
                message,
            );
        }
        // No clause of the agreement can have a status that took effect before the day of agreement.
        let first: Option<NaiveDate> =
            assessment::first_effective_on(connection, assessment::Scope::Agreement(id))?;
        if let Some(first) = first.filter(|first| *first < self.agreed_on) {
            let message = format!(
                "{} is after {first}, the day of the earliest status of its clauses",
                self.agreed_on
            );
            errors.add(ValidationErrorCode::OutOfRange, "agreed_on", message);
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| {
            let row = Agreement {
                id: *id,
                version: 1,
                slug: content.slug.clone(),
                title: content.title.clone(),
                short_title: content.short_title.clone(),
                aliases: query::json_array(&content.aliases),
                kind: content.kind,
                adoption: content.adoption.clone(),
                agreed_on: content.agreed_on,
                place: content.place.clone(),
                summary: content.summary.clone(),
                provenance: (&content.provenance).into(),
                archived_at: None,
                covered_from: content.covered_from,
                covered_to: content.covered_to,
                not_covered: content.not_covered.clone(),
            };
            (row, agreements::folded.eq(content.folded()))
        };
        insert_rows!(connection, agreements::table, candidates.iter().map(row).collect());
        let mut parts = Parts::default();
        for candidate in candidates {
            parts.add(candidate.id, candidate.content, &Parts::default());
        }
        parts.insert(connection)?;
        let treatments =
            candidates.iter().map(|candidate| (candidate.id, &candidate.content.topic_treatments));
        topic_treatment::insert(connection, treatments)
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: AgreementId,
        old: &Self,
    ) -> Result<(), Error> {
        if self.topic_treatments != old.topic_treatments {
            topic_treatment::replace(connection, id, &self.topic_treatments)?;
        }
        diesel::update(agreements::table.find(id))
            .set((
                agreements::slug.eq(&self.slug),
                agreements::title.eq(&self.title),
                agreements::short_title.eq(&self.short_title),
                agreements::aliases.eq(query::json_array(&self.aliases)),
                agreements::kind.eq(self.kind),
                agreements::adoption.eq(&self.adoption),
                agreements::agreed_on.eq(self.agreed_on),
                agreements::place.eq(&self.place),
                agreements::summary.eq(&self.summary),
                AgreementProvenance::from(&self.provenance),
                agreements::covered_from.eq(self.covered_from),
                agreements::covered_to.eq(self.covered_to),
                agreements::not_covered.eq(&self.not_covered),
                agreements::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let old = Parts::load(connection, id)?;
        Parts::delete(connection, id)?;
        let mut parts = Parts::default();
        parts.add(id, self, &old);
        parts.insert(connection)
    }
}
