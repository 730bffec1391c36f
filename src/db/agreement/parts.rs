//! The parts of agreements: their parties, their relations to other agreements, and their endings.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::insert::insert_rows;
use crate::db::provenance::{AgreementEndingProvenance, AgreementPartyProvenance};
use crate::db::query::Sql;
use crate::db::rows::{Column, Lookup, Rows};
use crate::db::schema::{agreement_endings, agreement_parties, agreement_relations};
use crate::db::{DbConnection, Error};
use crate::domain::agreement::{AgreementContent, AgreementRole, RelationKind};
use crate::domain::ending::{EndingContent, EndingKind};
use crate::domain::id::{AgreementId, PartId, PartyId};

/// The roles of parties in agreements, in order.
pub const PARTIES_OF: Lookup = Lookup {
    from: "agreement_parties WHERE",
    key: "agreement_parties.agreement_id",
    order: "agreement_parties.position",
};

/// The relations of agreements to other agreements, in order.
pub const RELATIONS_OF: Lookup = Lookup {
    from: "agreement_relations WHERE",
    key: "agreement_relations.agreement_id",
    order: "agreement_relations.position",
};

/// The endings of agreements, in order.
pub const ENDINGS_OF: Lookup = Lookup {
    from: "agreement_endings WHERE",
    key: "agreement_endings.agreement_id",
    order: "agreement_endings.position",
};

/// Selects the endings that decide whether an agreement has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct EndingView {
    /// Ignores endings after this day.
    pub as_of: Option<NaiveDate>,
    /// The party that holds the selected endings. `None` for the neutral record.
    pub held_by: Option<PartyId>,
}

/// Reads these columns of the endings that `view` selects: at most one ending for each of these agreements. The result
/// has an additional first column: the agreement's id. Excludes agreements that have not ended.
///
/// # Errors
/// Database errors.
pub fn select_endings(
    connection: &mut DbConnection,
    view: EndingView,
    agreements: &[&str],
    columns: &[Column],
) -> Result<Rows, Error> {
    const AGREEMENT: Column = "agreement_endings.agreement_id";
    let tail = Sql::new("FROM agreement_endings WHERE ")
        .any_of(connection.dialect(), AGREEMENT, agreements)
        .text(" AND ")
        .append(ending_in("agreement_endings", view));
    Rows::select_keyed(connection, AGREEMENT, columns, tail)
}

/// The condition that `view` selects an ending. `ending` is the name or alias of the table of endings.
pub(in crate::db) fn ending_in(ending: &str, view: EndingView) -> Sql {
    let sql = match view.held_by {
        Some(holder) => Sql::new(format!("{ending}.held_by_id = ")).bind(holder.as_str()),
        None => Sql::new(format!("{ending}.held_by_id IS NULL")),
    };
    match view.as_of {
        Some(day) => sql.text(format!(" AND {ending}.ended_on <= ")).bind_date(day),
        None => sql,
    }
}

/// A party's role in an agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_parties, treat_none_as_default_value = false)]
pub struct AgreementParty {
    /// Primary key.
    pub id: PartId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Position in the list, from 1.
    pub position: i32,
    /// The party.
    pub party_id: PartyId,
    /// The party's role.
    pub role: AgreementRole,
    /// The capacity in which the party acts.
    pub capacity: Option<String>,
    /// The party according to which the role exists. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: AgreementPartyProvenance,
}

/// A relation between two agreements.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_relations, treat_none_as_default_value = false)]
pub struct AgreementRelation {
    /// Primary key.
    pub id: PartId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Position in the list, from 1.
    pub position: i32,
    /// The kind of relation.
    pub kind: RelationKind,
    /// The related agreement.
    pub related_id: AgreementId,
}

