//! Slugs: short names of records in URLs, filters and dossiers. Triggers store all current and former slugs in the table
//! `slugs`. A former slug still identifies its record, and no other record can get that slug.

use diesel::sql_types::Text;

use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error};
use crate::domain::{Id, Kind, StringEnum, ValidationErrorCode, ValidationErrors};

/// The kinds of records that have slugs, with their tables.
const TABLES: [(Kind, &str); 6] = [
    (Kind::Party, "parties"),
    (Kind::Topic, "topics"),
    (Kind::Source, "sources"),
    (Kind::Event, "events"),
    (Kind::Agreement, "agreements"),
    (Kind::Proposal, "proposals"),
];

/// Selects the ids of the records of a kind with one of these slugs, current or former.
pub(super) fn ids_of(dialect: Dialect, kind: Kind, slugs: &[impl AsRef<str>]) -> Sql {
    let kind = kind.as_str();
    Sql::new(format!("SELECT slugs.record_id FROM slugs WHERE slugs.kind = '{kind}' AND "))
        .one_or_any_of(dialect, "slugs.slug", slugs)
}

/// The records that have or had these slugs.
pub(super) struct SlugOwners {
    kind: Kind,
    /// Slug, kind and id of each owner, in order of kind.
    owners: Vec<(String, String, String)>,
}

impl SlugOwners {
    /// Reads which records have or had these slugs, before records of this kind get them. Agreements and proposals
    /// share one set of slugs. Runs at most one statement.
    pub(super) fn read(
        connection: &mut DbConnection,
        kind: Kind,
        slugs: &[&str],
    ) -> Result<Self, Error> {
        if slugs.is_empty() {
            return Ok(Self { kind, owners: Vec::new() });
        }
        let kinds = match kind {
            Kind::Agreement | Kind::Proposal => vec![Kind::Agreement, Kind::Proposal],
            kind => vec![kind],
        };
        let dialect = connection.dialect();
        let sql = Sql::new("SELECT slugs.slug, slugs.kind, slugs.record_id FROM slugs WHERE ")
            .one_or_any_of(dialect, "slugs.slug", slugs)
            .text(" AND ")
            .any_of(dialect, "slugs.kind", &Kind::stored_names(&kinds))
            .text(" ORDER BY slugs.kind");
        Ok(Self { kind, owners: query::rows::<(Text, Text, Text), _>(connection, sql)? })
    }

    /// Adds an error if a record other than `own_id` has or had the slug.
    pub(super) fn check<T>(&self, slug: &str, own_id: Id<T>, errors: &mut ValidationErrors) {
        let is_other = |(owned, _, id): &&(String, String, String)| {
            owned.as_str() == slug && id.as_str() != own_id.as_str()
        };
        let Some((_, owner_kind, _)) = self.owners.iter().find(is_other) else { return };
        let message = if owner_kind == self.kind.as_str() {
            format!(
                "“{slug}” is taken by another {owner_kind} (archived and renamed records keep their slugs)"
            )
        } else {
            format!(
                "“{slug}” is taken by a record of kind {owner_kind}; agreements and proposals share one set of slugs"
            )
        };
        errors.add(ValidationErrorCode::Duplicate, "slug", message);
    }
}

/// Describes in a sentence each slug that does not refer to its record, and each slug that an agreement shares with a
/// proposal.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let selects = TABLES.map(|(kind, table)| {
        let kind = kind.as_str();
        format!(
            "SELECT '{kind} ' || {table}.id, {table}.slug FROM {table} WHERE {table}.slug IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM slugs WHERE slugs.kind = '{kind}' AND slugs.slug = {table}.slug AND slugs.record_id = {table}.id)"
        )
    });
    let missing = query::pairs(connection, Sql::new(selects.join(" UNION ALL ")))?.into_iter();
    let missing =
        missing.map(|(record, slug)| format!("{record}: its slug “{slug}” does not refer to it"));
    let mut differences: Vec<String> = missing.collect();
    let sql = Sql::new(
        "SELECT proposals.id, proposals.slug FROM proposals \
         JOIN agreements ON agreements.slug = proposals.slug ORDER BY proposals.slug",
    );
    let shared = query::pairs(connection, sql)?.into_iter().map(|(id, slug)| {
        format!(
            "proposal {id}: shares the slug “{slug}” with an agreement; change one of the two slugs"
        )
    });
    differences.extend(shared);
    Ok(differences)
}
