//! Caveats: their rows, their creation and their updates.

mod links;
mod list;

use std::collections::HashMap;

use diesel::prelude::*;
pub use links::{
    ANSWERED_BY, CaveatClauseLink, EXCHANGED_FOR, LINKS_OF_CAVEATS, LINKS_OF_CLAUSES, OWED_BY,
    OWED_TO, exchanges_of,
};
pub use list::{CaveatList, Filter, Order, Parent};

use super::assessable::Assessable;
use super::insert::insert_rows;
use super::provenance::CaveatProvenance;
use super::query;
use super::record::{Candidate, Record, Stored};
use super::rows::{self, Column};
use super::schema::caveats;
use super::search_index::{Searched, interpretations_of};
use super::{DbConnection, Error, external_id, number, position};
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent, CaveatKind, CaveatRole};
use crate::domain::id::{CaveatId, ProposalId, TopicId, of};
use crate::domain::search::{IndexedText, SearchKind};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// The reference of a caveat, as a column. It consists of the title of the proposal, a comma, and the number.
pub const REFERENCE: Column = "(SELECT proposals.title FROM proposals WHERE proposals.id = caveats.proposal_id) \
                               || ', ' || caveats.number";

/// A caveat, with its supertype row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = caveats)]
pub struct Caveat {
    /// The caveat's own columns.
    #[diesel(embed)]
    pub row: CaveatRow,
    /// The columns that clauses, caveats and proposals share.
    #[diesel(embed)]
    pub assessable: Assessable,
}

/// The columns that only caveats have.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = caveats, treat_none_as_default_value = false)]
pub struct CaveatRow {
    /// Primary key.
    pub id: CaveatId,
    /// The proposal that contains the caveat.
    pub proposal_id: ProposalId,
    /// Number as printed, such as `4.a`.
    pub number: String,
    /// Position in the proposal, from 1.
    pub position: i32,
    /// The kind of caveat.
    pub kind: CaveatKind,
    /// Short name.
    pub heading: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// Content in plain words.
    pub summary: String,
    /// Verbatim text.
    pub text: Option<String>,
    /// The topic.
    pub topic_id: TopicId,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: CaveatProvenance,
}

/// The texts of caveats in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Caveat,
    table: "caveats",
    container: Some("caveats.proposal_id"),
    name: Some("caveats.number"),
    aliases: Some("caveats.aliases"),
    columns: &[
        "caveats.number",
        "caveats.heading",
        "caveats.summary",
        "caveats.text",
        "caveats.note",
        interpretations_of!("caveats.id"),
    ],
    external_ids: external_id::column!("caveats"),
    filtered: &["caveats.heading", "caveats.summary", "caveats.text", "caveats.note"],
    indexed_texts: |texts| IndexedText::of_point(texts),
};

/// The caveats with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Caveat>, Error> {
    let from = "caveats JOIN trackables ON trackables.id = caveats.id WHERE";
    query::by_key(connection, from, "caveats.id", ids)
}

/// The caveats with these names, keyed by name. A name is the id of the proposal, `/`, and the number. Excludes archived
/// caveats.
///
/// # Errors
/// Database errors.
pub fn by_numbers(
    connection: &mut DbConnection,
    numbers: &[impl AsRef<str>],
) -> Result<HashMap<String, Caveat>, Error> {
    number::CAVEATS.by_names(connection, numbers)
}

/// Reads these columns of the caveats with this number in each of these proposals. The result has an additional first
/// column: the proposal's id. Excludes archived caveats.
///
/// # Errors
/// Database errors.
pub fn select_by_number(
    connection: &mut DbConnection,
    number: &str,
    proposals: &[&str],
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    number::CAVEATS.select(connection, number, proposals, columns)
}

