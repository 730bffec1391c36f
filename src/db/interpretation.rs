//! Interpretations: their rows, creation, updates and lists.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::filter::Conditions;
use super::insert::insert_rows;
use super::page::{List, Listing};
use super::provenance::InterpretationProvenance;
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::schema::interpretations;
use super::sort::SortKey;
use super::{DbConnection, Error, caveat, clause, search_index};
use crate::domain::id::{InterpretableId, InterpretationId, PartyId, of};
use crate::domain::interpretation::{InterpretationContent, InterpretationKey};
use crate::domain::{Kind, ValidationErrorCode};

/// An interpretation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = interpretations, treat_none_as_default_value = false)]
pub struct Interpretation {
    /// Primary key.
    pub id: InterpretationId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// The clause or caveat.
    pub trackable_id: InterpretableId,
    /// The disputed words. Null for the whole clause or caveat.
    pub term: Option<String>,
    /// The meaning of the term, or of the whole record if there is no term, according to the party.
    pub meaning: String,
    /// The party that holds this interpretation.
    pub held_by_id: PartyId,
    /// The day on which the party stated the interpretation.
    pub stated_on: NaiveDate,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: InterpretationProvenance,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// The interpretations with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Interpretation>, Error> {
    query::by_key(connection, "interpretations WHERE", "interpretations.id", ids)
}

/// For each of these contents, the interpretation with the same subject, holder, day and term, archived or not.
///
/// # Errors
/// Database errors.
pub fn find<'a>(
    connection: &mut DbConnection,
    contents: impl Iterator<Item = &'a InterpretationContent> + Clone,
) -> Result<Vec<Option<InterpretationId>>, Error> {
    let subjects: BTreeSet<InterpretableId> =
        contents.clone().map(|content| content.subject).collect();
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let tail = Sql::new("FROM interpretations WHERE ").one_or_any_of(
        connection.dialect(),
        "interpretations.trackable_id",
        &Vec::from_iter(subjects),
    );
    let rows: Vec<Interpretation> = query::select(connection, tail)?;
    let identified = |row: &Interpretation| {
        ((row.trackable_id, row.held_by_id, row.stated_on, row.term.clone()), row.id)
    };
    let ids: HashMap<InterpretationKey, InterpretationId> = rows.iter().map(identified).collect();
    Ok(contents.map(|content| ids.get(&content.key()).copied()).collect())
}

impl Record for InterpretationContent {
    type Of = of::Interpretation;
    const KIND: Kind = Kind::Interpretation;

    fn load(
        connection: &mut DbConnection,
        ids: &[InterpretationId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let stored = |(id, row): (String, Interpretation)| {
            let content = Self {
                subject: row.trackable_id,
                term: row.term,
                meaning: row.meaning,
                held_by: row.held_by_id,
                stated_on: row.stated_on,
                provenance: row.provenance.into(),
            };
            let is_archived = row.archived_at.is_some();
            (id, Stored { version: row.version, is_archived, content })
        };
        Ok(by_ids(connection, ids)?.into_iter().map(stored).collect())
    }

    fn validate_in_context(
        connection: &mut DbConnection,
        candidates: &mut [&mut Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let others = find(connection, candidates.iter().map(|candidate| candidate.content))?;
        for (candidate, other) in candidates.iter_mut().zip(others) {
            if other.is_some_and(|other| other != candidate.id) {
                let message = "the holder already has an interpretation of this term for this day (archived interpretations count, too)";
                candidate.errors.add(ValidationErrorCode::Duplicate, "stated_on", message);
            }
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| Interpretation {
            id: *id,
            version: 1,
            trackable_id: content.subject,
            term: content.term.clone(),
            meaning: content.meaning.clone(),
            held_by_id: content.held_by,
            stated_on: content.stated_on,
            provenance: (&content.provenance).into(),
            archived_at: None,
        };
        insert_rows!(connection, interpretations::table, candidates.iter().map(row).collect());
        Ok(())
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: InterpretationId,
        old: &Self,
    ) -> Result<(), Error> {
        diesel::update(interpretations::table.find(id))
            .set((
                interpretations::trackable_id.eq(self.subject),
                interpretations::term.eq(&self.term),
                interpretations::meaning.eq(&self.meaning),
                interpretations::held_by_id.eq(self.held_by),
                interpretations::stated_on.eq(self.stated_on),
                InterpretationProvenance::from(&self.provenance),
            ))
            .execute(connection)?;
        if old.subject == self.subject {
            Ok(())
        } else {
            index_subjects(connection, &[old.subject])
        }
    }

    fn index(connection: &mut DbConnection, ids: &[InterpretationId]) -> Result<(), Error> {
        let rows = by_ids(connection, ids)?;
        let subjects: BTreeSet<InterpretableId> =
            rows.values().map(|row| row.trackable_id).collect();
        index_subjects(connection, &Vec::from_iter(subjects))
    }
}

/// Updates the search index for clauses and caveats whose interpretations were written.
fn index_subjects(
    connection: &mut DbConnection,
    subjects: &[InterpretableId],
) -> Result<(), Error> {
    for searched in [clause::SEARCHED, caveat::SEARCHED] {
        search_index::index(connection, &searched, subjects)?;
    }
    Ok(())
}

/// Conditions on interpretations, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches interpretations held by this party.
    pub held_by: Option<PartyId>,
    /// Matches interpretations stated on this day or earlier.
    pub as_of: Option<NaiveDate>,
}

/// A list of interpretations, in order of the day on which they were stated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InterpretationList {
    /// Whether to list the interpretations of one clause or caveat, instead of all interpretations.
    pub is_of_subject: bool,
    /// The filter.
    pub filter: Filter,
}

/// The condition that the clause or caveat is not archived, and that its agreement or proposal is not archived.
const OF_LISTED_SUBJECTS: &str = "EXISTS (SELECT 1 FROM trackables \
    LEFT JOIN clauses ON clauses.id = trackables.id \
    LEFT JOIN caveats ON caveats.id = trackables.id \
    LEFT JOIN trackables AS proposals ON proposals.id = caveats.proposal_id \
    WHERE trackables.id = interpretations.trackable_id AND trackables.archived_at IS NULL \
    AND proposals.archived_at IS NULL AND coalesce(clauses.is_listed, TRUE))";

impl List for InterpretationList {
    const KIND: Kind = Kind::Interpretation;
    const ID: &'static str = "interpretations.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::day("interpretations.stated_on"), SortKey::id("interpretations.id")] }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let in_use = "interpretations.archived_at IS NULL";
        let mut conditions = Conditions::new(connection.dialect(), in_use);
        if !self.is_of_subject {
            conditions.push(OF_LISTED_SUBJECTS.into());
        }
        if let Some(holder) = self.filter.held_by {
            let condition = Sql::new("interpretations.held_by_id = ").bind(holder.as_str());
            conditions.push(condition);
        }
        conditions.require_until("interpretations.stated_on", self.filter.as_of);
        Listing {
            parent: self.is_of_subject.then_some("interpretations.trackable_id = {parent}"),
            conditions: conditions.into_vec(),
            ..Listing::of("interpretations", self.sort_keys())
        }
    }
}
