//! The exported lists as files.

use std::io::Read;

use anyhow::{Context, anyhow};
use serde_json::Value as Json;

use super::Facts;
use crate::db::release::PackageFile;
use crate::domain::viewer::Credential;
use crate::export::{ColumnDescription, Export, Exports, Format};
use crate::graphql::{Conditions, Executor};

/// The formats of each list.
const FORMATS: [Format; 3] = [Format::Csv, Format::Xlsx, Format::Ndjson];
/// The lists whose rows other files of the package use.
const READ: [&str; 3] = ["assessments", "parties", "sources"];

/// An exported list.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<ColumnDescription>,
    /// The rows. Empty unless another file needs them.
    pub(super) rows: Vec<Json>,
}

/// Exports all lists and the data dictionary.
///
/// # Errors
/// Errors of the exports.
pub(super) async fn export(
    executor: &Executor,
    exports: &Exports,
    facts: &Facts<'_>,
) -> anyhow::Result<(Vec<Table>, Vec<PackageFile>)> {
    let (mut tables, mut files) = (Vec::new(), Vec::new());
    for name in exports.lists() {
        let parameters = parameters(exports, facts, name);
        let mut rows = Vec::new();
        for format in FORMATS {
            let content = read(executor, exports, facts, name, format, parameters.clone()).await?;
            if format == Format::Ndjson && READ.contains(&name) {
                let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                rows = lines.map(serde_json::from_slice).collect::<Result<_, _>>()?;
            }
            files.push(PackageFile { name: format!("{name}.{}", format.extension()), content });
        }
        tables.push(Table { name, columns: exports.columns(name), rows });
    }
    let dictionary = "dictionary";
    let content = read(executor, exports, facts, dictionary, Format::Csv, Vec::new()).await?;
    files.push(PackageFile { name: format!("{dictionary}.csv"), content });
    Ok((tables, files))
}

/// The parameters of a list. They select the state of the list at the end of the day of the last change, as known at
/// the time of that change. The list of assessments contains all assessments, including retracted ones.
fn parameters(exports: &Exports, facts: &Facts<'_>, name: &str) -> Vec<(String, String)> {
    let mut parameters = vec![("includeRetracted", "true".to_owned())];
    if name != "assessments" {
        parameters.push(("asOf", facts.day().to_string()));
        parameters.push(("knownAt", facts.instant()));
    }
    parameters.retain(|(parameter, _)| exports.has_parameter(name, parameter));
    parameters.into_iter().map(|(parameter, value)| (parameter.to_owned(), value)).collect()
}

/// The content of an export.
async fn read(
    executor: &Executor,
    exports: &Exports,
    facts: &Facts<'_>,
    name: &str,
    format: Format,
    parameters: Vec<(String, String)>,
) -> anyhow::Result<Vec<u8>> {
    let export = Export {
        name: name.to_owned(),
        format,
        parameters,
        base: facts.request.base.clone(),
        conditions: Conditions::default(),
    };
    let outcome = exports.run(executor, export, &Credential::None).await;
    let outcome = outcome.map_err(|error| {
        anyhow!("cannot export {name}.{}: {}", format.extension(), error.message)
    })?;
    let file = outcome.and_then(|outcome| outcome.file);
    let mut file = file.with_context(|| format!("there is no export {name}"))?;
    let mut content = Vec::new();
    file.content.read_to_end(&mut content)?;
    Ok(content)
}
