//! `dataset.jsonld`: the release as a `Dataset` of schema.org, with each file and its checksum.

use serde_json::{Value as Json, json};

use super::Facts;
use crate::db::release::PackageFile;

/// The document. `files` are the files that it lists.
pub(super) fn document(facts: &Facts<'_>, files: &[PackageFile]) -> Json {
    let downloads = files.iter().map(|file| {
        json!({
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": file.name,
            "encodingFormat": media_type(&file.name),
            "contentSize": format!("{} B", file.content.len()),
            "sha256": file.checksum().to_string(),
        })
    });
    let creators = facts.creators();
    let creators = creators.iter().map(|name| {
        if facts.request.creators.is_empty() {
            json!({ "@type": "Organization", "name": name })
        } else {
            // A text, because the creator can be a person or an organization.
            Json::from(name.as_str())
        }
    });
    let topics = facts.topics.iter().map(|topic| topic.name.as_str());
    let mut document = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": facts.title(),
        "description": facts.description(),
        "url": facts.page(),
        "version": facts.name(),
        "dateModified": facts.instant(),
        "isAccessibleForFree": true,
        "creator": creators.collect::<Vec<_>>(),
        "publisher": { "@type": "Organization", "name": facts.publisher() },
        "keywords": topics.collect::<Vec<_>>(),
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "Merkle root of the change log (RFC 9162, SHA-256)",
            "value": facts.root.to_string(),
        },
        "distribution": downloads.collect::<Vec<_>>(),
    });
    if let (Some(license), Some(object)) = (&facts.request.license, document.as_object_mut()) {
        let license = format!("https://spdx.org/licenses/{license}.html");
        object.insert("license".to_owned(), license.into());
    }
    document
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "csv" => "text/csv",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ndjson" => "application/x-ndjson",
        "jsonld" => "application/ld+json",
        "json" => "application/json",
        "cff" => "application/yaml",
        _ => "text/plain",
    }
}
