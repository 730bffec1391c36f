//! `README.txt`: what the files are, and how to verify them.

use super::Facts;
use crate::db::release::PackageFile;

/// The file.
pub(super) fn file(facts: &Facts<'_>) -> PackageFile {
    let name = facts.name();
    let license = facts.request.license.as_deref().unwrap_or("not stated");
    let text = format!(
        "{title}
{description}

Release      {name}
Address      {page}
Creators     {creators}
Licence      {license}
Position     {position} (the last change of the change log that is included)
Known at     {instant} (the time of this change)
Statuses     as of the end of {day} (UTC)
Merkle root  {root}

Files

  *.csv, *.xlsx, *.ndjson   the lists, one row for each record
  dictionary.csv            the meaning and type of every column
  datapackage.json          the CSV files as a Frictionless Data Package
  dataset.jsonld            this data set in the terms of schema.org
  provenance.jsonld         who stated each status when, in the terms of PROV-O
  topics.jsonld             the topics in the terms of SKOS
  datacite.json             the metadata for a DOI (DataCite 4)
  CITATION.cff              how to cite this data set
  log.ndjson                the change log, one change on each line
  release.json              the facts above
  SHA256SUMS                the SHA-256 of every other file

Verify

  sha256sum --check SHA256SUMS
  clausewatch release --verify .

The first command compares the files with their checksums. The second command also computes the Merkle root of log.ndjson as
RFC 9162 defines it: SHA-256 of the byte 0 and a line without its line feed for a leaf, SHA-256 of the byte 1 and two hashes
for a node. If the database of the server is available, it also compares the files with the recorded release. The server
lists its releases, with their Merkle roots, in its API (the query `releases`) and at the address above.
",
        title = facts.title(),
        description = facts.description(),
        page = facts.page(),
        creators = facts.creators().join("; "),
        position = facts.point.position,
        instant = facts.instant(),
        day = facts.day(),
        root = facts.root,
    );
    PackageFile { name: "README.txt".to_owned(), content: text.into_bytes() }
}
