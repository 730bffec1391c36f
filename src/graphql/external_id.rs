//! External identifiers.

use super::engine::call::{Call, Reference, References, Resolved};
use super::engine::link::many;
use super::engine::reader::{Reader, call, id, leaf, text};
use super::engine::schema::{Object, Record};
use super::error::Code;
use crate::db;
use crate::db::rows::Column;
use crate::domain::Kind;
use crate::domain::external_id::Scheme;

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::ExternalId, "ExternalId", "external_ids", "external_ids.id")];

/// The description of the field `externalIds`, which several kinds of records have.
pub const DESCRIPTION: &str = "Identifiers of the record in other collections.";

const SCHEME: Column = "external_ids.scheme";
const VALUE: Column = "external_ids.value";

/// The external identifiers of a record. The record's id is in the column `record`.
pub fn of(record: Column) -> Reader {
    many("[ExternalId!]!", "ExternalId", record, db::external_id::OF_RECORDS)
}

pub fn objects() -> Vec<Object> {
    let external_id = Object::new("ExternalId", "Identifier of a record in another collection.")
        .implements("Node")
        .field("id", "Opaque global id of this entry.", id(Kind::ExternalId, "external_ids.id"))
        .field("scheme", "Scheme of the identifier, such as `PA-X`.", text(SCHEME))
        .field("value", "Identifier in that scheme, such as `1364`.", text(VALUE))
        .field("url", "Address of the record in the other collection. Null unless the scheme is WIKIDATA, PA-X, UN or DOI.", url());
    vec![external_id]
}

fn url() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let (schemes, values) = (call.column(SCHEME)?, call.column(VALUE)?);
        let address = |(scheme, value): (Option<&str>, Option<&str>)| {
            Scheme::named(scheme?).ok()?.address(value?)
        };
        Ok(schemes.into_iter().zip(values).map(address).collect::<Vec<Option<String>>>())
    })
    .needs(&[SCHEME, VALUE])
    .reads_nothing()
}

pub fn queries(query: Object) -> Object {
    query.field(
        "byExternalId",
        "Records with this external identifier: agreements first, then clauses, proposals, caveats, events, parties, topics and sources. Excludes archived records, and clauses and caveats of archived records.",
        call("[Node!]", |call: &mut Call<'_, '_>| {
            let scheme: String = call.arguments.get("scheme")?;
            let value: String = call.arguments.get("value")?;
            let scheme = Scheme::named(&scheme)
                .map_err(|message| Code::BadUserInput.error(format!("`scheme`: {message}")))?;
            let records = call
                .context
                .read(|connection| db::external_id::records_with(connection, scheme, &value))?;
            let references = records.into_iter().map(|(kind, id)| Reference::new(kind, id));
            Ok(Resolved::References(vec![References::list(references)]))
        })
        .argument::<String>("scheme", "Scheme of the identifier, such as `PA-X`. `ExternalIdInput` lists the schemes.")
        .argument::<String>("value", "Identifier in that scheme, such as `1364`. Ignores spaces and the case of letters from A to Z."),
    )
}
