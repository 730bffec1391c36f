//! Proposals: their rows, their creation and their updates.

mod list;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
pub use list::{Filter, Order, Parent, ProposalList};

use super::assessable::Assessable;
use super::insert::insert_rows;
use super::link::Links;
use super::provenance::ProposalProvenance;
use super::query;
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::proposals;
use super::search_index::Searched;
use super::{DbConnection, Error, assessment, external_id};
use crate::domain::id::{ProposalId, of};
use crate::domain::proposal::{ProposalContent, ProposalRole, ProposalStanding};
use crate::domain::search::{Field, IndexedText, SearchKind};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// The links from proposals to parties. The role states whether the party is a proposer or an addressee.
const PARTY_LINKS: Links = Links::new("proposal_parties", "proposal_id", "party_id");

/// The links from proposals to agreements.
const AGREEMENT_LINKS: Links = Links::new("proposal_agreements", "proposal_id", "agreement_id");

/// A proposal, with its supertype row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct Proposal {
    /// The proposal's own columns.
    #[diesel(embed)]
    pub row: ProposalRow,
    /// The columns that clauses, caveats and proposals share.
    #[diesel(embed)]
    pub assessable: Assessable,
}

/// The columns that only proposals have.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposals, treat_none_as_default_value = false)]
pub struct ProposalRow {
    /// Primary key.
    pub id: ProposalId,
    /// Short name in URLs.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// Summary.
    pub summary: String,
    /// Whether the proposal is official or unofficial.
    pub standing: ProposalStanding,
    /// Whether the proposal must be accepted or rejected as a whole.
    pub is_package: bool,
    /// The day on which the proposal was made.
    pub made_on: NaiveDate,
    /// The proposal to which this proposal responds. Null if there is none.
    pub responds_to_id: Option<ProposalId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: ProposalProvenance,
}

/// The texts of proposals in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Proposal,
    table: "proposals",
    container: None,
    name: Some("proposals.title"),
    aliases: Some("proposals.aliases"),
    columns: &["proposals.title", "proposals.slug", "proposals.summary", "proposals.note"],
    external_ids: external_id::column!("proposals"),
    filtered: &["proposals.title", "proposals.summary", "proposals.note"],
    indexed_texts: |texts| {
        let &[title, slug, summary, note] = texts else { return Vec::new() };
        let indexed_texts = [
            title.map(|title| IndexedText::new(Field::Name, title).inherited()),
            slug.map(|slug| IndexedText::new(Field::Label, slug).inherited()),
            summary.map(|summary| IndexedText::new(Field::Summary, summary)),
            note.map(|note| IndexedText::new(Field::Text, note)),
        ];
        indexed_texts.into_iter().flatten().collect()
    },
};

const IN_USE: &str = "proposals JOIN trackables ON trackables.id = proposals.id WHERE trackables.archived_at IS NULL AND";

/// Proposals by current or former slug. Excludes archived proposals.
pub const BY_SLUG: Lookup = Lookup {
    from: "slugs JOIN proposals ON proposals.id = slugs.record_id JOIN trackables ON trackables.id = proposals.id \
           WHERE slugs.kind = 'proposal' AND trackables.archived_at IS NULL AND",
    key: "slugs.slug",
    order: "",
};

/// The responses to proposals, in order of the day on which they were made. Excludes archived proposals.
pub const RESPONSES_TO: Lookup = Lookup {
    from: IN_USE,
    key: "proposals.responds_to_id",
    order: "proposals.made_on, proposals.id",
};

/// The proposers of proposals, in order.
pub const PROPOSERS_OF: Lookup = Lookup {
    from: "proposal_parties JOIN parties ON parties.id = proposal_parties.party_id \
           WHERE proposal_parties.role = 'proposer' AND",
    key: "proposal_parties.proposal_id",
    order: "proposal_parties.position, parties.id",
};

/// The addressees of proposals, in order.
pub const ADDRESSEES_OF: Lookup = Lookup {
    from: "proposal_parties JOIN parties ON parties.id = proposal_parties.party_id \
           WHERE proposal_parties.role = 'addressee' AND",
    key: "proposal_parties.proposal_id",
    order: "proposal_parties.position, parties.id",
};

/// The proposals with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Proposal>, Error> {
    let from = "proposals JOIN trackables ON trackables.id = proposals.id WHERE";
    query::by_key(connection, from, "proposals.id", ids)
}

/// The proposals with these slugs, current or former, keyed by slug. Excludes archived proposals.
///
/// # Errors
/// Database errors.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<HashMap<String, Proposal>, Error> {
    query::by_key(connection, BY_SLUG.from, BY_SLUG.key, slugs)
}

