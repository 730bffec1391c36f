//! What the imports of all datasets share: records that are created once, and the places of errors.

use super::table::Fault;
use crate::db::record::{self, Record};
use crate::db::{Error, Transaction, slug_lookup};
use crate::domain::{Id, ValidationError, ValidationErrors};
use crate::dossier::Counts;

/// The record with the slug of `content`, present or former. Creates it if there is none, and counts it.
///
/// # Errors
/// Database errors.
pub(super) fn find_or_create<R: Record>(
    transaction: &mut Transaction<'_>,
    content: &R,
    counts: &mut Counts,
) -> Result<Id<R::Of>, Error> {
    let slug = content.slug().unwrap_or_default().to_owned();
    let found = slug_lookup::by_slugs(transaction.connection(), &[slug.as_str()])?;
    if let Some(id) = found.get(&(R::KIND, slug)) {
        return Ok(id.cast());
    }
    counts.created += 1;
    record::create(transaction, content)
}

/// The faults of a row for the errors of its record. `column` returns the name of the column for the first step of a path.
pub(super) fn faults(
    row: usize,
    errors: ValidationErrors,
    column: impl Fn(&str) -> Option<String>,
) -> Vec<Fault> {
    let fault = |error: ValidationError| Fault {
        row,
        column: error.path.first().and_then(|field| column(field)),
        message: error.message,
    };
    errors.0.into_iter().map(fault).collect()
}
