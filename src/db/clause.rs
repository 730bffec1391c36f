//! Clauses: their rows, their creation and their updates.

mod list;

use std::collections::HashMap;

use diesel::prelude::*;
use list::CLAUSES;
pub use list::{ClauseList, Filter, Order, Parent};
pub(super) use list::{list_differences, status};

use super::assessable::Assessable;
use super::criterion::{self, Criterion};
use super::deadline::{self, Deadline};
use super::insert::insert_rows;
use super::provenance::{ClauseProvenance, ObligationProvenance};
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::rows::{self, Column, Lookup};
use super::schema::{clauses, obligations};
use super::search_index::{Searched, interpretations_of};
use super::{DbConnection, Error, external_id, number, position};
use crate::domain::clause::{ClauseContent, ClauseNature, ObligationContent, ObligationRole};
use crate::domain::id::{AgreementId, ClauseId, PartId, PartyId, TopicId, of};
use crate::domain::search::{IndexedText, SearchKind};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors};

/// The reference of a clause, as a column. It consists of the short title of the agreement, a comma, and the number.
pub const REFERENCE: Column = "(SELECT agreements.short_title FROM agreements WHERE agreements.id = clauses.agreement_id) \
                               || ', ' || clauses.number";

/// The parts of the given clauses, in order. Excludes archived clauses.
pub const CHILDREN_OF: Lookup = Lookup {
    from: "clauses JOIN trackables ON trackables.id = clauses.id WHERE trackables.archived_at IS NULL AND",
    key: "clauses.parent_id",
    order: "clauses.position, clauses.id",
};

/// The obligations of clauses.
pub const OBLIGATIONS_OF: Lookup = Lookup {
    from: "obligations WHERE",
    key: "obligations.clause_id",
    order: "obligations.position",
};

/// A clause, with its supertype row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = clauses)]
pub struct Clause {
    /// The clause's own columns.
    #[diesel(embed)]
    pub row: ClauseRow,
    /// The columns that clauses, caveats and proposals share.
    #[diesel(embed)]
    pub assessable: Assessable,
}

/// The columns that only clauses have.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clauses, treat_none_as_default_value = false)]
pub struct ClauseRow {
    /// Primary key.
    pub id: ClauseId,
    /// The agreement that contains the clause.
    pub agreement_id: AgreementId,
    /// Number as printed, such as `4.a`.
    pub number: String,
    /// Position in the agreement, from 1.
    pub position: i32,
    /// The clause of which this clause is a part. Null at the top level.
    pub parent_id: Option<ClauseId>,
    /// Short name.
    pub heading: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// Content in plain words.
    pub summary: String,
    /// Verbatim text.
    pub text: Option<String>,
    /// Whether the clause is an obligation that can be completed or a continuing obligation.
    pub nature: ClauseNature,
    /// The topic.
    pub topic_id: TopicId,
    /// The weight of the clause in weighted scores.
    pub weight: i32,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: ClauseProvenance,
}

/// The texts of clauses in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Clause,
    table: "clauses",
    container: Some("clauses.agreement_id"),
    name: Some("clauses.number"),
    aliases: Some("clauses.aliases"),
    columns: &[
        "clauses.number",
        "clauses.heading",
        "clauses.summary",
        "clauses.text",
        "clauses.note",
        interpretations_of!("clauses.id"),
    ],
    external_ids: external_id::column!("clauses"),
    filtered: &["clauses.heading", "clauses.summary", "clauses.text", "clauses.note"],
    indexed_texts: |texts| IndexedText::of_point(texts),
};

/// The role of a party in a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = obligations, treat_none_as_default_value = false)]
pub struct Obligation {
    /// Primary key.
    pub id: PartId,
    /// The clause.
    pub clause_id: ClauseId,
    /// Position in the list, from 1.
    pub position: i32,
    /// The party.
    pub party_id: PartyId,
    /// The party's role.
    pub role: ObligationRole,
    /// The party according to which the obligation exists. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: ObligationProvenance,
}

/// The clauses with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Clause>, Error> {
    query::by_key(connection, &format!("{CLAUSES} WHERE"), "clauses.id", ids)
}

