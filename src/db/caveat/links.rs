//! The links of caveats: to parties, to clauses, and to other caveats.

use diesel::prelude::*;

use crate::db::link::Links;
use crate::db::rows::Lookup;
use crate::db::schema::{caveat_clause_links, caveat_exchanges};
use crate::db::{DbConnection, Error};
use crate::domain::caveat::{CaveatContent, CaveatLinkKind, CaveatRole};
use crate::domain::id::{CaveatId, ClauseId, PartId};

/// The parties that would have to perform caveats, in order.
pub const OWED_BY: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_by' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The parties that caveats would be owed to, in order.
pub const OWED_TO: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_to' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The caveats that caveats are exchanged for. Excludes archived caveats. An exchange is stored once and read in both
/// directions.
pub const EXCHANGED_FOR: Lookup = Lookup {
    from: "(SELECT caveat_id, other_id FROM caveat_exchanges \
           UNION ALL SELECT other_id, caveat_id FROM caveat_exchanges) exchanges \
           JOIN caveats ON caveats.id = exchanges.other_id JOIN trackables ON trackables.id = caveats.id \
           WHERE trackables.archived_at IS NULL AND",
    key: "exchanges.caveat_id",
    order: "caveats.position, caveats.id",
};

/// The caveats that caveats answer, in order. Excludes archived caveats.
pub const ANSWERED_BY: Lookup = Lookup {
    from: "caveat_answers JOIN caveats ON caveats.id = caveat_answers.answered_id \
           JOIN trackables ON trackables.id = caveats.id WHERE trackables.archived_at IS NULL AND",
    key: "caveat_answers.caveat_id",
    order: "caveat_answers.position, caveats.id",
};

/// The links of caveats to clauses, in order.
pub const LINKS_OF_CAVEATS: Lookup = Lookup {
    from: "caveat_clause_links WHERE",
    key: "caveat_clause_links.caveat_id",
    order: "caveat_clause_links.position, caveat_clause_links.id",
};

/// The links of clauses to caveats. Excludes archived caveats.
pub const LINKS_OF_CLAUSES: Lookup = Lookup {
    from: "caveat_clause_links JOIN trackables ON trackables.id = caveat_clause_links.caveat_id \
           WHERE trackables.archived_at IS NULL AND",
    key: "caveat_clause_links.clause_id",
    order: "caveat_clause_links.id",
};

/// The links of caveats to the parties that they are owed by and to, by role.
pub(in crate::db) const PARTY_LINKS: Links = Links::new("caveat_parties", "caveat_id", "party_id");

/// The links of caveats to the caveats that they answer.
pub(in crate::db) const ANSWER_LINKS: Links =
    Links::new("caveat_answers", "caveat_id", "answered_id");

/// A link between a caveat and a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = caveat_clause_links)]
pub struct CaveatClauseLink {
    /// Primary key.
    pub id: PartId,
    /// The caveat.
    pub caveat_id: CaveatId,
    /// The clause.
    pub clause_id: ClauseId,
    /// Position in the list, from 1.
    pub position: i32,
    /// What the caveat does to the clause.
    pub kind: CaveatLinkKind,
    /// Remarks.
    pub note: Option<String>,
}

/// The caveats that a caveat is exchanged for, in both directions.
///
/// # Errors
/// Database errors.
pub fn exchanges_of(connection: &mut DbConnection, id: CaveatId) -> Result<Vec<CaveatId>, Error> {
    let pairs: Vec<(CaveatId, CaveatId)> = caveat_exchanges::table
        .filter(caveat_exchanges::caveat_id.eq(id).or(caveat_exchanges::other_id.eq(id)))
        .order((caveat_exchanges::caveat_id, caveat_exchanges::other_id))
        .select((caveat_exchanges::caveat_id, caveat_exchanges::other_id))
        .load(connection)?;
    Ok(pairs.into_iter().map(|(left, right)| if left == id { right } else { left }).collect())
}

/// Writes the links that the content states. A link to a clause keeps the id that it has among `old_links`.
pub(in crate::db) fn insert(
    connection: &mut DbConnection,
    id: CaveatId,
    content: &CaveatContent,
    old_links: &[CaveatClauseLink],
) -> Result<(), Error> {
    PARTY_LINKS.with_role(CaveatRole::OwedBy).insert(connection, id, &content.owed_by)?;
    PARTY_LINKS.with_role(CaveatRole::OwedTo).insert(connection, id, &content.owed_to)?;
    ANSWER_LINKS.insert(connection, id, &content.answers)?;
    for other in &content.in_exchange_for {
        // An exchange is stored once, with the smaller id first.
        let (left, right) = if id < *other { (id, *other) } else { (*other, id) };
        diesel::insert_into(caveat_exchanges::table)
            .values((caveat_exchanges::caveat_id.eq(left), caveat_exchanges::other_id.eq(right)))
            .execute(connection)?;
    }
    for (position, link) in (1..).zip(&content.clause_links) {
        let old =
            old_links.iter().find(|old| (old.clause_id, old.kind) == (link.clause, link.kind));
        let row = CaveatClauseLink {
            id: old.map_or_else(PartId::new, |old| old.id),
            caveat_id: id,
            clause_id: link.clause,
            position,
            kind: link.kind,
            note: link.note.clone(),
        };
        diesel::insert_into(caveat_clause_links::table).values(&row).execute(connection)?;
    }
    Ok(())
}

/// Deletes all links of a caveat.
pub(in crate::db) fn delete(connection: &mut DbConnection, id: CaveatId) -> Result<(), Error> {
    PARTY_LINKS.delete(connection, id)?;
    ANSWER_LINKS.delete(connection, id)?;
    diesel::delete(caveat_clause_links::table.filter(caveat_clause_links::caveat_id.eq(id)))
        .execute(connection)?;
    diesel::delete(
        caveat_exchanges::table
            .filter(caveat_exchanges::caveat_id.eq(id).or(caveat_exchanges::other_id.eq(id))),
    )
    .execute(connection)?;
    Ok(())
}
