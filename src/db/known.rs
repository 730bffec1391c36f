//! The names by which dossiers call records: slugs, and `slug/number` for clauses and caveats. Archived records are
//! among them, since they keep their names.

use diesel::prelude::*;

use super::schema::{
    agreements, caveats, clauses, events, parties, proposals, sources, topics, trackables,
};
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::id::of;

/// A record that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<T> {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Id<T>,
    /// Whether it is put away.
    pub is_archived: bool,
}

fn known<T>((name, id, is_archived): (String, Id<T>, bool)) -> Known<T> {
    Known { name, id, is_archived }
}

/// The names in a table that has a slug and an archival of its own.
macro_rules! slugs {
    ($(#[$meta:meta])* $function:ident, $table:ident, $of:ty, $slug:expr, $archived:expr) => {
        $(#[$meta])*
        ///
        /// # Errors
        /// Those of the database.
        pub fn $function(connection: &mut DbConnection) -> Result<Vec<Known<$of>>, Error> {
            let rows = $table::table
                .select(($slug, $table::id, $archived))
                .load::<(Option<String>, Id<$of>, bool)>(connection)?;
            let named = rows.into_iter().filter_map(|(slug, id, archived)| Some((slug?, id, archived)));
            Ok(named.map(known).collect())
        }
    };
}

slugs! {
    /// Every topic.
    topics, topics, of::Topic, topics::slug.nullable(), topics::archived_at.is_not_null()
}
slugs! {
    /// Every party.
    parties, parties, of::Party, parties::slug.nullable(), parties::archived_at.is_not_null()
}
slugs! {
    /// Every agreement.
    agreements, agreements, of::Agreement, agreements::slug.nullable(), agreements::archived_at.is_not_null()
}
slugs! {
    /// Every source that has a slug.
    sources, sources, of::Source, sources::slug, sources::archived_at.is_not_null()
}
slugs! {
    /// Every event that has a slug.
    events, events, of::Event, events::slug, events::archived_at.is_not_null()
}

/// Every proposal.
///
/// # Errors
/// Those of the database.
pub fn proposals(connection: &mut DbConnection) -> Result<Vec<Known<of::Proposal>>, Error> {
    let rows = proposals::table
        .inner_join(trackables::table.on(trackables::id.eq(proposals::id)))
        .select((proposals::slug, proposals::id, trackables::archived_at.is_not_null()))
        .load::<(String, Id<of::Proposal>, bool)>(connection)?;
    Ok(rows.into_iter().map(known).collect())
}

/// Every clause, as `AGREEMENT/NUMBER`.
///
/// # Errors
/// Those of the database.
pub fn clauses(connection: &mut DbConnection) -> Result<Vec<Known<of::Clause>>, Error> {
    let rows = clauses::table
        .inner_join(trackables::table.on(trackables::id.eq(clauses::id)))
        .inner_join(agreements::table.on(agreements::id.eq(clauses::agreement_id)))
        .select((
            agreements::slug,
            clauses::number,
            clauses::id,
            trackables::archived_at.is_not_null(),
        ))
        .load::<(String, String, Id<of::Clause>, bool)>(connection)?;
    let named =
        |(slug, number, id, is_archived)| known((format!("{slug}/{number}"), id, is_archived));
    Ok(rows.into_iter().map(named).collect())
}

/// Every caveat, as `PROPOSAL/NUMBER`.
///
/// # Errors
/// Those of the database.
pub fn caveats(connection: &mut DbConnection) -> Result<Vec<Known<of::Caveat>>, Error> {
    let rows = caveats::table
        .inner_join(trackables::table.on(trackables::id.eq(caveats::id)))
        .inner_join(proposals::table.on(proposals::id.eq(caveats::proposal_id)))
        .select((
            proposals::slug,
            caveats::number,
            caveats::id,
            trackables::archived_at.is_not_null(),
        ))
        .load::<(String, String, Id<of::Caveat>, bool)>(connection)?;
    let named =
        |(slug, number, id, is_archived)| known((format!("{slug}/{number}"), id, is_archived));
    Ok(rows.into_iter().map(named).collect())
}
