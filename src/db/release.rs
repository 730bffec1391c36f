//! Releases: named positions of the change log, with the files of their packages. Triggers reject statements that
//! change or delete a release.

pub mod log;

use std::collections::BTreeMap;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::page::{Direction, List, Listing};
use super::rows::Lookup;
use super::schema::{changes, release_files, releases};
use super::sort::SortKey;
use super::transaction::lock_log;
use super::{DbConnection, Error, LogPoint, Session};
use crate::domain::id::ReleaseId;
use crate::domain::merkle::Checksum;
use crate::domain::release::ReleaseContent;
use crate::domain::{Kind, ValidationError, ValidationErrorCode, ValidationErrors, day};

/// The file with the checksums of the other files.
pub const CHECKSUMS: &str = "SHA256SUMS";
/// The file with the change log.
pub const LOG: &str = "log.ndjson";

/// Releases by name.
pub const BY_NAME: Lookup = Lookup { from: "releases WHERE", key: "releases.name", order: "" };

/// The files of releases, in order of name.
pub const FILES: Lookup = Lookup {
    from: "release_files WHERE",
    key: "release_files.release_id",
    order: "release_files.name",
};

/// A release.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = releases)]
pub struct Release {
    /// Primary key.
    pub id: ReleaseId,
    /// The name.
    pub name: String,
    /// The title of the data set.
    pub title: Option<String>,
    /// What a reader should know about the release.
    pub notes: Option<String>,
    /// The position in the log of the last change that the release contains.
    pub position: i32,
    /// The time of the last change that the release contains, in UTC.
    pub known_at: NaiveDateTime,
    /// The time when the release was recorded, in UTC.
    pub created_at: NaiveDateTime,
    /// The Merkle root of the log up to the position, in hexadecimal.
    pub merkle_root: String,
}

/// A file of a package, as it is stored.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = release_files)]
struct StoredFile {
    release_id: ReleaseId,
    name: String,
    bytes: i32,
    sha256: String,
    /// Compressed (zlib), in Base64.
    content: String,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// The name, without a folder.
    pub name: String,
    /// The content.
    pub content: Vec<u8>,
}

impl PackageFile {
    /// The SHA-256 of the content.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        Checksum::of(&self.content)
    }
}

impl StoredFile {
    fn new(release_id: ReleaseId, file: &PackageFile) -> Result<Self, Error> {
        let bytes = i32::try_from(file.content.len()).map_err(|_| {
            let message = format!(
                "{} has {} bytes; at most {} can be stored",
                file.name,
                file.content.len(),
                i32::MAX
            );
            ValidationError::new(ValidationErrorCode::OutOfRange, "files", message)
        })?;
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        let compressed = encoder.write_all(&file.content).and_then(|()| encoder.finish());
        let compressed =
            compressed.map_err(|failure| Error::Internal(format!("{}: {failure}", file.name)))?;
        Ok(Self {
            release_id,
            name: file.name.clone(),
            bytes,
            sha256: file.checksum().to_string(),
            content: STANDARD.encode(compressed),
        })
    }

    /// The file with its content. None if the file is damaged: its name is invalid, or its content does not have the
    /// stored length and checksum.
    fn unpack(self) -> Option<PackageFile> {
        let compressed = STANDARD.decode(&self.content).ok()?;
        let length = u64::try_from(self.bytes).ok()?;
        let mut content = Vec::new();
        // The limit keeps damaged content from filling the memory.
        let decoder = ZlibDecoder::new(compressed.as_slice());
        decoder.take(length.saturating_add(1)).read_to_end(&mut content).ok()?;
        let file = PackageFile { name: self.name, content };
        let is_intact = is_file_name(&file.name)
            && u64::try_from(file.content.len()) == Ok(length)
            && file.checksum().to_string() == self.sha256;
        is_intact.then_some(file)
    }
}

/// Whether a text is the name of a file in a package: ASCII letters and digits, dots, hyphens and underscores, without a dot at
/// the start. Other names could lead out of the folder of the package.
fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// All releases, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseList;

impl List for ReleaseList {
    const KIND: Kind = Kind::Release;
    const ID: &'static str = "releases.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::id("releases.id")] }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        Listing { direction: Direction::Descending, ..Listing::of("releases", self.sort_keys()) }
    }
}

/// All releases, newest first.
///
/// # Errors
/// Database errors.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Release>, Error> {
    Ok(releases::table.order(releases::id.desc()).select(Release::as_select()).load(connection)?)
}

/// The release with this name.
///
/// # Errors
/// Database errors.
pub fn by_name(connection: &mut DbConnection, name: &str) -> Result<Option<Release>, Error> {
    // PostgreSQL rejects texts with NUL.
    if name.contains('\0') {
        return Ok(None);
    }
    let release = releases::table.filter(releases::name.eq(name)).select(Release::as_select());
    Ok(release.first(connection).optional()?)
}

/// The files of a release, in order of name.
///
/// # Errors
/// A stored file is damaged; database errors.
pub fn files(connection: &mut DbConnection, release: &Release) -> Result<Vec<PackageFile>, Error> {
    let names = checksums(connection, release)?.into_iter().map(|(name, _)| name);
    let files = names.map(|name| {
        stored_file(connection, release, &name)?.ok_or_else(|| {
            Error::Internal(format!(
                "the stored file {name} of the release {} is damaged; restore a backup",
                release.name
            ))
        })
    });
    files.collect()
}

/// A stored file of a release. None if the file is damaged.
fn stored_file(
    connection: &mut DbConnection,
    release: &Release,
    name: &str,
) -> Result<Option<PackageFile>, Error> {
    let files = release_files::table.filter(release_files::release_id.eq(release.id));
    let file = files.filter(release_files::name.eq(name)).select(StoredFile::as_select());
    let file: Option<StoredFile> = file.first(connection).optional()?;
    Ok(file.and_then(StoredFile::unpack))
}

