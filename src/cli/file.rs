//! Files that commands make.

use std::path::Path;

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

/// Makes a file that is not there yet. It gets its name only when it is whole and on the disk; only its owner may read
/// it, since it has everything that the database has.
pub(super) fn create<T>(
    path: &Path,
    write: impl FnOnce(&mut NamedTempFile) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // A link that leads nowhere is there, too.
    if path.symlink_metadata().is_ok() {
        bail!("{} is there already, and is not overwritten", path.display());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(directory)
        .with_context(|| format!("cannot write to the folder {}", directory.display()))?;
    let value = write(&mut file)?;
    // What `write` did by the file's name is the same file.
    file.as_file().sync_all()?;
    file.persist_noclobber(path).with_context(|| format!("cannot create {}", path.display()))?;
    // The name is in the folder, which is written apart from the file.
    #[cfg(unix)]
    std::fs::File::open(directory)?.sync_all()?;
    Ok(value)
}
