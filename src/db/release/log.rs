//! The change log as text: one change on each line. Its Merkle root identifies a release.
//!
//! Never change the format: the lines of a position must be the same in every version of the program.

use std::io::{self, Write};

use serde::Serialize;

use super::super::change::{self, Change, ChangedValue};
use super::super::{DbConnection, Error};
use crate::domain::merkle::{Checksum, MerkleTree};
use crate::domain::{GlobalId, Id, StringEnum};

/// The number of changes that are read at once.
const PAGE: i64 = 1_000;
/// The format of times: UTC, to the microsecond.
pub(super) const INSTANT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// A change on a line. Ids are those of the API.
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
            refers_to: changed.refers_to.map(|kind| kind.as_str()),
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
        recorded_at: change.recorded_at.format(INSTANT).to_string(),
        actor: &change.actor,
        action: change.action.as_str(),
        subject_kind: change.subject_kind.as_str(),
        subject_id: GlobalId::new(change.subject_kind, change.subject_id).encode(),
        before: side(false),
        after: side(true),
    };
    Ok(serde_json::to_vec(&line)?)
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
    let failed = |failure: io::Error| Error::Internal(format!("the log as text: {failure}"));
    let mut tree = MerkleTree::default();
    let mut after = 0;
    loop {
        let changes = change::with_values(connection, after, position, PAGE)?;
        let Some((last, _)) = changes.last() else { return Ok(tree.root()) };
        after = last.position;
        for (change, values) in &changes {
            let line = line(change, values).map_err(failed)?;
            tree.push(&line);
            out.write_all(&line).and_then(|()| out.write_all(b"\n")).map_err(failed)?;
        }
    }
}
