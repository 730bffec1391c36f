//! Reads the files of dossiers, from the disk or embedded in the program.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rust_embed::RustEmbed;

use crate::domain::text;

/// A dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path, for messages.
    pub name: String,
    /// The text.
    pub text: String,
}

impl File {
    /// The dossier with normalized line ends.
    pub(super) fn tidied(&self) -> Self {
        Self { name: self.name.clone(), text: text::tidy(&self.text).into_owned() }
    }
}

/// The reason why dossiers could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A path does not exist.
    #[error("{}: there is no such file or folder", .0.display())]
    Missing(PathBuf),
    /// The file or folder cannot be read.
    #[error("{}: cannot be read: {}", .0.display(), .1)]
    Unreadable(PathBuf, #[source] io::Error),
    /// The file is not UTF-8. The number is the offset of the first invalid byte.
    #[error("{}: is not UTF-8 text; the first invalid byte is at offset {}", .0.display(), .1)]
    NotText(PathBuf, usize),
    /// The folder contains no dossiers.
    #[error("{}: the folder has no dossier (a file whose name ends in .toml)", .0.display())]
    NoDossier(PathBuf),
}

/// Reads dossiers. A path is a file of any name, or a folder, which is searched recursively for `*.toml` in order of name.
/// Follows symbolic links. Reads each file only once. Skips special files, such as named pipes, with a warning.
///
/// # Errors
/// The first path that is missing, cannot be read, is not UTF-8, or is a folder without dossiers.
pub fn read(paths: &[PathBuf]) -> Result<Vec<File>, ReadError> {
    let mut files = Vec::new();
    let mut searched = HashSet::new();
    for path in paths {
        let is_folder = metadata(path)?.is_dir();
        let before = files.len();
        if is_folder {
            search(path, &mut searched, &mut files)?;
        } else {
            files.push(path.clone());
        }
        if files.len() == before {
            return Err(ReadError::NoDossier(path.clone()));
        }
    }
    let mut seen = HashSet::new();
    files.retain(|path| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    files.iter().map(|path| read_file(path)).collect()
}

fn metadata(path: &Path) -> Result<fs::Metadata, ReadError> {
    fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ReadError::Missing(path.to_owned()),
        _ => ReadError::Unreadable(path.to_owned(), error),
    })
}

/// Searches a folder, unless it is in `searched`, because links can form cycles.
fn search(
    folder: &Path,
    searched: &mut HashSet<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> Result<(), ReadError> {
    let unreadable = |error| ReadError::Unreadable(folder.to_owned(), error);
    if !searched.insert(fs::canonicalize(folder).map_err(unreadable)?) {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(unreadable)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    for path in paths {
        let is_dossier = path.extension().is_some_and(|extension| extension == "toml");
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => search(&path, searched, files)?,
            _ if !is_dossier => {}
            Ok(metadata) if !metadata.is_file() => {
                tracing::warn!("{} is skipped: it is not a file", path.display());
            }
            // Files that cannot be opened cause an error when they are read.
            _ => files.push(path),
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<File, ReadError> {
    let bytes = fs::read(path).map_err(|error| ReadError::Unreadable(path.to_owned(), error))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| ReadError::NotText(path.to_owned(), error.utf8_error().valid_up_to()))?;
    Ok(File { name: path.display().to_string(), text })
}

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/data"]
struct Shipped;

/// The dossiers that are embedded in the program, in order of name. Names start with `data/`.
#[must_use]
pub fn embedded() -> Vec<File> {
    let mut names: Vec<_> = Shipped::iter().filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    let file = |name: &str| {
        let text = String::from_utf8_lossy(&Shipped::get(name)?.data).into_owned();
        Some(File { name: format!("data/{name}"), text })
    };
    names.iter().filter_map(|name| file(name)).collect()
}
