//! External identifiers: the identifiers that records have in other collections. All kinds of records share one table.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::insert::insert_rows;
use super::kind_table::referred_table;
use super::query::{self, Sql};
use super::record::{Candidate, Record};
use super::rows::Lookup;
use super::schema::external_ids;
use super::{DbConnection, Error};
use crate::domain::external_id::{ExternalIdContent, Scheme, look_up_key};
use crate::domain::id::PartId;
use crate::domain::{Id, Kind, StringEnum};

/// The external identifiers of records, in order.
pub const OF_RECORDS: Lookup = Lookup {
    from: "external_ids WHERE",
    key: "external_ids.record_id",
    order: "external_ids.position",
};

/// A column with all external identifiers of a record of this table, such as `PA-X 1364, UCDP 37`. Null if there are
/// none.
macro_rules! column {
    ($table:literal) => {
        concat!(
            "(SELECT string_agg(external_ids.scheme || ' ' || external_ids.value, ', ' ORDER BY external_ids.position) \
             FROM external_ids WHERE external_ids.record_id = ",
            $table,
            ".id)"
        )
    };
}
pub(super) use column;

/// The kinds of records that have external identifiers.
const KINDS: [Kind; 8] = [
    Kind::Agreement,
    Kind::Clause,
    Kind::Proposal,
    Kind::Caveat,
    Kind::Event,
    Kind::Party,
    Kind::Topic,
    Kind::Source,
];

/// An external identifier of a record.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = external_ids, treat_none_as_default_value = false)]
struct ExternalId {
    /// Primary key.
    id: PartId,
    /// The kind of the record.
    kind: Kind,
    /// The record.
    record_id: Id<()>,
    /// Position in the list, from 1.
    position: i32,
    /// The name of the scheme, such as `PA-X`.
    scheme: String,
    /// The identifier in the scheme.
    value: String,
}

impl ExternalId {
    fn has_content(&self, content: &ExternalIdContent) -> bool {
        self.scheme == content.scheme && self.value == content.value
    }
}

/// The external identifiers of these records, in order, keyed by record.
pub(super) fn load<T>(
    connection: &mut DbConnection,
    ids: &[Id<T>],
) -> Result<HashMap<String, Vec<ExternalIdContent>>, Error> {
    let rows: HashMap<String, Vec<ExternalId>> = OF_RECORDS.load(connection, ids)?;
    let content = |row: ExternalId| ExternalIdContent { scheme: row.scheme, value: row.value };
    let contents = rows.into_iter().map(|(id, rows)| (id, rows.into_iter().map(content).collect()));
    Ok(contents.collect())
}

/// Inserts the external identifiers of new records.
pub(super) fn insert<R: Record>(
    connection: &mut DbConnection,
    candidates: &[Candidate<'_, R>],
) -> Result<(), Error> {
    let rows = candidates.iter().flat_map(|candidate| rows(candidate.id, candidate.content, &[]));
    insert_rows!(connection, external_ids::table, rows.collect());
    Ok(())
}

/// Replaces the external identifiers of a record if they have changed. Unchanged identifiers keep their ids.
pub(super) fn update<R: Record>(
    connection: &mut DbConnection,
    id: Id<R::Of>,
    content: &R,
    old: &R,
) -> Result<(), Error> {
    if content.external_ids() == old.external_ids() {
        return Ok(());
    }
    let old: Vec<ExternalId> = OF_RECORDS.load_one(connection, id)?;
    diesel::delete(external_ids::table.filter(external_ids::record_id.eq(id)))
        .execute(connection)?;
    insert_rows!(connection, external_ids::table, rows(id, content, &old));
    Ok(())
}

fn rows<R: Record>(id: Id<R::Of>, content: &R, old: &[ExternalId]) -> Vec<ExternalId> {
    let row = |(position, content): (i32, &ExternalIdContent)| {
        let old = old.iter().find(|old| old.has_content(content));
        ExternalId {
            id: old.map_or_else(PartId::new, |old| old.id),
            kind: R::KIND,
            record_id: id.cast(),
            position,
            scheme: content.scheme.clone(),
            value: content.value.clone(),
        }
    };
    (1..).zip(content.external_ids()).map(row).collect()
}

/// The records with this identifier, sorted by kind in the order of `KINDS`: agreements first, then clauses. Excludes
/// archived records, and clauses and caveats of archived records.
///
/// # Errors
/// Database errors.
pub fn records_with(
    connection: &mut DbConnection,
    scheme: &Scheme,
    value: &str,
) -> Result<Vec<(Kind, Id<()>)>, Error> {
    const IN_USE: &str = " AND (\
        EXISTS (SELECT 1 FROM agreements WHERE agreements.id = record_id AND archived_at IS NULL) \
        OR EXISTS (SELECT 1 FROM trackables WHERE trackables.id = record_id AND archived_at IS NULL) \
        OR EXISTS (SELECT 1 FROM events WHERE events.id = record_id AND archived_at IS NULL) \
        OR EXISTS (SELECT 1 FROM parties WHERE parties.id = record_id AND archived_at IS NULL) \
        OR EXISTS (SELECT 1 FROM topics WHERE topics.id = record_id AND archived_at IS NULL) \
        OR EXISTS (SELECT 1 FROM sources WHERE sources.id = record_id AND archived_at IS NULL)) \
        AND NOT EXISTS (SELECT 1 FROM clauses WHERE clauses.id = record_id AND NOT is_listed) \
        AND NOT EXISTS (SELECT 1 FROM caveats JOIN trackables ON trackables.id = caveats.proposal_id \
            WHERE caveats.id = record_id AND archived_at IS NOT NULL) \
        ORDER BY record_id";
    let sql = Sql::new("SELECT kind, record_id FROM external_ids WHERE scheme = ")
        .bind(scheme.name)
        .text(" AND ");
    // `any_of` drops a text that contains NUL, which PostgreSQL rejects.
    let key = "lower(replace(value, ' ', ''))";
    let sql = sql.any_of(connection.dialect(), key, &[look_up_key(value)]).text(IN_USE);
    let mut records = query::rows::<(Text, Text), (Kind, Id<()>)>(connection, sql)?;
    records.sort_by_key(|(kind, _)| KINDS.iter().position(|other| other == kind));
    Ok(records)
}

/// Describes in a sentence each external identifier whose record is missing.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let is_missing = KINDS.map(|kind| {
        let (name, table) = (kind.as_str(), referred_table(&[kind]));
        format!(
            "(kind = '{name}' AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.id = record_id))"
        )
    });
    let sql = Sql::new(format!(
        "SELECT kind || ' ' || record_id, scheme || ' ' || value FROM external_ids WHERE {} ORDER BY id",
        is_missing.join(" OR ")
    ));
    let missing = query::pairs(connection, sql)?.into_iter();
    let sentence = |(record, external_id)| {
        format!("{record}: has the external identifier “{external_id}”, but does not exist")
    };
    Ok(missing.map(sentence).collect())
}
