//! Packages of releases. A package is a folder of files that describe the data at one position of the change log.
//!
//! A package depends only on the log and on the request, so its bytes are the same on both kinds of database. It is
//! stored in the database when the release is recorded. Later commands write the stored bytes, because records can
//! change, and another version of the program may write other columns.

mod citation;
mod data_package;
mod datacite;
mod dataset;
mod folder;
mod provenance;
mod readme;
mod table;
mod topic;
mod verify;

use anyhow::{Context, bail};
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value as Json, json};
use url::Url;

use crate::db::release::{CHECKSUMS, LOG, PackageFile, log};
use crate::db::topic::Topic;
use crate::db::{self, Access, Db, LogPoint};
use crate::domain::day::INSTANT_FORMAT;
use crate::domain::merkle::Checksum;
use crate::domain::page_address::page_address;
use crate::domain::release::ReleaseContent;
use crate::export::Exports;
use crate::graphql::Executor;

pub use folder::{NewFolder, expect_unused};
pub use verify::{Findings, Recorded, verify};

use table::Table;

/// The file that identifies the release.
const RELEASE: &str = "release.json";

/// A request for a new release.
pub struct Request {
    /// The name, the title and the notes.
    pub content: ReleaseContent,
    /// The names of the creators, for citations. If it is empty, citations name the contributors of the server.
    pub creators: Vec<String>,
    /// The SPDX identifier of the licence of the data, such as `CC-BY-4.0`.
    pub license: Option<String>,
    /// The public address of the server, with a slash at the end.
    pub base: Url,
}

/// A package that is not recorded yet.
pub struct Package {
    /// The position and the time of the last log entry in the package.
    pub point: LogPoint,
    /// The Merkle root of the log.
    pub root: Checksum,
    /// The files, in order of name.
    pub files: Vec<PackageFile>,
}

/// The facts that the files share.
struct Facts<'a> {
    request: &'a Request,
    point: LogPoint,
    known_at: NaiveDateTime,
    root: Checksum,
    tables: Vec<Table>,
    topics: Vec<Topic>,
}

impl Facts<'_> {
    fn name(&self) -> &str {
        &self.request.content.name
    }

    fn title(&self) -> String {
        let title = self.request.content.title.clone();
        title.unwrap_or_else(|| format!("Clausewatch data, release {}", self.name()))
    }

    /// The notes of the release, or else a general description of the data.
    fn description(&self) -> String {
        let notes = self.request.content.notes.clone();
        notes.unwrap_or_else(|| {
            "Clauses of agreements, and proposals with their caveats. Each has a status, with its holder, time and \
             evidence."
                .to_owned()
        })
    }

    fn creators(&self) -> Vec<String> {
        if self.request.creators.is_empty() {
            vec![format!("Contributors of {}", self.publisher())]
        } else {
            self.request.creators.clone()
        }
    }

    /// The host of the server.
    fn publisher(&self) -> &str {
        self.request.base.host_str().unwrap_or("Clausewatch")
    }

    /// The time of the last change, as text.
    fn instant(&self) -> String {
        self.known_at.format(INSTANT_FORMAT).to_string()
    }

    /// The day of the last change. The statuses in the package are those at the end of this day.
    fn day(&self) -> NaiveDate {
        self.known_at.date()
    }

    /// The address of the page that lists the releases.
    fn page(&self) -> String {
        let mut page = page_address(&self.request.base, ["releases"]);
        page.set_fragment(Some(self.name()));
        page.into()
    }

    /// The rows of a table.
    fn rows(&self, name: &str) -> impl Iterator<Item = &Json> {
        let table = self.tables.iter().filter(move |table| table.name == name);
        table.flat_map(|table| &table.rows)
    }
}

/// A file with JSON text.
fn json_file(name: &str, value: &Json) -> anyhow::Result<PackageFile> {
    let mut content = serde_json::to_vec_pretty(value)?;
    content.push(b'\n');
    Ok(PackageFile { name: name.to_owned(), content })
}

/// The text of a value of a row. None if it is null.
fn text<'a>(row: &'a Json, column: &str) -> Option<&'a str> {
    row.get(column).and_then(Json::as_str)
}

/// Builds the package of the log as it is now. Records nothing. If the log grows meanwhile, the files may contain later
/// changes. In that case, recording the package fails.
///
/// # Errors
/// Fails if the log is empty, an export fails, or the database fails.
pub async fn build(
    database: &Db,
    executor: &Executor,
    exports: &Exports,
    request: &Request,
) -> anyhow::Result<Package> {
    let (point, root, topics, log) = {
        let mut session = database.session(Access::Read)?;
        let connection = session.read()?;
        let point = connection.log_point()?;
        let mut content = Vec::new();
        let root = log::write(connection, point.position, &mut content)?;
        let mut topics = db::topic::all(connection)?;
        topics.sort_by(|one, other| one.slug.cmp(&other.slug));
        (point, root, topics, PackageFile { name: LOG.to_owned(), content })
    };
    if point.position == 0 {
        bail!("the change log is empty: there is nothing to release");
    }
    let known_at = point.time().context("the time of the last change is out of range")?;
    let mut facts = Facts { request, point, known_at, root, tables: Vec::new(), topics };
    let (tables, mut files) = table::export(executor, exports, &facts).await?;
    facts.tables = tables;
    files.push(log);
    files.push(json_file(RELEASE, &identity(&facts))?);
    files.push(json_file("provenance.jsonld", &provenance::document(&facts))?);
    files.push(json_file("topics.jsonld", &topic::document(&facts))?);
    files.push(json_file("datapackage.json", &data_package::document(&facts, &files))?);
    files.push(json_file("datacite.json", &datacite::document(&facts))?);
    files.push(citation::file(&facts)?);
    files.push(readme::file(&facts));
    // Contains the checksums of the files above.
    files.push(json_file("dataset.jsonld", &dataset::document(&facts, &files))?);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files.push(folder::checksums(&files));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Package { point, root, files })
}

/// The content of `release.json`.
fn identity(facts: &Facts<'_>) -> Json {
    json!({
        "name": facts.name(),
        "title": facts.request.content.title,
        "notes": facts.request.content.notes,
        "position": facts.point.position,
        "knownAt": facts.instant(),
        "asOf": facts.day().to_string(),
        "merkleRoot": facts.root.to_string(),
        "creators": facts.creators(),
        "license": facts.request.license,
        "address": facts.request.base.as_str(),
    })
}
