//! Makes a dump of several times the data out of a dump.
//!
//! The dump says which columns there are, so this knows nothing of them but these rules: parties, topics and sources are
//! shared; everything else is repeated with ids and slugs of its own; the change log is left out.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use uuid::Uuid;

/// The tables whose rows all copies share.
const SHARED: [&str; 3] = ["parties", "topics", "sources"];

/// What becomes of the rows of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Treatment {
    /// They are written as they are, and their ids are not changed elsewhere.
    Share,
    /// They are written so many times.
    Repeat,
    /// They are left out: the change log.
    LeaveOut,
    /// The one row that says how long the change log is.
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

/// Reads the dump `source` and writes one of `copies` times the agreements to `target`. The first copy has the ids and
/// slugs of the original.
///
/// # Errors
/// When a file cannot be read or written, or `source` is not a dump.
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
                    heading.get("table").and_then(Value::as_str).context("a table's name")?;
                let columns = heading.get("columns").cloned().context("a table's columns")?;
                table = (treatment(name), serde_json::from_value(columns)?);
                writeln!(out, "{line}")?;
            }
            Value::Object(end) if end.contains_key("rows") => {
                writeln!(out, "{}", json!({ "rows": rows }))?;
            }
            Value::Array(row) => match table.0 {
                Treatment::LeaveOut => {}
                Treatment::Reset => {
                    // The id of the only row, then the position and the time of an empty log.
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

/// The id that a value is, if it is one.
fn as_id(value: &Value) -> Option<Uuid> {
    value.as_str().filter(|text| text.len() == 36).and_then(|text| Uuid::parse_str(text).ok())
}

/// A value as the copy with this number has it.
fn copied(value: &Value, column: &str, copy: u32, shared_ids: &HashSet<Uuid>) -> Value {
    match (as_id(value), value.as_str()) {
        (Some(id), _) if !shared_ids.contains(&id) => {
            // Only the random end of an id changes, so that it is still a valid one and its age stays.
            Uuid::from_u128(id.as_u128() ^ (u128::from(copy) << 8)).to_string().into()
        }
        (None, Some(slug)) if column == "slug" => format!("{slug}-{copy}").into(),
        _ => value.clone(),
    }
}