impl Record for ProposalContent {
    type Of = of::Proposal;
    const KIND: Kind = Kind::Proposal;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn slug(&self) -> Option<&str> {
        Some(&self.slug)
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[ProposalId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let rows: HashMap<String, Proposal> = by_ids(connection, ids)?;
        let mut proposers = PARTY_LINKS.with_role(ProposalRole::Proposer).load(connection, ids)?;
        let mut addressees =
            PARTY_LINKS.with_role(ProposalRole::Addressee).load(connection, ids)?;
        let mut agreements = AGREEMENT_LINKS.load(connection, ids)?;
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, Proposal { row, assessable }): (String, Proposal)| {
            let content = Self {
                slug: row.slug,
                title: row.title,
                aliases: query::parse_json_array(&row.aliases)?,
                summary: row.summary,
                standing: row.standing,
                is_package: row.is_package,
                made_on: row.made_on,
                proposed_by: proposers.remove(&id).unwrap_or_default(),
                addressed_to: addressees.remove(&id).unwrap_or_default(),
                agreements: agreements.remove(&id).unwrap_or_default(),
                responds_to: row.responds_to_id,
                provenance: row.provenance.into(),
                external_ids: external_ids.remove(&id).unwrap_or_default(),
            };
            let is_archived = assessable.archived_at.is_some();
            Ok((id, Stored { version: assessable.version, is_archived, content }))
        };
        rows.into_iter().map(stored).collect()
    }

    fn validate_update(
        &self,
        connection: &mut DbConnection,
        id: ProposalId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        // Follows the chain of answered proposals. None of them may be this proposal.
        let mut next = self.responds_to;
        while let Some(earlier) = next {
            if earlier == id {
                let message =
                    "is this proposal or a response to it; a proposal cannot respond to itself";
                errors.add(ValidationErrorCode::Invalid, "responds_to", message);
                break;
            }
            next = proposals::table
                .find(earlier)
                .select(proposals::responds_to_id)
                .first(connection)?;
        }
        let scope = assessment::Scope::Proposal(id);
        let first = assessment::first_effective_on(connection, scope)?;
        if let Some(first) = first.filter(|first| *first < self.made_on) {
            let message = format!(
                "{} is after {first}, the day of the earliest status of the proposal or its caveats",
                self.made_on
            );
            errors.add(ValidationErrorCode::OutOfRange, "made_on", message);
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let ids = candidates.iter().map(|candidate| candidate.id);
        Assessable::insert(connection, ids, AssessableKind::Proposal)?;
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| {
            let row = ProposalRow {
                id: *id,
                slug: content.slug.clone(),
                title: content.title.clone(),
                aliases: query::json_array(&content.aliases),
                summary: content.summary.clone(),
                standing: content.standing,
                is_package: content.is_package,
                made_on: content.made_on,
                responds_to_id: content.responds_to,
                provenance: (&content.provenance).into(),
            };
            (row, proposals::folded.eq(content.folded()))
        };
        insert_rows!(connection, proposals::table, candidates.iter().map(row).collect());
        insert_links(connection, candidates)
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: ProposalId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(proposals::table.find(id))
            .set((
                proposals::slug.eq(&self.slug),
                proposals::title.eq(&self.title),
                proposals::aliases.eq(query::json_array(&self.aliases)),
                proposals::summary.eq(&self.summary),
                proposals::standing.eq(self.standing),
                proposals::is_package.eq(self.is_package),
                proposals::made_on.eq(self.made_on),
                proposals::responds_to_id.eq(self.responds_to),
                ProposalProvenance::from(&self.provenance),
                proposals::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        PARTY_LINKS.delete(connection, id)?;
        AGREEMENT_LINKS.delete(connection, id)?;
        insert_links(connection, &[Candidate::new(id, self)])
    }
}

fn insert_links(
    connection: &mut DbConnection,
    candidates: &[Candidate<'_, ProposalContent>],
) -> Result<(), Error> {
    let (proposers, addressees) = (
        PARTY_LINKS.with_role(ProposalRole::Proposer),
        PARTY_LINKS.with_role(ProposalRole::Addressee),
    );
    let all = candidates.iter();
    proposers.insert(connection, all.clone().map(|one| (one.id, &one.content.proposed_by)))?;
    addressees.insert(connection, all.clone().map(|one| (one.id, &one.content.addressed_to)))?;
    AGREEMENT_LINKS.insert(connection, all.map(|one| (one.id, &one.content.agreements)))
}