/// The ending of an agreement, in the neutral record or according to a party.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_endings, treat_none_as_default_value = false)]
pub struct AgreementEnding {
    /// Primary key.
    pub id: PartId,
    /// The agreement.
    pub agreement_id: AgreementId,
    /// Position in the list, from 1.
    pub position: i32,
    /// The first day on which the agreement was no longer in force.
    pub ended_on: NaiveDate,
    /// The kind of ending.
    pub kind: EndingKind,
    /// The party according to which the agreement ended. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: AgreementEndingProvenance,
}

impl From<AgreementEnding> for EndingContent {
    fn from(row: AgreementEnding) -> Self {
        Self {
            ended_on: row.ended_on,
            kind: row.kind,
            held_by: row.held_by_id,
            provenance: row.provenance.into(),
        }
    }
}

/// The rows of the parts of agreements.
#[derive(Default)]
pub(in crate::db) struct Parts {
    pub(in crate::db) parties: Vec<AgreementParty>,
    pub(in crate::db) relations: Vec<AgreementRelation>,
    pub(in crate::db) endings: Vec<AgreementEnding>,
}

impl Parts {
    /// Reads the parts of an agreement.
    pub(in crate::db) fn load(
        connection: &mut DbConnection,
        id: AgreementId,
    ) -> Result<Self, Error> {
        Ok(Self {
            parties: PARTIES_OF.load_one(connection, id)?,
            relations: RELATIONS_OF.load_one(connection, id)?,
            endings: ENDINGS_OF.load_one(connection, id)?,
        })
    }

    /// Deletes the parts of an agreement.
    pub(in crate::db) fn delete(
        connection: &mut DbConnection,
        id: AgreementId,
    ) -> Result<(), Error> {
        diesel::delete(agreement_parties::table.filter(agreement_parties::agreement_id.eq(id)))
            .execute(connection)?;
        diesel::delete(agreement_relations::table.filter(agreement_relations::agreement_id.eq(id)))
            .execute(connection)?;
        diesel::delete(agreement_endings::table.filter(agreement_endings::agreement_id.eq(id)))
            .execute(connection)?;
        Ok(())
    }

    /// Adds the parts in `content`. A part keeps the id of the old part that it replaces: for example, an ending keeps
    /// the id of the same holder's old ending.
    pub(in crate::db) fn add(&mut self, id: AgreementId, content: &AgreementContent, old: &Self) {
        for (position, part) in (1..).zip(&content.parties) {
            let old = old
                .parties
                .iter()
                .find(|old| (old.party_id, old.role, old.held_by_id) == part.key());
            self.parties.push(AgreementParty {
                id: old.map_or_else(PartId::new, |old| old.id),
                agreement_id: id,
                position,
                party_id: part.party,
                role: part.role,
                capacity: part.capacity.clone(),
                held_by_id: part.held_by,
                provenance: (&part.provenance).into(),
            });
        }
        for (position, relation) in (1..).zip(&content.relations) {
            let old = old
                .relations
                .iter()
                .find(|old| (old.kind, old.related_id) == (relation.kind, relation.agreement));
            self.relations.push(AgreementRelation {
                id: old.map_or_else(PartId::new, |old| old.id),
                agreement_id: id,
                position,
                kind: relation.kind,
                related_id: relation.agreement,
            });
        }
        for (position, ending) in (1..).zip(&content.endings) {
            let old = old.endings.iter().find(|old| old.held_by_id == ending.held_by);
            self.endings.push(AgreementEnding {
                id: old.map_or_else(PartId::new, |old| old.id),
                agreement_id: id,
                position,
                ended_on: ending.ended_on,
                kind: ending.kind,
                held_by_id: ending.held_by,
                provenance: (&ending.provenance).into(),
            });
        }
    }

    /// Writes the parts. Must run after [`Self::delete`].
    pub(in crate::db) fn insert(self, connection: &mut DbConnection) -> Result<(), Error> {
        insert_rows!(connection, agreement_parties::table, self.parties);
        insert_rows!(connection, agreement_relations::table, self.relations);
        insert_rows!(connection, agreement_endings::table, self.endings);
        Ok(())
    }
}
