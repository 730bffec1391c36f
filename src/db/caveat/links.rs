//! The links of caveats: to parties, to clauses, and to other caveats.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::insert::insert_rows;
use crate::db::link::Links;
use crate::db::query::{self, Sql};
use crate::db::record::Candidate;
use crate::db::rows::Lookup;
use crate::db::schema::{caveat_clause_links, caveat_exchanges};
use crate::db::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::caveat::{CaveatContent, CaveatLinkKind, CaveatRole};
use crate::domain::id::{CaveatId, ClauseId, PartId};

/// The parties that owe the caveats, in order.
pub const OWED_BY: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_by' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The parties to which the caveats are owed, in order.
pub const OWED_TO: Lookup = Lookup {
    from: "caveat_parties JOIN parties ON parties.id = caveat_parties.party_id \
           WHERE caveat_parties.role = 'owed_to' AND",
    key: "caveat_parties.caveat_id",
    order: "caveat_parties.position, parties.id",
};

/// The caveats for which the given caveats are exchanged. Excludes archived caveats. Each exchange is stored once, but
/// applies to both caveats.
pub const EXCHANGED_FOR: Lookup = Lookup {
    from: "(SELECT caveat_id, other_id FROM caveat_exchanges \
           UNION ALL SELECT other_id, caveat_id FROM caveat_exchanges) exchanges \
           JOIN caveats ON caveats.id = exchanges.other_id JOIN trackables ON trackables.id = caveats.id \
           WHERE trackables.archived_at IS NULL AND",
    key: "exchanges.caveat_id",
    order: "caveats.position, caveats.id",
};

/// The caveats that the given caveats answer, in order. Excludes archived caveats.
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

/// The links from caveats to parties. The role states whether a caveat is owed by or to the party.
pub(in crate::db) const PARTY_LINKS: Links = Links::new("caveat_parties", "caveat_id", "party_id");

/// The links of caveats to the caveats that they answer.
pub(in crate::db) const ANSWER_LINKS: Links =
    Links::new("caveat_answers", "caveat_id", "answered_id");

/// A link between a caveat and a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = caveat_clause_links, treat_none_as_default_value = false)]
pub struct CaveatClauseLink {
    /// Primary key.
    pub id: PartId,
    /// The caveat.
    pub caveat_id: CaveatId,
    /// The clause.
    pub clause_id: ClauseId,
    /// Position in the list, from 1.
    pub position: i32,
    /// The effect of the caveat on the clause.
    pub kind: CaveatLinkKind,
    /// Remarks.
    pub note: Option<String>,
}

/// The caveats for which these caveats are exchanged, in both directions.
///
/// # Errors
/// Database errors.
pub fn exchanges_of(
    connection: &mut DbConnection,
    ids: &[CaveatId],
) -> Result<HashMap<CaveatId, Vec<CaveatId>>, Error> {
    let dialect = connection.dialect();
    let sql = Sql::new("SELECT caveat_id, other_id FROM caveat_exchanges WHERE ")
        .any_of(dialect, "caveat_id", ids)
        .text(" OR ")
        .any_of(dialect, "other_id", ids)
        .text(" ORDER BY caveat_id, other_id");
    let wanted: HashSet<CaveatId> = ids.iter().copied().collect();
    let mut exchanges: HashMap<CaveatId, Vec<CaveatId>> = HashMap::new();
    for (left, right) in query::pairs(connection, sql)? {
        let (Some(left), Some(right)) = (Id::stored(&left), Id::stored(&right)) else { continue };
        for (id, other) in [(left, right), (right, left)] {
            if wanted.contains(&id) {
                exchanges.entry(id).or_default().push(other);
            }
        }
    }
    Ok(exchanges)
}

/// Writes the links of these caveats. A link to a clause keeps its id if it is in `old_links`.
pub(in crate::db) fn insert(
    connection: &mut DbConnection,
    candidates: &[Candidate<'_, CaveatContent>],
    old_links: &[CaveatClauseLink],
) -> Result<(), Error> {
    let (owed_by, owed_to) =
        (PARTY_LINKS.with_role(CaveatRole::OwedBy), PARTY_LINKS.with_role(CaveatRole::OwedTo));
    let all = candidates.iter();
    owed_by.insert(connection, all.clone().map(|caveat| (caveat.id, &caveat.content.owed_by)))?;
    owed_to.insert(connection, all.clone().map(|caveat| (caveat.id, &caveat.content.owed_to)))?;
    ANSWER_LINKS
        .insert(connection, all.clone().map(|caveat| (caveat.id, &caveat.content.answers)))?;
    let exchanges = all.clone().flat_map(|caveat| {
        caveat.content.in_exchange_for.iter().map(|other| {
            // An exchange is stored once, with the smaller id first.
            let (left, right) = (caveat.id.min(*other), caveat.id.max(*other));
            (caveat_exchanges::caveat_id.eq(left), caveat_exchanges::other_id.eq(right))
        })
    });
    insert_rows!(connection, caveat_exchanges::table, exchanges.collect());
    let clause_links = all.flat_map(|caveat| {
        (1..).zip(&caveat.content.clause_links).map(|(position, link)| {
            let old =
                old_links.iter().find(|old| (old.clause_id, old.kind) == (link.clause, link.kind));
            CaveatClauseLink {
                id: old.map_or_else(PartId::new, |old| old.id),
                caveat_id: caveat.id,
                clause_id: link.clause,
                position,
                kind: link.kind,
                note: link.note.clone(),
            }
        })
    });
    insert_rows!(connection, caveat_clause_links::table, clause_links.collect());
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
