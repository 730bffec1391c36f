//! `clausewatch release`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::progress;
use crate::config::Config;
use crate::db::release::Outcome;
use crate::db::{Access, Db};
use crate::domain::release::ReleaseContent;
use crate::domain::{ValidationErrors, text};
use crate::export::Exports;
use crate::graphql::{Executor, ReadAccess};
use crate::release::{self, NewFolder, Recorded, Request};
use crate::{db, export};

/// The maximum number of attempts to record a release. An attempt fails if the database is written to meanwhile.
const ATTEMPTS: usize = 5;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Name of the release, such as 2026-11. If the release exists, its package is written again, with the same bytes. A new
    /// release requires --public-url.
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "verify"])]
    name: Option<String>,
    /// Title of the data set, for citations.
    #[arg(long, requires = "name")]
    title: Option<String>,
    /// What readers should know about this release.
    #[arg(long, requires = "name")]
    notes: Option<String>,
    /// Creator of the data set, for citations. Can be repeated. Default: the contributors of the server.
    #[arg(long, value_name = "NAME", requires = "name")]
    creator: Vec<String>,
    /// Licence of the data: an SPDX identifier such as CC-BY-4.0.
    #[arg(long, value_name = "SPDX", requires = "name")]
    license: Option<String>,
    /// The folder to write to. It must be empty or missing. Default: clausewatch-NAME.
    #[arg(long, value_name = "FOLDER", requires = "name")]
    into: Option<PathBuf>,
    /// List the releases, newest first.
    #[arg(long, conflicts_with_all = ["name", "verify"])]
    list: bool,
    /// Verify a package: compare its files with its checksums, its change log with its Merkle root, and both with the
    /// release in the database.
    #[arg(long, value_name = "FOLDER", conflicts_with = "name")]
    verify: Option<PathBuf>,
}

/// Records a release and writes its package, lists the releases, or verifies a package.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    match (&arguments.name, &arguments.verify) {
        (Some(name), _) => write(config, arguments, name),
        (None, Some(folder)) => verify(config, folder),
        (None, None) => list(config),
    }
}

fn open(config: &Config) -> anyhow::Result<Db> {
    let location = config.location()?;
    location.expect_present()?;
    Db::open(&location, 2).with_context(|| format!("cannot open the database {location}"))
}

fn list(config: &Config) -> anyhow::Result<()> {
    let releases = db::release::all(open(config)?.session(Access::Read)?.read()?)?;
    let mut out = std::io::stdout();
    for release in releases {
        let known_at = release.known_at.format("%Y-%m-%dT%H:%M:%SZ");
        let title = release.title.map(|title| format!("  {title}")).unwrap_or_default();
        writeln!(
            out,
            "{}  {known_at}  position {}  {}{title}",
            release.name, release.position, release.merkle_root
        )?;
    }
    Ok(())
}

fn write(config: &Config, arguments: &Arguments, name: &str) -> anyhow::Result<()> {
    let content = content(arguments, name)?;
    let folder = arguments.into.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(format!("clausewatch-{name}")));
    release::expect_unused(&folder)?;
    let db = open(config)?;
    let existing = {
        let mut session = db.session(Access::Read)?;
        let connection = session.read()?;
        let existing = db::release::by_name(connection, name)?;
        existing.map(|release| db::release::files(connection, &release)).transpose()?
    };
    let mut out = std::io::stdout();
    let folder_name = folder.display();
    let Some(files) = existing else {
        let base = config.public_url.clone().context(
            "a new release requires --public-url (CLAUSEWATCH_PUBLIC_URL), the public address of the server, such as \
             https://treaties.example/: the files of the release contain it, and are never changed",
        )?;
        let (creators, license) = (arguments.creator.clone(), arguments.license.clone());
        let request = Request { content, creators, license, base };
        let (position, root, files) =
            progress::show("releasing", || record(config, &db, &request, &folder))?;
        return Ok(writeln!(
            out,
            "Recorded the release {name}: the change log up to position {position}, with the Merkle root {root}.\n\
             {files} files in {folder_name}"
        )?);
    };
    if arguments.title.is_some()
        || arguments.notes.is_some()
        || arguments.license.is_some()
        || !arguments.creator.is_empty()
    {
        bail!(
            "the release {name} exists, and releases are never changed: omit --title, --notes, --creator and --license \
             to write its package again, or choose another name"
        );
    }
    NewFolder::write(&folder, &files)?.publish()?;
    Ok(writeln!(out, "The release {name} exists.\n{} files in {folder_name}", files.len())?)
}

