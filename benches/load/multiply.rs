//! Multiplies the data of a dump.
//!
//! The dump names its columns, so this module needs only three rules. Parties, topics and sources are shared. All other
//! records are repeated with new ids and slugs. The change log is omitted.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use uuid::Uuid;

/// The tables with rows shared by all copies.
const SHARED: [&str; 3] = ["parties", "topics", "sources"];

/// The treatment of a table's rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Treatment {
    /// The rows are written unchanged. References to their ids remain unchanged, too.
    Share,
    /// The rows are repeated for each copy.
    Repeat,
    /// The rows are omitted. Used for the change log.
    LeaveOut,
    /// The single row with the length of the change log is reset.
    Reset,
}

fn treatment(table: &str) -> Treatment {
    match table {
        "log_head" => Treatment::Reset,
        _ if SHARED.contains(&table) => Treatment::Share,
        _ if table.starts_with("change") => Treatment::LeaveOut,
        _ => Treatment::Repeat,
    }
}

/// Reads the dump `source` and writes a dump with `copies` times the agreements to `target`. The first copy keeps the
/// original ids and slugs.
///
/// # Errors
/// If a file cannot be read or written, or `source` is not a dump.
pub fn multiply(source: &Path, target: &Path, copies: u32) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(target)?);
    let mut shared_ids = HashSet::new();
    let mut table = (Treatment::Share, Vec::<String>::new());
    let mut rows = 0u64;
    for line in BufReader::new(File::open(source)?).lines() {
        let line = line?;
        let value: Value = serde_json::from_str(&line)?;
        match value {
            Value::Object(heading) if heading.contains_key("table") => {
                let name =
                    heading.get("table").and_then(Value::as_str).context("a table has no name")?;
                let columns = heading.get("columns").cloned().context("a table has no columns")?;
                table = (treatment(name), serde_json::from_value(columns)?);
                writeln!(out, "{line}")?;
            }
            Value::Object(end) if end.contains_key("rows") => {
                writeln!(out, "{}", json!({ "rows": rows }))?;
            }
            Value::Array(row) => match table.0 {
                Treatment::LeaveOut => {}
                Treatment::Reset => {
                    // The first column is the id of the row, which is 1. Position and time are 0 in an empty log.
                    let columns = table.1.iter().enumerate();
                    let row: Vec<u8> = columns.map(|(index, _)| u8::from(index == 0)).collect();
                    writeln!(out, "{}", json!(row))?;
                    rows += 1;
                }
                Treatment::Share => {
                    shared_ids.extend(row.iter().filter_map(as_id));
                    writeln!(out, "{line}")?;
                    rows += 1;
                }
                Treatment::Repeat => {
                    writeln!(out, "{line}")?;
                    for copy in 1..copies {
                        let values = row.iter().zip(&table.1);
                        let values: Vec<Value> = values
                            .map(|(value, column)| copied(value, column, copy, &shared_ids))
                            .collect();
                        writeln!(out, "{}", Value::from(values))?;
                    }
                    rows += u64::from(copies.max(1));
                }
            },
            _ => writeln!(out, "{line}")?,
        }
    }
    Ok(out.flush()?)
}

/// The value as an id, if it is one.
fn as_id(value: &Value) -> Option<Uuid> {
    value.as_str().filter(|text| text.len() == 36).and_then(|text| Uuid::parse_str(text).ok())
}

/// A value in the copy with this number.
fn copied(value: &Value, column: &str, copy: u32, shared_ids: &HashSet<Uuid>) -> Value {
    match (as_id(value), value.as_str()) {
        (Some(id), _) if !shared_ids.contains(&id) => {
            // Only the random end of the id changes, so the id remains valid and keeps its time.
            Uuid::from_u128(id.as_u128() ^ (u128::from(copy) << 8)).to_string().into()
        }
        (None, Some(slug)) if column == "slug" => format!("{slug}-{copy}").into(),
        _ => value.clone(),
    }
}