/// The clauses with these names, keyed by name. A name is the id of the agreement, `/`, and the number. Excludes archived
/// clauses.
///
/// # Errors
/// Database errors.
pub fn by_numbers(
    connection: &mut DbConnection,
    numbers: &[impl AsRef<str>],
) -> Result<HashMap<String, Clause>, Error> {
    number::CLAUSES.by_names(connection, numbers)
}

/// Reads these columns of the clauses with this number in each of these agreements. The result has an additional first
/// column: the agreement's id. Excludes archived clauses.
///
/// # Errors
/// Database errors.
pub fn select_by_number(
    connection: &mut DbConnection,
    number: &str,
    agreements: &[&str],
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    number::CLAUSES.select(connection, number, agreements, columns)
}

/// Reads these columns of the clause with this number in the agreement with this slug, current or former. The result
/// has an additional first column: the slug. Excludes archived clauses and agreements.
///
/// # Errors
/// Database errors.
pub fn select_by_name(
    connection: &mut DbConnection,
    agreement: &str,
    number: &str,
    columns: &[Column],
) -> Result<rows::Rows, Error> {
    let dialect = connection.dialect();
    let tail = Sql::new(
        "FROM slugs JOIN clauses ON clauses.agreement_id = slugs.record_id \
         LEFT JOIN trackables ON trackables.id = clauses.id \
         WHERE slugs.kind = 'agreement' AND clauses.is_listed AND ",
    )
    .any_of(dialect, "slugs.slug", &[agreement])
    .text(" AND ")
    .any_of(dialect, "clauses.number", &[number]);
    rows::Rows::select_keyed(connection, "slugs.slug", columns, tail)
}

