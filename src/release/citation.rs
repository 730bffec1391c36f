//! `CITATION.cff`: how to cite the release, in the Citation File Format.

use std::fmt::Write;

use serde_json::Value as Json;

use super::Facts;
use crate::db::release::PackageFile;

/// The file. Texts are written as JSON strings, which are also valid YAML.
pub(super) fn file(facts: &Facts<'_>) -> anyhow::Result<PackageFile> {
    let quote = |text: &str| Json::from(text).to_string();
    let mut yaml = String::new();
    writeln!(yaml, "cff-version: 1.2.0")?;
    writeln!(yaml, "message: \"Please cite this release of the data.\"")?;
    writeln!(yaml, "type: dataset")?;
    writeln!(yaml, "title: {}", quote(&facts.title()))?;
    writeln!(yaml, "abstract: {}", quote(&facts.description()))?;
    writeln!(yaml, "version: {}", quote(facts.name()))?;
    writeln!(yaml, "date-released: {}", facts.day())?;
    writeln!(yaml, "url: {}", quote(&facts.page()))?;
    if let Some(license) = &facts.request.license {
        writeln!(yaml, "license: {}", quote(license))?;
    }
    writeln!(yaml, "authors:")?;
    for name in facts.creators() {
        writeln!(yaml, "  - name: {}", quote(&name))?;
    }
    writeln!(yaml, "identifiers:")?;
    writeln!(yaml, "  - type: other")?;
    writeln!(yaml, "    value: \"{}\"", facts.root)?;
    writeln!(yaml, "    description: \"Merkle root of the change log (RFC 9162, SHA-256)\"")?;
    Ok(PackageFile { name: "CITATION.cff".to_owned(), content: yaml.into_bytes() })
}
