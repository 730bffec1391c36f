//! Releases.

use super::engine::connection::connection_types;
use super::engine::link::{many, one_by_argument};
use super::engine::reader::{id, instant, integer, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use crate::db::release::{BY_NAME, FILES, ReleaseList};
use crate::db::rows::Column;
use crate::domain::Kind;

const ID: Column = "releases.id";

pub const RECORDS: [Record; 1] = [Record::new(Kind::Release, "Release", "releases", ID)];

pub fn objects() -> Vec<Object> {
    let release = Object::new("Release", "A release of the data: a named position in the change log, and the files of the package that contains the data at this position. Releases are never changed or deleted. Added on 2026-11-30.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Release, ID))
        .field("name", "Name, such as `2026-11`. Unique among releases. Pass it as `knownAtRelease`.", text("releases.name"))
        .field("title", "Title of the data set. Null if none is stated.", text("releases.title").nullable())
        .field("notes", "What a reader should know about this release. Null if nothing is stated.", text("releases.notes").nullable())
        .field("position", "Position of the last change of the release in the change log.", integer("releases.position"))
        .field("knownAt", "Time of the last change of the release. `knownAtRelease` uses what had been recorded by this time.", instant("releases.known_at"))
        .field("createdAt", "Time when the release was recorded.", instant("releases.created_at"))
        .field("merkleRoot", "Root of the Merkle tree of the change log up to `position`: the SHA-256 tree hash of RFC 9162 over the lines of the file `log.ndjson`. 64 hexadecimal digits.", text("releases.merkle_root"))
        .field("files", "Files of the package, in order of name.", many("[ReleaseFile!]!", "ReleaseFile", ID, FILES));
    let file = Object::new(
        "ReleaseFile",
        "A file of a release, written by `clausewatch release NAME`. Added on 2026-11-30.",
    )
    .field("name", "Name, such as `clauses.csv`.", text("release_files.name"))
    .field("bytes", "Length in bytes.", integer("release_files.bytes"))
    .field(
        "sha256",
        "SHA-256 of the content. 64 hexadecimal digits.",
        text("release_files.sha256"),
    );
    connection_types!("Release").with([release, file])
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "release",
            "Release with this name. Null if it does not exist. Added on 2026-11-30.",
            // Releases are not in the change log.
            one_by_argument("Release", "name", BY_NAME)
                .argument::<String>("name", "Name of the release, such as `2026-11`.")
                .unlogged(),
        )
        .field(
            "releases",
            "Releases of the data, newest first. Added on 2026-11-30.",
            connection("ReleaseConnection", "Release", None, |_| Ok(ReleaseList)).unlogged(),
        )
}