/// The names and checksums of the files of a release, in order of name.
///
/// # Errors
/// Database errors.
pub fn checksums(
    connection: &mut DbConnection,
    release: &Release,
) -> Result<Vec<(String, String)>, Error> {
    let files = release_files::table.filter(release_files::release_id.eq(release.id));
    let columns = (release_files::name, release_files::sha256);
    Ok(files.order(release_files::name).select(columns).load(connection)?)
}

/// The result of recording a release.
pub enum Outcome {
    /// The release was recorded.
    Recorded(Release),
    /// Nothing was recorded, because the log has grown since the files were made.
    Outdated,
}

/// Records a release of the log up to `point`, with its files, unless the log has grown beyond `point`.
///
/// # Errors
/// The content is invalid, or the name is taken; database errors.
pub fn record(
    session: &mut Session,
    content: &ReleaseContent,
    point: LogPoint,
    root: Checksum,
    files: &[PackageFile],
) -> Result<Outcome, Error> {
    let mut errors = ValidationErrors::default();
    content.check(&mut errors);
    errors.into_result()?;
    let out_of_range = |message: &str| Error::Internal(format!("the end of the log: {message}"));
    let release = Release {
        id: ReleaseId::new(),
        name: content.name.clone(),
        title: content.title.clone(),
        notes: content.notes.clone(),
        position: i32::try_from(point.position)
            .map_err(|_| out_of_range("its position is larger than the largest Int"))?,
        known_at: point.time().ok_or_else(|| out_of_range("its time is out of range"))?,
        created_at: day::now(),
        merkle_root: root.to_string(),
    };
    let rows = files.iter().map(|file| StoredFile::new(release.id, file));
    let rows = rows.collect::<Result<Vec<_>, Error>>()?;
    session.write_unlogged(|connection| {
        lock_log(connection)?;
        if by_name(connection, &release.name)?.is_some() {
            let message = format!("there is already a release {}", release.name);
            return Err(
                ValidationError::new(ValidationErrorCode::Duplicate, "name", message).into()
            );
        }
        if connection.log_point()? != point {
            return Ok(Outcome::Outdated);
        }
        diesel::insert_into(releases::table).values(&release).execute(connection)?;
        // Inserts the files one by one, because they can be large.
        for row in &rows {
            diesel::insert_into(release_files::table).values(row).execute(connection)?;
        }
        Ok(Outcome::Recorded(release.clone()))
    })
}

/// Describes in a sentence each difference between a release and the log, and each damaged, missing or additional file.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    let mut recorded = all(connection)?;
    recorded.sort_by_key(|release| release.position);
    let positions: Vec<i64> = recorded.iter().map(|release| i64::from(release.position)).collect();
    let roots = log::roots(connection, &positions)?;
    for (release, root) in recorded.iter().zip(roots) {
        let Release { name, position, merkle_root: expected, .. } = release;
        let time = changes::table.find(i64::from(*position)).select(changes::recorded_at);
        let time: Option<NaiveDateTime> = time.first(connection).optional()?;
        if time != Some(release.known_at) {
            differences.push(format!(
                "release {name}: the change at its position {position} has another time, or does not exist"
            ));
        }
        let root = root.to_string();
        if root != *expected {
            differences.push(format!(
                "release {name}: the Merkle root of the log up to {position} is {root}, expected {expected}"
            ));
        }
        let file_differences = file_differences(connection, release)?.into_iter();
        differences
            .extend(file_differences.map(|difference| format!("release {name}: {difference}")));
    }
    Ok(differences)
}

/// Describes each damaged, missing or additional file of a release, and a stored log with an unexpected Merkle root.
fn file_differences(
    connection: &mut DbConnection,
    release: &Release,
) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    let stored: BTreeMap<String, String> = checksums(connection, release)?.into_iter().collect();
    if !stored.contains_key(CHECKSUMS) {
        differences.push(format!("the stored file {CHECKSUMS} is missing"));
    }
    // Reads the files one by one, because they can be large.
    for name in stored.keys() {
        let Some(file) = stored_file(connection, release, name)? else {
            differences.push(format!("the stored file {name} is damaged"));
            continue;
        };
        if name == CHECKSUMS {
            let list = String::from_utf8_lossy(&file.content);
            differences.extend(list_differences(&list, &stored));
        }
        if name == LOG {
            let (root, expected) = (log::root_of(&file.content).to_string(), &release.merkle_root);
            if root != *expected {
                differences.push(format!(
                    "the Merkle root of the stored file {LOG} is {root}, expected {expected}"
                ));
            }
        }
    }
    Ok(differences)
}

/// Describes each difference between the content of `SHA256SUMS` and the stored checksums, which are keyed by file name.
fn list_differences(list: &str, stored: &BTreeMap<String, String>) -> Vec<String> {
    let entries = list.lines().filter_map(|line| line.split_once("  "));
    let listed: BTreeMap<&str, &str> = entries.map(|(checksum, name)| (name, checksum)).collect();
    let missing = listed.keys().filter(|name| !stored.contains_key(**name));
    let mut differences: Vec<String> = missing
        .map(|name| format!("the stored file {name} is missing, but {CHECKSUMS} lists it"))
        .collect();
    for (name, checksum) in stored {
        if name == CHECKSUMS {
            continue;
        }
        match listed.get(name.as_str()) {
            None => differences.push(format!("{CHECKSUMS} does not list the stored file {name}")),
            Some(other) if *other != checksum => {
                differences.push(format!(
                    "the stored file {name} has the SHA-256 {checksum}, but {CHECKSUMS} states {other}"
                ));
            }
            Some(_) => {}
        }
    }
    differences
}
