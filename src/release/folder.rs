//! The folder of a package.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::TempDir;

use super::CHECKSUMS;
use crate::db::release::PackageFile;

/// Rejects a folder that has content, because nothing is overwritten.
///
/// # Errors
/// The folder is not empty, or is not a folder.
pub fn expect_unused(folder: &Path) -> anyhow::Result<()> {
    // `symlink_metadata` also finds broken links.
    if folder.symlink_metadata().is_err() {
        return Ok(());
    }
    let is_empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !is_empty {
        bail!("{} is not an empty folder: nothing is overwritten", folder.display());
    }
    Ok(())
}

/// A complete package in a temporary folder beside its target. Dropping the value deletes the temporary folder.
pub struct NewFolder {
    staging: TempDir,
    target: PathBuf,
}

impl NewFolder {
    /// Writes the files.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(target: &Path, files: &[PackageFile]) -> anyhow::Result<Self> {
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
        let staging = tempfile::Builder::new().prefix(".clausewatch-release-").tempdir_in(parent);
        let staging =
            staging.with_context(|| format!("cannot write to the folder {}", parent.display()))?;
        let folder = Self { staging, target: target.to_owned() };
        let content = folder.content();
        // The temporary folder is readable only by its owner. The folder inside it has the usual permissions.
        fs::create_dir(&content)?;
        for PackageFile { name, content: bytes } in files {
            let path = content.join(name);
            let write = || {
                let mut file = File::create_new(&path)?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().with_context(|| format!("cannot write {name} to {}", parent.display()))?;
        }
        Ok(folder)
    }

    fn content(&self) -> PathBuf {
        self.staging.path().join("package")
    }

    /// Moves the package to its target.
    ///
    /// # Errors
    /// The target now exists and is not an empty folder.
    pub fn publish(self) -> anyhow::Result<()> {
        let target = &self.target;
        // Not every system allows a rename to replace an empty folder.
        if target.is_dir() {
            fs::remove_dir(target)
                .with_context(|| format!("cannot replace {}", target.display()))?;
        }
        fs::rename(self.content(), target)
            .with_context(|| format!("cannot create {}", target.display()))
    }
}

/// The checksums of these files, in the format of `sha256sum`.
pub(super) fn checksums(files: &[PackageFile]) -> PackageFile {
    let lines = files.iter().fold(String::new(), |mut lines, file| {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{}  {}", file.checksum(), file.name);
        lines
    });
    PackageFile { name: CHECKSUMS.to_owned(), content: lines.into_bytes() }
}
