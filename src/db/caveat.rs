//! Caveats: their rows, and how they are created and updated.

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
use super::query;
use super::record::{Record, Stored};
use super::rows::{self, Column};
use super::schema::caveats;
use super::search_index::Searched;
use super::{DbConnection, Error, number, position};
use crate::domain::assessment::Confidence;
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent, CaveatKind, CaveatRole};
use crate::domain::id::{CaveatId, ProposalId, SourceId, TopicId, of};
use crate::domain::search::{IndexedText, SearchKind};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// The reference of a caveat, as a column: the title of the proposal, a comma and the number.
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
#[diesel(table_name = caveats)]
pub struct CaveatRow {
    /// Primary key.
    pub id: CaveatId,
    /// The proposal that contains it.
    pub proposal_id: ProposalId,
    /// Number as printed: `4.a`.
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
    /// The source of this record.
    pub source_id: Option<SourceId>,
    /// How certain this record is.
    pub confidence: Confidence,
    /// What is uncertain.
    pub note: Option<String>,
}

/// How the search index reads caveats.
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
    ],
    filtered: &["caveats.heading", "caveats.summary", "caveats.text", "caveats.note"],
    indexed_texts: |texts| IndexedText::of_point(texts),
};

/// The caveats with these ids, by id.
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

/// The caveats with these names, by name. A name is the id of the proposal, `/`, and the number. Excludes archived
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

/// These columns of the caveats with this number in each of these proposals. The proposal's id is at position 0.
/// Excludes archived caveats.
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

    fn load(connection: &mut DbConnection, id: CaveatId) -> Result<Option<Stored<Self>>, Error> {
        let Some(Caveat { row, assessable }) = by_ids(connection, &[id])?.remove(id.as_str())
        else {
            return Ok(None);
        };
        let clause_links: Vec<CaveatClauseLink> = LINKS_OF_CAVEATS.load_one(connection, id)?;
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
            owed_by: links::PARTY_LINKS.with_role(CaveatRole::OwedBy).load(connection, id)?,
            owed_to: links::PARTY_LINKS.with_role(CaveatRole::OwedTo).load(connection, id)?,
            in_exchange_for: exchanges_of(connection, id)?,
            answers: links::ANSWER_LINKS.load(connection, id)?,
            clause_links: clause_links
                .into_iter()
                .map(|link| CaveatClauseLinkContent {
                    clause: link.clause_id,
                    kind: link.kind,
                    note: link.note,
                })
                .collect(),
            source: row.source_id,
            confidence: row.confidence,
            note: row.note,
        };
        Ok(Some(Stored {
            version: assessable.version,
            is_archived: assessable.archived_at.is_some(),
            content,
        }))
    }

    fn validate_in_context(
        &self,
        connection: &mut DbConnection,
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
        let answered: Vec<(CaveatId, ProposalId)> = caveats::table
            .filter(caveats::id.eq_any(&self.answers))
            .select((caveats::id, caveats::proposal_id))
            .load(connection)?;
        for (index, answer) in self.answers.iter().enumerate() {
            if answered.contains(&(*answer, self.proposal)) {
                let message = "is a caveat of the same proposal; a caveat can only answer caveats of other proposals";
                errors.add(ValidationErrorCode::Invalid, &format!("answers.{index}"), message);
            }
        }
        let proposal = self.proposal.as_str();
        number::CAVEATS.check_taken(connection, proposal, &self.number, id, errors)
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

    fn insert(&self, connection: &mut DbConnection, id: CaveatId) -> Result<(), Error> {
        Assessable::insert(connection, id, AssessableKind::Caveat)?;
        let row = CaveatRow {
            id,
            proposal_id: self.proposal,
            number: self.number.clone(),
            position: self.position,
            kind: self.kind,
            heading: self.heading.clone(),
            aliases: query::json_array(&self.aliases),
            summary: self.summary.clone(),
            text: self.text.clone(),
            topic_id: self.topic,
            source_id: self.source,
            confidence: self.confidence,
            note: self.note.clone(),
        };
        diesel::insert_into(caveats::table)
            .values((&row, caveats::folded.eq(self.folded())))
            .execute(connection)?;
        links::insert(connection, id, self, &[])
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
                caveats::source_id.eq(self.source),
                caveats::confidence.eq(self.confidence),
                caveats::note.eq(&self.note),
                caveats::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let links: Vec<CaveatClauseLink> = LINKS_OF_CAVEATS.load_one(connection, id)?;
        links::delete(connection, id)?;
        links::insert(connection, id, self, &links)
    }
}