/// The names of these clauses for messages, such as `minsk-2/4.a`, keyed by id.
pub(super) fn names(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, String>, Error> {
    let sql = Sql::new(
        "SELECT clauses.id, agreements.slug || '/' || clauses.number FROM clauses \
         JOIN agreements ON agreements.id = clauses.agreement_id WHERE ",
    )
    .any_of(connection.dialect(), "clauses.id", ids);
    Ok(query::pairs(connection, sql)?.into_iter().collect())
}

impl Record for ClauseContent {
    type Of = of::Clause;
    const KIND: Kind = Kind::Clause;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn load(
        connection: &mut DbConnection,
        ids: &[ClauseId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let rows: HashMap<String, Clause> = by_ids(connection, ids)?;
        let mut obligations: HashMap<_, Vec<Obligation>> = OBLIGATIONS_OF.load(connection, ids)?;
        let mut deadlines: HashMap<_, Vec<Deadline>> =
            deadline::OF_CLAUSES.load(connection, ids)?;
        let mut criteria: HashMap<_, Vec<Criterion>> =
            criterion::OF_CLAUSES.load(connection, ids)?;
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, Clause { row, assessable }): (String, Clause)| {
            let content = Self {
                agreement: row.agreement_id,
                number: row.number,
                position: row.position,
                parent: row.parent_id,
                heading: row.heading,
                aliases: query::parse_json_array(&row.aliases)?,
                summary: row.summary,
                text: row.text,
                nature: row.nature,
                topic: row.topic_id,
                weight: row.weight,
                provenance: row.provenance.into(),
                obligations: obligations
                    .remove(&id)
                    .into_iter()
                    .flatten()
                    .map(|duty| ObligationContent {
                        party: duty.party_id,
                        role: duty.role,
                        held_by: duty.held_by_id,
                        provenance: duty.provenance.into(),
                    })
                    .collect(),
                deadlines: deadlines.remove(&id).iter().flatten().map(Deadline::content).collect(),
                criteria: criteria.remove(&id).into_iter().flatten().map(Into::into).collect(),
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
        id: ClauseId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        // Visits all ancestors, starting with the parent. No ancestor may be this clause.
        let mut next = self.parent;
        while let Some(above) = next {
            if above == id {
                errors.add(
                    ValidationErrorCode::Invalid,
                    "parent",
                    "is this clause or a part of it; a clause cannot contain itself",
                );
                break;
            }
            next = clauses::table.find(above).select(clauses::parent_id).first(connection)?;
        }
        Ok(())
    }

    fn validate_in_context(
        connection: &mut DbConnection,
        candidates: &mut [&mut Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let names: Vec<(&str, &str)> = candidates
            .iter()
            .map(|clause| (clause.content.agreement.as_str(), clause.content.number.as_str()))
            .collect();
        let owners = number::CLAUSES.owners(connection, &names)?;
        let parents: Vec<ClauseId> =
            candidates.iter().filter_map(|clause| clause.content.parent).collect();
        let mut agreements = number::CLAUSES.containers_of(connection, &parents)?;
        agreements.extend(candidates.iter().map(|clause| (clause.id, clause.content.agreement)));
        for Candidate { id, content, errors, .. } in candidates {
            let parent_agreement = content.parent.and_then(|parent| agreements.get(&parent));
            if parent_agreement.is_some_and(|agreement| *agreement != content.agreement) {
                errors.add(
                    ValidationErrorCode::Invalid,
                    "parent",
                    "is a clause of another agreement",
                );
            }
            owners.check(content.agreement.as_str(), &content.number, *id, errors);
        }
        Ok(())
    }

    fn make_room(
        &mut self,
        connection: &mut DbConnection,
        old: Option<&Self>,
    ) -> Result<(), Error> {
        let (container, from) = (self.agreement.as_str(), old.map(|old| old.position));
        self.position = position::CLAUSES.make_room(connection, container, from, self.position)?;
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let all = candidates.iter();
        Assessable::insert(
            connection,
            all.clone().map(|clause| clause.id),
            AssessableKind::Clause,
        )?;
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| {
            let row = ClauseRow {
                id: *id,
                agreement_id: content.agreement,
                number: content.number.clone(),
                position: content.position,
                parent_id: content.parent,
                heading: content.heading.clone(),
                aliases: query::json_array(&content.aliases),
                summary: content.summary.clone(),
                text: content.text.clone(),
                nature: content.nature,
                topic_id: content.topic,
                weight: content.weight,
                provenance: (&content.provenance).into(),
            };
            (row, clauses::folded.eq(content.folded()))
        };
        insert_rows!(connection, clauses::table, all.clone().map(row).collect());
        let obligations =
            all.clone().flat_map(|clause| obligations_of(clause.id, clause.content, &[]));
        insert_rows!(connection, obligations::table, obligations.collect());
        let criteria = all.clone().map(|clause| (clause.id, &clause.content.criteria));
        criterion::insert(connection, criteria)?;
        deadline::insert(connection, all.map(|clause| (clause.id, &clause.content.deadlines)))
    }

    fn update(&self, connection: &mut DbConnection, id: ClauseId, old: &Self) -> Result<(), Error> {
        diesel::update(clauses::table.find(id))
            .set((
                clauses::number.eq(&self.number),
                clauses::position.eq(self.position),
                clauses::parent_id.eq(self.parent),
                clauses::heading.eq(&self.heading),
                clauses::aliases.eq(query::json_array(&self.aliases)),
                clauses::summary.eq(&self.summary),
                clauses::text.eq(&self.text),
                clauses::nature.eq(self.nature),
                clauses::topic_id.eq(self.topic),
                clauses::weight.eq(self.weight),
                ClauseProvenance::from(&self.provenance),
                clauses::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        let obligations: Vec<Obligation> = OBLIGATIONS_OF.load_one(connection, id)?;
        diesel::delete(obligations::table.filter(obligations::clause_id.eq(id)))
            .execute(connection)?;
        insert_rows!(connection, obligations::table, obligations_of(id, self, &obligations));
        if self.criteria != old.criteria {
            criterion::replace(connection, id, &self.criteria)?;
        }
        deadline::replace(connection, id, &self.deadlines)
    }
}

/// The rows of the obligations of a clause. An obligation keeps its id if it is in `old`.
fn obligations_of(id: ClauseId, content: &ClauseContent, old: &[Obligation]) -> Vec<Obligation> {
    let row = |(position, duty): (i32, &ObligationContent)| {
        let old = old.iter().find(|old| (old.party_id, old.role, old.held_by_id) == duty.key());
        Obligation {
            id: old.map_or_else(PartId::new, |old| old.id),
            clause_id: id,
            position,
            party_id: duty.party,
            role: duty.role,
            held_by_id: duty.held_by,
            provenance: (&duty.provenance).into(),
        }
    };
    (1..).zip(&content.obligations).map(row).collect()
}
