//! The names of records in dossiers: slugs, and `slug/number` for clauses and caveats. Includes archived records and
//! former slugs.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::query::{self, Sql};
use super::schema::{
    agreements, caveats, clauses, events, parties, proposals, slugs, sources, topics, trackables,
};
use super::{DbConnection, Error};
use crate::domain::id::of;
use crate::domain::{Id, Kind};

/// A record that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRecord<T> {
    /// The name.
    pub name: String,
    /// The id of the record.
    pub id: Id<T>,
    /// Whether it is archived.
    pub is_archived: bool,
    /// Whether the name is a former slug.
    pub is_former: bool,
}

/// The ids of records, keyed by kind and slug.
pub type IdsBySlug = HashMap<(Kind, String), Id<()>>;

/// The records of any kind with these slugs, current or former.
///
/// # Errors
/// Database errors.
pub fn by_slugs(
    connection: &mut DbConnection,
    slugs: &[impl AsRef<str>],
) -> Result<IdsBySlug, Error> {
    if slugs.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = Sql::new("SELECT slugs.kind, slugs.slug, slugs.record_id FROM slugs WHERE ").any_of(
        connection.dialect(),
        "slugs.slug",
        slugs,
    );
    let rows: Vec<(Kind, String, Id<()>)> = query::rows::<(Text, Text, Text), _>(connection, sql)?;
    Ok(rows.into_iter().map(|(kind, slug, id)| ((kind, slug), id)).collect())
}

/// Defines a function that returns the slugs of a kind of record. Arguments: the function, the kind, its table, and the
/// condition that a record is archived.
macro_rules! slugs {
    ($(#[$meta:meta])* $function:ident, $kind:ident, $table:ident, $archived:expr) => {
        $(#[$meta])*
        ///
        /// # Errors
        /// Database errors.
        pub fn $function(connection: &mut DbConnection) -> Result<Vec<NamedRecord<of::$kind>>, Error> {
            let rows = slugs::table
                .inner_join($table::table.on($table::id.eq(slugs::record_id)))
                .filter(slugs::kind.eq(Kind::$kind))
                .select((slugs::slug, $table::slug.nullable(), $table::id, $archived))
                .load::<(String, Option<String>, Id<of::$kind>, bool)>(connection)?;
            let slug_lookup = |(name, current, id, is_archived): (String, Option<String>, _, _)| {
                let is_former = current.as_ref() != Some(&name);
                NamedRecord { name, id, is_archived, is_former }
            };
            Ok(rows.into_iter().map(slug_lookup).collect())
        }
    };
}

slugs! {
    /// Every topic.
    topics, Topic, topics, topics::archived_at.is_not_null()
}
slugs! {
    /// Every party.
    parties, Party, parties, parties::archived_at.is_not_null()
}
slugs! {
    /// Every agreement.
    agreements, Agreement, agreements, agreements::archived_at.is_not_null()
}
slugs! {
    /// Every source that has a slug.
    sources, Source, sources, sources::archived_at.is_not_null()
}
slugs! {
    /// Every event that has a slug.
    events, Event, events, events::archived_at.is_not_null()
}

/// Every proposal.
///
/// # Errors
/// Database errors.
pub fn proposals(connection: &mut DbConnection) -> Result<Vec<NamedRecord<of::Proposal>>, Error> {
    let rows = slugs::table
        .inner_join(proposals::table.on(proposals::id.eq(slugs::record_id)))
        .inner_join(trackables::table.on(trackables::id.eq(proposals::id)))
        .filter(slugs::kind.eq(Kind::Proposal))
        .select((
            slugs::slug,
            proposals::slug,
            proposals::id,
            trackables::archived_at.is_not_null(),
        ))
        .load::<(String, String, Id<of::Proposal>, bool)>(connection)?;
    let slug_lookup = |(name, current, id, is_archived)| {
        let is_former = name != current;
        NamedRecord { name, id, is_archived, is_former }
    };
    Ok(rows.into_iter().map(slug_lookup).collect())
}

/// Defines a function that returns the names of clauses or caveats. Arguments: the function, the kind, the kind and table of
/// its container, and the column that refers to the container.
macro_rules! numbered {
    ($(#[$meta:meta])* $function:ident, $kind:ident, $owner:ident, $owners:ident, $owner_id:ident) => {
        $(#[$meta])*
        ///
        /// # Errors
        /// Database errors.
        pub fn $function(connection: &mut DbConnection) -> Result<Vec<NamedRecord<of::$kind>>, Error> {
            let rows = $function::table
                .inner_join(trackables::table.on(trackables::id.eq($function::id)))
                .inner_join($owners::table.on($owners::id.eq($function::$owner_id)))
                .inner_join(slugs::table.on(slugs::record_id.eq($owners::id).and(slugs::kind.eq(Kind::$owner))))
                .select((
                    slugs::slug,
                    $owners::slug,
                    $function::number,
                    $function::id,
                    trackables::archived_at.is_not_null(),
                ))
                .load::<(String, String, String, Id<of::$kind>, bool)>(connection)?;
            let slug_lookup = |(slug, current, number, id, is_archived)| {
                let is_former = slug != current;
                NamedRecord { name: format!("{slug}/{number}"), id, is_archived, is_former }
            };
            Ok(rows.into_iter().map(slug_lookup).collect())
        }
    };
}

numbered! {
    /// Every clause, as `AGREEMENT/NUMBER`.
    clauses, Clause, Agreement, agreements, agreement_id
}
numbered! {
    /// Every caveat, as `PROPOSAL/NUMBER`.
    caveats, Caveat, Proposal, proposals, proposal_id
}