impl Record for CaveatContent {
    type Of = of::Caveat;
    const KIND: Kind = Kind::Caveat;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn load(
        connection: &mut DbConnection,
        ids: &[CaveatId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let rows: HashMap<String, Caveat> = by_ids(connection, ids)?;
        let mut owed_by = links::PARTY_LINKS.with_role(CaveatRole::OwedBy).load(connection, ids)?;
        let mut owed_to = links::PARTY_LINKS.with_role(CaveatRole::OwedTo).load(connection, ids)?;
        let mut exchanges = exchanges_of(connection, ids)?;
        let mut answers = links::ANSWER_LINKS.load(connection, ids)?;
        let mut clause_links: HashMap<_, Vec<CaveatClauseLink>> =
            LINKS_OF_CAVEATS.load(connection, ids)?;
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, Caveat { row, assessable }): (String, Caveat)| {
            let content = Self {
                proposal: row.proposal_id,
                number: row.number,
                position: row.position,
                kind: row.kind,
                heading: row.heading,
                aliases: query::parse_json_array(&row.aliases)?,
                summary: row.summary,
                text: row.text,
                topic: row.topic_id,
                owed_by: owed_by.remove(&id).unwrap_or_default(),
                owed_to: owed_to.remove(&id).unwrap_or_default(),
                in_exchange_for: exchanges.remove(&row.id).unwrap_or_default(),
                answers: answers.remove(&id).unwrap_or_default(),
                clause_links: clause_links
                    .remove(&id)
                    .into_iter()
                    .flatten()
                    .map(|link| CaveatClauseLinkContent {
                        clause: link.clause_id,
                        kind: link.kind,
                        note: link.note,
                    })
                    .collect(),
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
        _connection: &mut DbConnection,
        id: CaveatId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        for (index, _) in self.in_exchange_for.iter().enumerate().filter(|(_, other)| **other == id)
        {
            let path = format!("in_exchange_for.{index}");
            errors.add(
                ValidationErrorCode::Invalid,
                &path,
                "is this caveat itself; a caveat cannot be exchanged for itself",
            );
        }
        Ok(())
    }

    fn validate_in_context(
        connection: &mut DbConnection,
        candidates: &mut [&mut Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let names: Vec<(&str, &str)> = candidates
            .iter()
            .map(|caveat| (caveat.content.proposal.as_str(), caveat.content.number.as_str()))
            .collect();
        let owners = number::CAVEATS.owners(connection, &names)?;
        let answered: Vec<CaveatId> =
            candidates.iter().flat_map(|caveat| caveat.content.answers.iter().copied()).collect();
        let mut proposals = number::CAVEATS.containers_of(connection, &answered)?;
        proposals.extend(candidates.iter().map(|caveat| (caveat.id, caveat.content.proposal)));
        for Candidate { id, content, errors, .. } in candidates {
            for (index, answer) in content.answers.iter().enumerate() {
                if proposals.get(answer) == Some(&content.proposal) {
                    let message = "is a caveat of the same proposal; a caveat can only answer caveats of other proposals";
                    errors.add(ValidationErrorCode::Invalid, &format!("answers.{index}"), message);
                }
            }
            owners.check(content.proposal.as_str(), &content.number, *id, errors);
        }
        Ok(())
    }

    fn make_room(
        &mut self,
        connection: &mut DbConnection,
        old: Option<&Self>,
    ) -> Result<(), Error> {
        let (container, from) = (self.proposal.as_str(), old.map(|old| old.position));
        self.position = position::CAVEATS.make_room(connection, container, from, self.position)?;
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let ids = candidates.iter().map(|candidate| candidate.id);
        Assessable::insert(connection, ids, AssessableKind::Caveat)?;
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| {
            let row = CaveatRow {
                id: *id,
                proposal_id: content.proposal,
                number: content.number.clone(),
                position: content.position,
                kind: content.kind,
                heading: content.heading.clone(),
                aliases: query::json_array(&content.aliases),
                summary: content.summary.clone(),
                text: content.text.clone(),
                topic_id: content.topic,
                provenance: (&content.provenance).into(),
            };
            (row, caveats::folded.eq(content.folded()))
        };
        insert_rows!(connection, caveats::table, candidates.iter().map(row).collect());
        links::insert(connection, candidates, &[])
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: CaveatId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(caveats::table.find(id))
            .set((
                caveats::number.eq(&self.number),
                caveats::position.eq(self.position),
                caveats::kind.eq(self.kind),
                caveats::heading.eq(&self.heading),
                caveats::aliases.eq(query::json_array(&self.aliases)),
                caveats::summary.eq(&self.summary),
                caveats::text.eq(&self.text),
                caveats::topic_id.eq(self.topic),
                CaveatProvenance::from(&self.provenance),
                caveats::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let links: Vec<CaveatClauseLink> = LINKS_OF_CAVEATS.load_one(connection, id)?;
        links::delete(connection, id)?;
        links::insert(connection, &[Candidate::new(id, self)], &links)
    }
}
