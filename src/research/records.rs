//! Records that an import needs once, such as the source that all imported records cite.

use crate::db::record::{self, Record};
use crate::db::{Error, Transaction, slug_lookup};
use crate::domain::Id;
use crate::dossier::Counts;

/// The record whose current or former slug is the slug of `content`. If there is none, creates the record and counts
/// it.
///
/// # Errors
/// Database errors.
pub(super) fn find_or_create<R: Record>(
    transaction: &mut Transaction<'_>,
    content: &R,
    counts: &mut Counts,
) -> Result<Id<R::Of>, Error> {
    let slug = content.slug().unwrap_or_default().to_owned();
    let ids = slug_lookup::by_slugs(transaction.connection(), &[slug.as_str()])?;
    if let Some(id) = ids.get(&(R::KIND, slug)) {
        return Ok(id.cast());
    }
    counts.created += 1;
    record::create(transaction, content)
}