/// The content of the new release. Rejects invalid arguments.
fn content(arguments: &Arguments, name: &str) -> anyhow::Result<ReleaseContent> {
    let content = ReleaseContent {
        name: name.to_owned(),
        title: arguments.title.clone(),
        notes: arguments.notes.clone(),
    };
    let mut errors = ValidationErrors::default();
    content.check(&mut errors);
    for creator in &arguments.creator {
        text::check_name(&mut errors, "creator", creator, text::MAX_LINE);
    }
    errors.into_result().map_err(db::Error::from)?;
    let is_identifier = |text: &String| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
    };
    if let Some(license) = arguments.license.as_ref().filter(|license| !is_identifier(license)) {
        bail!(
            "--license {}: this is not an SPDX identifier, such as CC-BY-4.0",
            text::quote(license)
        );
    }
    Ok(content)
}

/// Records a release and writes its package. Returns the position in the change log, the Merkle root, and the number of
/// files.
fn record(
    config: &Config,
    db: &Db,
    request: &Request,
    folder: &Path,
) -> anyhow::Result<(i64, String, usize)> {
    let executor = Executor::new(db.clone(), ReadAccess::Public).map_err(anyhow::Error::msg)?;
    let executor = executor.with_limits(config.limits.clone());
    let limits = export::ExportLimits::default();
    let exports = Exports::new(&executor, limits.into()).map_err(anyhow::Error::msg)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    for _ in 0..ATTEMPTS {
        let package = runtime.block_on(release::build(db, &executor, &exports, request))?;
        // The files are written to a temporary folder before the release is recorded, and moved to `folder` afterwards.
        let written = NewFolder::write(folder, &package.files)?;
        let mut session = db.session(Access::Write)?;
        let content = &request.content;
        let outcome = db::release::record(
            &mut session,
            content,
            package.point,
            package.root,
            &package.files,
        )?;
        if let Outcome::Recorded(release) = outcome {
            written.publish().with_context(|| {
                format!(
                    "the release {0} is recorded; repeat the command to write its package",
                    release.name
                )
            })?;
            return Ok((package.point.position, release.merkle_root, package.files.len()));
        }
    }
    Err(anyhow!(
        "the database was written to during each of {ATTEMPTS} attempts: repeat the command when fewer changes are made"
    ))
}

fn verify(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let location = config.location()?;
    let db = match location.expect_present() {
        Ok(()) => Some(open(config)?),
        Err(_) => None,
    };
    let find = |name: &str| -> anyhow::Result<Option<Recorded>> {
        let Some(db) = &db else { return Ok(None) };
        let mut session = db.session(Access::Read)?;
        let connection = session.read()?;
        let Some(release) = db::release::by_name(connection, name)? else { return Ok(None) };
        let checksums = db::release::checksums(connection, &release)?;
        Ok(Some(Recorded { release, checksums }))
    };
    let findings = release::verify(folder, find)?;
    let mut out = std::io::stdout();
    for difference in &findings.differences {
        writeln!(out, "{difference}")?;
    }
    let folder = folder.display();
    if !findings.differences.is_empty() {
        bail!("{folder} has changed: {} differences", findings.differences.len());
    }
    let (Some(name), Some(root)) = (findings.name, findings.root) else {
        bail!("{folder} is not the folder of a release: release.json or log.ndjson is missing");
    };
    writeln!(
        out,
        "{folder} is the release {name}, unchanged: {} files, and a change log with the Merkle root {root}.",
        findings.files
    )?;
    if findings.is_recorded {
        writeln!(out, "It equals the release in the database {location}.")?;
    } else if db.is_some() {
        writeln!(out, "It was not compared with a database: {location} has no release {name}.")?;
    } else {
        writeln!(out, "It was not compared with a database: there is none at {location}.")?;
    }
    Ok(())
}
