//! Verifying a folder: its checksums, its Merkle root, and the recorded release.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{CHECKSUMS, LOG, RELEASE};
use crate::db::release::Release;
use crate::domain::merkle::{Checksum, MerkleTree};
use crate::domain::text::quote;

/// The facts of `release.json` that can be verified.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    name: String,
    position: u64,
    merkle_root: String,
}

/// A release in the database.
pub struct Recorded {
    /// The release.
    pub release: Release,
    /// The names and checksums of its files.
    pub checksums: Vec<(String, String)>,
}

/// The result of verifying a folder.
pub struct Findings {
    /// The name in `release.json`. None if it cannot be read.
    pub name: Option<String>,
    /// The Merkle root of `log.ndjson`. None if the file is missing.
    pub root: Option<Checksum>,
    /// The number of files, without `SHA256SUMS`.
    pub files: usize,
    /// Whether the database has a release of this name.
    pub is_recorded: bool,
    /// A sentence for each difference.
    pub differences: Vec<String>,
}

/// Computes the checksums of the files and the Merkle root of the log, and compares them with `SHA256SUMS`, with
/// `release.json`, and with the recorded release. `find` returns the recorded release with a given name.
///
/// # Errors
/// Fails if the folder is not a package, a file cannot be read, or `find` returns an error.
pub fn verify(
    folder: &Path,
    find: impl FnOnce(&str) -> anyhow::Result<Option<Recorded>>,
) -> anyhow::Result<Findings> {
    let list = fs::read_to_string(folder.join(CHECKSUMS)).with_context(|| {
        format!(
            "{} is not the folder of a release: cannot read its file {CHECKSUMS}",
            folder.display()
        )
    })?;
    let mut differences = Vec::new();
    let actual = actual_checksums(folder)?;
    let listed = listed_checksums(&list, &mut differences);
    for (name, expected) in &listed {
        match actual.get(name) {
            None => differences.push(format!("{name}: the file is missing")),
            Some(actual) if actual != expected => differences.push(format!(
                "{name}: its SHA-256 is {actual}, but {CHECKSUMS} states {expected}"
            )),
            Some(_) => {}
        }
    }
    for name in actual.keys().filter(|name| *name != CHECKSUMS && !listed.contains_key(*name)) {
        differences.push(format!("{name}: the file is not in {CHECKSUMS}"));
    }
    let identity = identity(folder, &mut differences);
    let tree = merkle_tree(folder)?;
    if let (Some(identity), Some(tree)) = (&identity, &tree) {
        compare_log(identity, tree, &mut differences);
    }
    let root = tree.map(|tree| tree.root());
    let recorded = match &identity {
        Some(identity) => find(&identity.name)?,
        None => None,
    };
    if let Some(recorded) = &recorded {
        compare_recorded(recorded, &actual, root, &mut differences);
    }
    Ok(Findings {
        name: identity.map(|identity| identity.name),
        root,
        files: listed.len(),
        is_recorded: recorded.is_some(),
        differences,
    })
}

/// The checksums of the files in the folder, keyed by name.
fn actual_checksums(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut checksums = BTreeMap::new();
    let entries = fs::read_dir(folder);
    for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            bail!("{} contains the folder {}: a release has none", folder.display(), quote(&name));
        }
        let content = fs::read(entry.path()).with_context(|| format!("cannot read {name}"))?;
        checksums.insert(name, Checksum::of(&content).to_string());
    }
    Ok(checksums)
}

/// The checksums in `SHA256SUMS`, keyed by name.
fn listed_checksums(list: &str, differences: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut checksums = BTreeMap::new();
    for (number, line) in (1..).zip(list.lines()) {
        let entry = line.split_once("  ").filter(|(checksum, name)| {
            checksum.len() == 64
                && checksum.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !name.is_empty()
                && !name.contains(['/', '\\'])
        });
        match entry {
            Some((checksum, name)) => {
                checksums.insert(name.to_owned(), checksum.to_ascii_lowercase());
            }
            None => differences.push(format!(
                "{CHECKSUMS}: line {number} is {}, not a SHA-256, two spaces and the name of a file",
                quote(line)
            )),
        }
    }
    checksums
}

/// The facts of `release.json`. None if they cannot be read.
fn identity(folder: &Path, differences: &mut Vec<String>) -> Option<Identity> {
    // A missing file is reported when the files are compared with the checksums.
    let content = fs::read(folder.join(RELEASE)).ok()?;
    match serde_json::from_slice(&content) {
        Ok(identity) => Some(identity),
        Err(error) => {
            differences.push(format!("{RELEASE}: {error}"));
            None
        }
    }
}

/// The Merkle tree of the lines of the log. None if the file is missing.
fn merkle_tree(folder: &Path) -> anyhow::Result<Option<MerkleTree>> {
    let Ok(file) = File::open(folder.join(LOG)) else { return Ok(None) };
    let mut tree = MerkleTree::default();
    for line in BufReader::new(file).split(b'\n') {
        tree.push(&line.with_context(|| format!("cannot read {LOG}"))?);
    }
    Ok(Some(tree))
}

fn compare_log(identity: &Identity, tree: &MerkleTree, differences: &mut Vec<String>) {
    if tree.leaf_count() != identity.position {
        differences.push(format!(
            "{LOG}: it has {} lines, but {RELEASE} states the position {}",
            tree.leaf_count(),
            identity.position
        ));
    }
    let root = tree.root().to_string();
    if root != identity.merkle_root {
        differences.push(format!(
            "{LOG}: its Merkle root is {root}, but {RELEASE} states {}",
            identity.merkle_root
        ));
    }
}

fn compare_recorded(
    recorded: &Recorded,
    actual: &BTreeMap<String, String>,
    root: Option<Checksum>,
    differences: &mut Vec<String>,
) {
    let Recorded { release, checksums } = recorded;
    let root = root.map(|root| root.to_string());
    if root.as_ref().is_some_and(|root| *root != release.merkle_root) {
        differences.push(format!(
            "{LOG}: the database records the Merkle root {} for the release {}",
            release.merkle_root, release.name
        ));
    }
    let mut expected = BTreeMap::new();
    for (name, checksum) in checksums {
        expected.insert(name, checksum);
        if actual.get(name).is_some_and(|actual| actual != checksum) {
            differences.push(format!(
                "{name}: the database records the SHA-256 {checksum} for the release {}",
                release.name
            ));
        }
        if !actual.contains_key(name) {
            differences.push(format!("{name}: the file is missing, but the database records it"));
        }
    }
    for name in actual.keys().filter(|name| !expected.contains_key(name)) {
        differences.push(format!("{name}: the database does not record the file"));
    }
}
