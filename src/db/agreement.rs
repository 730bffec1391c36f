//! Agreements, with their parties, relations and identifiers elsewhere.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::page::{Direction, List, Listing};
use super::query::{self, Sql};
use super::record::{Record, Stored};
use super::rows::{Column, Lookup};
use super::schema::{agreement_parties, agreement_relations, agreements, external_ids};
use super::search_index::Searched;
use super::sort::SortKey;
use super::{DbConnection, Error, slug};
use crate::domain::agreement::{
    AgreementContent, AgreementKind, AgreementPartyContent, AgreementRelationContent,
    AgreementRole, ExternalIdContent, RelationKind,
};
use crate::domain::assessment::Confidence;
use crate::domain::id::{AgreementId, PartId, PartyId, SourceId, of};
use crate::domain::search::{Field, IndexedText, SearchKind};
use crate::domain::{Kind, StringEnum, ValidationErrorCode, ValidationErrors};

/// Agreements in use, by slug, present or former.
pub const BY_SLUG: Lookup = Lookup {
    from: "slugs JOIN agreements ON agreements.id = slugs.record_id \
           WHERE slugs.kind = 'agreement' AND agreements.archived_at IS NULL AND",
    key: "slugs.slug",
    order: "",
};

/// The agreements in use that proposals are about, in order.
pub const OF_PROPOSALS: Lookup = Lookup {
    from: "proposal_agreements JOIN agreements ON agreements.id = proposal_agreements.agreement_id \
           WHERE agreements.archived_at IS NULL AND",
    key: "proposal_agreements.proposal_id",
    order: "proposal_agreements.position, agreements.id",
};

/// The identifiers of agreements in other collections, in order.
pub const EXTERNAL_IDS_OF: Lookup = Lookup {
    from: "external_ids WHERE",
    key: "external_ids.agreement_id",
    order: "external_ids.position",
};

/// The roles of parties in agreements, in order.
pub const PARTIES_OF: Lookup = Lookup {
    from: "agreement_parties WHERE",
    key: "agreement_parties.agreement_id",
    order: "agreement_parties.position",
};

/// The relations of agreements to others, in order.
pub const RELATIONS_OF: Lookup = Lookup {
    from: "agreement_relations WHERE",
    key: "agreement_relations.agreement_id",
    order: "agreement_relations.position",
};

/// An agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// Counts up with every change.
    pub version: i32,
    /// Short name in addresses.
    pub slug: String,
    /// Full title.
    pub title: String,
    /// Title for tables.
    pub short_title: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// What it is.
    pub kind: AgreementKind,
    /// How it was adopted.
    pub adoption: String,
    /// The day it was agreed.
    pub agreed_on: NaiveDate,
    /// Where.
    pub place: Option<String>,
    /// What it is about.
    pub summary: String,
    /// What this record rests on.
    pub source_id: Option<SourceId>,
    /// How sure this record is.
    pub confidence: Confidence,
    /// What is uncertain about it.
    pub note: Option<String>,
    /// When it was put away.
    pub archived_at: Option<NaiveDateTime>,
}

/// An identifier of an agreement elsewhere.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = external_ids)]
pub struct ExternalId {
    /// Its id.
    pub id: PartId,
    /// Of which agreement.
    pub agreement_id: AgreementId,
    /// Its place in the list.
    pub position: i32,
    /// Whose numbering.
    pub scheme: String,
    /// The identifier there.
    pub value: String,
}

/// A party's part in an agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_parties)]
pub struct AgreementParty {
    /// Its id.
    pub id: PartId,
    /// In which agreement.
    pub agreement_id: AgreementId,
    /// Its place in the list.
    pub position: i32,
    /// Who.
    pub party_id: PartyId,
    /// As what.
    pub role: AgreementRole,
    /// In which capacity.
    pub capacity: Option<String>,
    /// According to whom.
    pub held_by_id: Option<PartyId>,
}

/// A relation between two agreements.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_relations)]
pub struct AgreementRelation {
    /// Its id.
    pub id: PartId,
    /// Of which agreement.
    pub agreement_id: AgreementId,
    /// Its place in the list.
    pub position: i32,
    /// What it is.
    pub kind: RelationKind,
    /// To which agreement.
    pub related_id: AgreementId,
}

/// How agreements are searched.
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
        EXTERNAL_IDS,
    ],
    filtered: &[],
    indexed_texts: |texts| {
        let &[title, short_title, slug, summary, adoption, place, note, external_ids] = texts
        else {
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
            external_ids.map(|ids| IndexedText::new(Field::Label, ids)),
        ];
        indexed_texts.into_iter().flatten().collect()
    },
};

