//! One export: its parameters, its entity tag and its file.

use std::fmt::Write as _;
use std::io::{self, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::column::{Column, Context};
use super::format::{Format, RowWriter, Sheet};
use super::{CancelOnDrop, ExportLimits, Exports, PreparedList, dictionary};
use crate::domain::day;
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::graphql::{Code, Conditions, Error, Executor, LogPoint, PageReader};

/// The maximum size of a file in memory, in bytes. Longer files are written to disk.
const MAX_IN_MEMORY: usize = 1 << 20;
/// The maximum length of a file name without its extension.
const MAX_NAME: usize = 100;

/// A request for an export.
pub struct Export {
    /// The name of the list.
    pub name: String,
    /// The file format.
    pub format: Format,
    /// The names and values of the parameters.
    pub parameters: Vec<(String, String)>,
    /// The public address of the server, with a slash at the end.
    pub base: Url,
    /// The entity tags of files that the client has.
    pub conditions: Conditions,
}

/// The result of an export.
pub struct ExportOutcome {
    /// The entity tag, with its quotes.
    pub entity_tag: String,
    /// The name of the file.
    pub file_name: String,
    /// The file. None if the client already has it.
    pub file: Option<ExportFile>,
}

/// A finished file, ready to be read from the start.
pub struct ExportFile {
    /// The content.
    pub content: SpooledTempFile,
    /// The length in bytes.
    pub length: u64,
    /// The permit, which must be kept until the client has received the file. None if the file is in memory.
    pub permit: Option<OwnedSemaphorePermit>,
}

impl ExportFile {
    fn new(mut content: SpooledTempFile, limits: &ExportLimits) -> Result<Self, Error> {
        let permit = content.is_rolled().then(|| limits.keep_file()).transpose()?;
        let length = content.seek(io::SeekFrom::End(0)).map_err(|failure| write_error(&failure))?;
        content.rewind().map_err(|failure| write_error(&failure))?;
        Ok(Self { content, length, permit })
    }
}

impl Exports {
    /// Writes the file of an export. None if no list has this name.
    ///
    /// # Errors
    /// Fails if a parameter is invalid, the viewer may not read, or the file cannot be written.
    pub async fn run(
        &self,
        executor: &Executor,
        mut export: Export,
        credential: &Credential,
    ) -> Result<Option<ExportOutcome>, Error> {
        let has_mark = take_bom(&mut export)?;
        if export.name == dictionary::NAME {
            executor.check_access(credential).await?;
            return self.dictionary(&export, has_mark).map(Some);
        }
        let Some(PreparedList { list, document }) = self.list(&export.name) else {
            return Ok(None);
        };
        let variables = document.variables(&export.parameters)?;
        let file_name = file_name(&export, &variables);
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let _cancel = CancelOnDrop(is_cancelled.clone());
        let _running = self.limits.run().await?;
        let writer = ExportWriter {
            key: key(&export, has_mark),
            explanations: dictionary::rows(list, document),
            columns: list.columns().collect(),
            context: Context { base: export.base, view: view(&variables) },
            conditions: export.conditions,
            format: export.format,
            has_mark,
            is_cancelled,
            entity_tag: String::new(),
            writer: None,
            limits: self.limits.clone(),
        };
        let document = document.clone();
        let written = executor.read_whole_list(document, variables, credential, writer);
        let (entity_tag, file) = written.await?;
        Ok(Some(ExportOutcome { entity_tag, file_name, file }))
    }

    /// The data dictionary as a file.
    fn dictionary(&self, export: &Export, has_mark: bool) -> Result<ExportOutcome, Error> {
        if let Some((name, _)) = export.parameters.first() {
            let message = format!("the data dictionary has no parameter {}", quote(name));
            return Err(Code::BadUserInput.error(message));
        }
        let entity_tag = entity_tag(&key(export, has_mark), None);
        let is_not_modified = export.conditions.has(&entity_tag);
        let file_name = format!("clausewatch-{}.{}", dictionary::NAME, export.format.extension());
        let write = || {
            let file = SpooledTempFile::new(MAX_IN_MEMORY);
            let sheet = Sheet { columns: &dictionary::COLUMNS, explanations: &[] };
            let mut writer = RowWriter::new(export.format, &sheet, has_mark, file)?;
            for PreparedList { list, document } in &self.lists {
                for row in dictionary::rows(list, document) {
                    writer.write(&row)?;
                }
            }
            writer.finish()
        };
        let file = (!is_not_modified).then(write).transpose();
        let file = file.map_err(|failure| write_error(&failure))?;
        let file = file.map(|file| ExportFile::new(file, &self.limits)).transpose()?;
        Ok(ExportOutcome { entity_tag, file_name, file })
    }
}

/// Removes the parameter `bom`, and returns whether the file must begin with a byte order mark. Only CSV files can.
fn take_bom(export: &mut Export) -> Result<bool, Error> {
    let mut has_mark = false;
    for (_, value) in export.parameters.extract_if(.., |(name, _)| name == "bom") {
        has_mark = match value.as_str() {
            "1" | "true" => true,
            "" | "0" | "false" => false,
            value => {
                let message = format!("the parameter `bom`: {} is neither 1 nor 0", quote(value));
                return Err(Code::BadUserInput.error(message));
            }
        };
    }
    Ok(has_mark && export.format == Format::Csv)
}

/// A file that is being written.
struct ExportWriter {
    key: String,
    /// The rows of the data dictionary.
    explanations: Vec<dictionary::Row>,
    columns: Vec<&'static Column>,
    context: Context,
    conditions: Conditions,
    format: Format,
    has_mark: bool,
    is_cancelled: Arc<AtomicBool>,
    entity_tag: String,
    writer: Option<RowWriter>,
    limits: Arc<ExportLimits>,
}

impl PageReader for ExportWriter {
    /// The entity tag, and the file unless the client has it.
    type Output = (String, Option<ExportFile>);

    fn begin(&mut self, point: LogPoint) -> Result<bool, Error> {
        self.entity_tag = entity_tag(&self.key, Some(point));
        if self.conditions.has(&self.entity_tag) {
            return Ok(false);
        }
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let file = SpooledTempFile::new(MAX_IN_MEMORY);
        let sheet = Sheet { columns: &names, explanations: &self.explanations };
        let writer = RowWriter::new(self.format, &sheet, self.has_mark, file);
        self.writer = Some(writer.map_err(|failure| write_error(&failure))?);
        Ok(true)
    }

    fn page(&mut self, nodes: Vec<Json>) -> Result<bool, Error> {
        let Some(writer) = &mut self.writer else { return Ok(false) };
        for node in &nodes {
            let row: Vec<Json> =
                self.columns.iter().map(|column| column.read(node, &self.context)).collect();
            writer.write(&row).map_err(|failure| write_error(&failure))?;
        }
        Ok(!self.is_cancelled.load(Ordering::Relaxed))
    }

    fn finish(self) -> Result<Self::Output, Error> {
        let Self { entity_tag, writer, limits, .. } = self;
        let Some(writer) = writer else { return Ok((entity_tag, None)) };
        let file = writer.finish().map_err(|failure| write_error(&failure))?;
        Ok((entity_tag, Some(ExportFile::new(file, &limits)?)))
    }
}

/// The error for a file that cannot be written.
fn write_error(failure: &io::Error) -> Error {
    if failure.kind() == io::ErrorKind::FileTooLarge {
        return Code::BadUserInput
            .error(format!("{failure}: use another format, or parameters that select fewer rows"));
    }
    if failure.kind() == io::ErrorKind::StorageFull {
        tracing::error!(%failure, "no disk space for the file of an export");
        return Code::Unavailable
            .error("the disk of the server is full; try again when there is space");
    }
    Error::internal(format!("the file of an export cannot be written: {failure}"))
}

/// The part of the entity tag that does not depend on the data.
fn key(export: &Export, has_mark: bool) -> String {
    let Export { name, format, parameters, base, .. } = export;
    let version = env!("CARGO_PKG_VERSION");
    format!("{version} {base} {name} {} {has_mark} {parameters:?}", format.extension())
}

/// The entity tag of a file that contains the data at a point of the change log. Includes today's date, because
/// `isOverdue` depends on it.
pub(super) fn entity_tag(key: &str, point: Option<LogPoint>) -> String {
    let digest = Sha256::digest(format!("{key} {point:?} {}", day::today()));
    let digits = digest.iter().take(16).fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    // Weak, because the file may be sent compressed.
    format!("W/\"{digits}\"")
}

/// The values of the columns `asOf`, `knownAt`, `knownAtRelease` and `heldBy`.
fn view(variables: &Map<String, Json>) -> Map<String, Json> {
    let mut view: Map<String, Json> = ["asOf", "knownAt", "knownAtRelease", "heldBy"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), variables.get(*name)?.clone())))
        .collect();
    view.entry("asOf").or_insert_with(|| day::today().to_string().into());
    view
}

/// The name of the file: the list, the agreements and proposals, the day and the holder.
fn file_name(export: &Export, variables: &Map<String, Json>) -> String {
    let values = |wanted: &'static str| {
        let parameters = export.parameters.iter().filter(move |(name, _)| name == wanted);
        parameters.map(|(_, value)| value.clone())
    };
    let day = variables.get("asOf").and_then(Json::as_str).map(str::to_owned);
    let parts = std::iter::once(export.name.clone())
        .chain(values("agreement"))
        .chain(values("proposal"))
        .chain(std::iter::once(day.unwrap_or_else(|| day::today().to_string())))
        .chain(values("heldBy"));
    let mut name = String::new();
    for letter in parts.collect::<Vec<_>>().join("-").chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(MAX_NAME);
    format!("{}.{}", name.trim_end_matches('-'), export.format.extension())
}
