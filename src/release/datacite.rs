//! `datacite.json`: the metadata with which DataCite registers a DOI.

use chrono::Datelike;
use serde_json::{Value as Json, json};

use super::Facts;

/// The document, in the JSON form of the DataCite Metadata Schema 4.
pub(super) fn document(facts: &Facts<'_>) -> Json {
    let creators = facts.creators();
    // No `nameType`: the creators can be persons or organizations.
    let creators = creators.iter().map(|name| json!({ "name": name }));
    let subjects = facts.topics.iter().map(|topic| json!({ "subject": topic.name }));
    let rights = facts.request.license.iter().map(|license| {
        json!({
            "rights": license,
            "rightsUri": format!("https://spdx.org/licenses/{license}.html"),
            "rightsIdentifier": license,
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        })
    });
    json!({
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": { "resourceTypeGeneral": "Dataset", "resourceType": "Dataset" },
        "identifiers": [{
            "identifier": facts.root.to_string(),
            "identifierType": "Merkle root of the change log (RFC 9162, SHA-256)",
        }],
        "creators": creators.collect::<Vec<_>>(),
        "titles": [{ "title": facts.title() }],
        "publisher": facts.publisher(),
        "publicationYear": facts.day().year().to_string(),
        "dates": [{ "date": facts.instant(), "dateType": "Updated" }],
        "version": facts.name(),
        "subjects": subjects.collect::<Vec<_>>(),
        "descriptions": [{ "description": facts.description(), "descriptionType": "Abstract" }],
        "formats": ["text/csv", "application/x-ndjson", "application/ld+json"],
        "rightsList": rights.collect::<Vec<_>>(),
        "url": facts.page(),
    })
}
