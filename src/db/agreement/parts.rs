//! The parts of agreements: their parties and their relations to other agreements.

use diesel::prelude::*;

use crate::db::insert::insert_rows;
use crate::db::provenance::AgreementPartyProvenance;
use crate::db::rows::Lookup;
use crate::db::schema::{agreement_parties, agreement_relations};
use crate::db::{DbConnection, Error};
use crate::domain::agreement::{AgreementContent, AgreementRole, RelationKind};
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
    /// The party whose reading this is. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// Where this record comes from, and how certain it is.
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

/// The parts of agreements.
#[derive(Default)]
pub(in crate::db) struct Parts {
    pub(in crate::db) parties: Vec<AgreementParty>,
    pub(in crate::db) relations: Vec<AgreementRelation>,
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
        Ok(())
    }

    /// Adds the parts that `content` states. Those that are among the old parts of the agreement keep their ids.
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
    }

    /// Writes the parts. Must run after [`Self::delete`].
    pub(in crate::db) fn insert(self, connection: &mut DbConnection) -> Result<(), Error> {
        insert_rows!(connection, agreement_parties::table, self.parties);
        insert_rows!(connection, agreement_relations::table, self.relations);
        Ok(())
    }
}
