//! The change log as text: one change on each line. Its Merkle root identifies a release.
//!
//! Never change the format, because the line of a position must be the same in every version of the program.

use std::io::{self, Write};

use serde::Serialize;

use super::super::change::{self, Change, ChangedValue};
use super::super::{DbConnection, Error};
use crate::domain::day::INSTANT_FORMAT;
use crate::domain::merkle::{Checksum, MerkleTree};
use crate::domain::{GlobalId, Id, StringEnum};

/// The number of changes that are read at once.
const PAGE: i64 = 1_000;

/// A change on a line. The ids are global ids, as in the API.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    position: i64,
    recorded_at: String,
    actor: &'a str,
    action: &'a str,
    subject_kind: &'a str,
    subject_id: String,
    before: Vec<LineValue<'a>>,
    after: Vec<LineValue<'a>>,
}

/// A value that a change removed or added.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineValue<'a> {
    path: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refers_to: Option<&'a str>,
    value: String,
}

impl<'a> LineValue<'a> {
    fn new(changed: &'a ChangedValue) -> Self {
        let id = changed.refers_to.zip(Id::<()>::parse(&changed.value));
        let id = id.map(|(kind, id)| GlobalId::new(kind, id).encode());
        Self {
            path: &changed.path,
            kind: changed.kind.as_str(),
            refers_to: changed.refers_to.map(StringEnum::as_str),
            value: id.unwrap_or_else(|| changed.value.clone()),
        }
    }
}

/// A change as JSON, without the line feed.
fn line(change: &Change, values: &[ChangedValue]) -> io::Result<Vec<u8>> {
    let side = |is_after: bool| {
        let values = values.iter().filter(|value| value.is_after == is_after);
        values.map(LineValue::new).collect()
    };
    let line = Line {
        position: change.position,
        recorded_at: change.recorded_at.format(INSTANT_FORMAT).to_string(),
        actor: &change.actor,
        action: change.action.as_str(),
        subject_kind: change.subject_kind.as_str(),
        subject_id: GlobalId::new(change.subject_kind, change.subject_id).encode(),
        before: side(false),
        after: side(true),
    };
    Ok(serde_json::to_vec(&line)?)
}

/// Calls `visit` with the position and the line of each change up to the position `last`, in order.
fn visit_lines(
    connection: &mut DbConnection,
    last: i64,
    mut visit: impl FnMut(i64, &[u8]) -> io::Result<()>,
) -> Result<(), Error> {
    let failed = |failure: io::Error| Error::Internal(format!("the log as text: {failure}"));
    let mut after = 0;
    loop {
        let changes = change::with_values(connection, after, last, PAGE)?;
        let Some((end, _)) = changes.last() else { return Ok(()) };
        after = end.position;
        for (change, values) in &changes {
            let line = line(change, values).map_err(failed)?;
            visit(change.position, &line).map_err(failed)?;
        }
    }
}

/// Writes the changes up to a position, one on each line. Returns the Merkle root of the lines without their line feeds.
///
/// # Errors
/// Database errors, and errors of `out`.
pub fn write(
    connection: &mut DbConnection,
    position: i64,
    out: &mut impl Write,
) -> Result<Checksum, Error> {
    let mut tree = MerkleTree::default();
    visit_lines(connection, position, |_, line| {
        tree.push(line);
        out.write_all(line)?;
        out.write_all(b"\n")
    })?;
    Ok(tree.root())
}

/// The Merkle root of the log up to each of these positions, which are in ascending order.
pub(super) fn roots(
    connection: &mut DbConnection,
    positions: &[i64],
) -> Result<Vec<Checksum>, Error> {
    let last = positions.last().copied().unwrap_or_default();
    let mut tree = MerkleTree::default();
    let mut roots = Vec::new();
    let mut remaining = positions.iter().peekable();
    visit_lines(connection, last, |position, line| {
        while remaining.next_if(|end| **end < position).is_some() {
            roots.push(tree.root());
        }
        tree.push(line);
        Ok(())
    })?;
    roots.extend(remaining.map(|_| tree.root()));
    Ok(roots)
}

/// The Merkle root of a log that [`write()`] has written.
pub(super) fn root_of(content: &[u8]) -> Checksum {
    let mut tree = MerkleTree::default();
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        tree.push(line.strip_suffix(b"\n").unwrap_or(line));
    }
    tree.root()
}