/// The identifiers of an agreement elsewhere, as a column: `PA-X 1364`, one after another. Null if there are none.
const EXTERNAL_IDS: Column = "(SELECT string_agg(external_ids.scheme || ' ' || external_ids.value, ', ' ORDER BY external_ids.position) \
                              FROM external_ids WHERE external_ids.agreement_id = agreements.id)";

/// Whose agreements are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// Those that a party has a part in.
    Party,
    /// Those that a proposal is about.
    Proposal,
}

/// Which agreements are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<AgreementKind>>,
    /// With one of these parties in any role, by slug.
    pub parties: Option<Vec<String>>,
    /// Agreed on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Agreed on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
}

/// How agreements are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By the day they were agreed.
    AgreedOn,
    /// By title.
    Title,
}

/// A list of agreements.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgreementList {
    /// Whose.
    pub parent: Parent,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// In which direction.
    pub direction: Direction,
}

impl List for AgreementList {
    const KIND: Kind = Kind::Agreement;
    const ID: &'static str = "agreements.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::AgreedOn => 0,
            Order::Title => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match self.order {
            Order::AgreedOn => {
                const { &[SortKey::day("agreements.agreed_on"), SortKey::id("agreements.id")] }
            }
            Order::Title => {
                const {
                    &[
                        SortKey::text("agreements.title COLLATE alphabetical"),
                        SortKey::id("agreements.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let dialect = connection.dialect();
        let mut conditions = vec![Sql::new("agreements.archived_at IS NULL")];
        if let Some(kinds) = &self.filter.kinds {
            conditions.push(Sql::default().any_of(
                dialect,
                "agreements.kind",
                &AgreementKind::stored_names(kinds),
            ));
        }
        if let Some(parties) = &self.filter.parties {
            conditions.push(
                Sql::new(
                    "agreements.id IN (SELECT agreement_parties.agreement_id FROM agreement_parties \
                     WHERE agreement_parties.party_id IN (",
                )
                .append(slug::ids_of(dialect, Kind::Party, parties))
                .text("))"),
            );
        }
        if let Some(from) = self.filter.agreed_from {
            conditions.push(Sql::new("agreements.agreed_on >= ").bind_date(from));
        }
        if let Some(to) = self.filter.agreed_to {
            conditions.push(Sql::new("agreements.agreed_on <= ").bind_date(to));
        }
        Listing {
            table: "agreements",
            from: "agreements",
            keys_from: None,
            parent: match self.parent {
                Parent::None => None,
                Parent::Party => Some(
                    "agreements.id IN (SELECT agreement_parties.agreement_id FROM agreement_parties \
                     WHERE agreement_parties.party_id = {parent})",
                ),
                Parent::Proposal => Some(
                    "agreements.id IN (SELECT proposal_agreements.agreement_id FROM proposal_agreements \
                     WHERE proposal_agreements.proposal_id = {parent})",
                ),
            },
            conditions,
            order: self.sort_keys(),
            direction: self.direction,
        }
    }
}

/// The agreements with these ids, by id.
///
/// # Errors
/// Those of the database.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Agreement>, Error> {
    query::by_key(connection, "agreements WHERE", "agreements.id", ids)
}

/// The agreements that have or had these slugs, by slug; archived ones are left out.
///
/// # Errors
/// Those of the database.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<HashMap<String, Agreement>, Error> {
    query::by_key(connection, BY_SLUG.from, BY_SLUG.key, slugs)
}

fn external_ids_of(
    connection: &mut DbConnection,
    agreements: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<ExternalId>>, Error> {
    let Lookup { from, key, order } = EXTERNAL_IDS_OF;
    query::grouped(connection, from, key, agreements, order)
}

fn parties_of(
    connection: &mut DbConnection,
    agreements: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<AgreementParty>>, Error> {
    let Lookup { from, key, order } = PARTIES_OF;
    query::grouped(connection, from, key, agreements, order)
}

fn relations_of(
    connection: &mut DbConnection,
    agreements: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<AgreementRelation>>, Error> {
    let Lookup { from, key, order } = RELATIONS_OF;
    query::grouped(connection, from, key, agreements, order)
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

    fn load(connection: &mut DbConnection, id: AgreementId) -> Result<Option<Stored<Self>>, Error> {
        let Some(row) = by_ids(connection, &[id])?.remove(id.as_str()) else { return Ok(None) };
        let external_ids =
            external_ids_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let parties = parties_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let relations = relations_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
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
            source: row.source_id,
            confidence: row.confidence,
            note: row.note,
            external_ids: external_ids
                .into_iter()
                .map(|id| ExternalIdContent { scheme: id.scheme, value: id.value })
                .collect(),
            parties: parties
                .into_iter()
                .map(|part| AgreementPartyContent {
                    party: part.party_id,
                    role: part.role,
                    capacity: part.capacity,
                    held_by: part.held_by_id,
                })
                .collect(),
            relations: relations
                .into_iter()
                .map(|to| AgreementRelationContent { kind: to.kind, agreement: to.related_id })
                .collect(),
        };
        Ok(Some(Stored { version: row.version, is_archived: row.archived_at.is_some(), content }))
    }

    fn validate_in_context(
        &self,
        connection: &mut DbConnection,
        id: AgreementId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        for (index, relation) in
            self.relations.iter().enumerate().filter(|(_, to)| to.agreement == id)
        {
            let message =
                format!("names the agreement itself as one that it {}", relation.kind.in_words());
            errors.add(
                ValidationErrorCode::Invalid,
                &format!("relations.{index}.agreement"),
                message,
            );
        }
        // An agreement that is moved to a later day must not leave assessments before it.
        let first: Option<NaiveDate> = super::assessment::first_effective_on(
            connection,
            super::assessment::Scope::Agreement(id),
        )?;
        if let Some(first) = first.filter(|first| *first < self.agreed_on) {
            let message = format!(
                "{} is after {first}, since when a clause of it has a status",
                self.agreed_on
            );
            errors.add(ValidationErrorCode::OutOfRange, "agreed_on", message);
        }
        Ok(())
    }

    fn insert(&self, connection: &mut DbConnection, id: AgreementId) -> Result<(), Error> {
        let row = Agreement {
            id,
            version: 1,
            slug: self.slug.clone(),
            title: self.title.clone(),
            short_title: self.short_title.clone(),
            aliases: query::json_array(&self.aliases),
            kind: self.kind,
            adoption: self.adoption.clone(),
            agreed_on: self.agreed_on,
            place: self.place.clone(),
            summary: self.summary.clone(),
            source_id: self.source,
            confidence: self.confidence,
            note: self.note.clone(),
            archived_at: None,
        };
        diesel::insert_into(agreements::table).values(&row).execute(connection)?;
        insert_parts(self, connection, id, &[], &[], &[])
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: AgreementId,
        _old: &Self,
    ) -> Result<(), Error> {
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
                agreements::source_id.eq(self.source),
                agreements::confidence.eq(self.confidence),
                agreements::note.eq(&self.note),
            ))
            .execute(connection)?;
        let external_ids =
            external_ids_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let parties = parties_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        let relations = relations_of(connection, &[id])?.remove(id.as_str()).unwrap_or_default();
        diesel::delete(external_ids::table.filter(external_ids::agreement_id.eq(id)))
            .execute(connection)?;
        diesel::delete(agreement_parties::table.filter(agreement_parties::agreement_id.eq(id)))
            .execute(connection)?;
        diesel::delete(agreement_relations::table.filter(agreement_relations::agreement_id.eq(id)))
            .execute(connection)?;
        insert_parts(self, connection, id, &external_ids, &parties, &relations)
    }
}

/// Writes the lists. What was in a list before keeps its id.
fn insert_parts(
    content: &AgreementContent,
    connection: &mut DbConnection,
    id: AgreementId,
    old_external_ids: &[ExternalId],
    old_parties: &[AgreementParty],
    old_relations: &[AgreementRelation],
) -> Result<(), Error> {
    for (position, external) in (1..).zip(&content.external_ids) {
        let old = old_external_ids
            .iter()
            .find(|old| old.scheme == external.scheme && old.value == external.value);
        let row = ExternalId {
            id: old.map_or_else(PartId::new, |old| old.id),
            agreement_id: id,
            position,
            scheme: external.scheme.clone(),
            value: external.value.clone(),
        };
        diesel::insert_into(external_ids::table).values(&row).execute(connection)?;
    }
    for (position, part) in (1..).zip(&content.parties) {
        let old = old_parties.iter().find(|old| {
            (old.party_id, old.role, old.held_by_id) == (part.party, part.role, part.held_by)
        });
        let row = AgreementParty {
            id: old.map_or_else(PartId::new, |old| old.id),
            agreement_id: id,
            position,
            party_id: part.party,
            role: part.role,
            capacity: part.capacity.clone(),
            held_by_id: part.held_by,
        };
        diesel::insert_into(agreement_parties::table).values(&row).execute(connection)?;
    }
    for (position, relation) in (1..).zip(&content.relations) {
        let old = old_relations
            .iter()
            .find(|old| (old.kind, old.related_id) == (relation.kind, relation.agreement));
        let row = AgreementRelation {
            id: old.map_or_else(PartId::new, |old| old.id),
            agreement_id: id,
            position,
            kind: relation.kind,
            related_id: relation.agreement,
        };
        diesel::insert_into(agreement_relations::table).values(&row).execute(connection)?;
    }
    Ok(())
}
