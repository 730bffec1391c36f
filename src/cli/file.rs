//! Output files of commands.

use std::path::Path;

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// Creates a file. Fails if it exists. The file appears under its name only after it is complete and on the disk. Only
/// its owner may read it, because it may contain secrets.
pub(super) fn create<T>(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // `symlink_metadata` also finds broken links.
    if path.symlink_metadata().is_ok() {
        bail!("{} already exists and is not overwritten", path.display());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(directory)
        .with_context(|| format!("cannot write to the folder {}", directory.display()))?;
    let value = write(&mut file)?;
    // Syncs all data of the file, even data that `write` wrote through another handle.
    file.as_file().sync_all()?;
    file.persist_noclobber(path).with_context(|| format!("cannot create {}", path.display()))?;
    // The name is stored in the folder, which must be synced separately.
    #[cfg(unix)]
    std::fs::File::open(directory)?.sync_all()?;
    Ok(value)
}
