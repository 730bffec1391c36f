//! What was sent with a key, and what came of it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::idempotency_keys::{self, dsl};
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::idempotency::{Once, REMEMBERED};

/// The id of what was written when this was sent before, if it was.
///
/// # Errors
/// A key that was used for something else, or those of the database.
pub(super) fn outcome_of<T>(
    connection: &mut DbConnection,
    actor: &str,
    once: &Once,
) -> Result<Option<Id<T>>, Error> {
    let found: Option<(String, Id<()>)> = idempotency_keys::table
        .find((actor, &once.key))
        .select((dsl::digest, dsl::outcome_id))
        .first(connection)
        .optional()?;
    match found {
        Some((digest, id)) if digest == once.digest.as_str() => Ok(Some(id.cast())),
        Some(_) => Err(once.taken().into()),
        None => Ok(None),
    }
}

/// Remembers what came of it, and forgets what was long ago.
///
/// # Errors
/// Those of the database.
pub(super) fn remember<T>(
    connection: &mut DbConnection,
    actor: &str,
    once: &Once,
    outcome: Id<T>,
    at: NaiveDateTime,
) -> Result<(), Error> {
    let old = dsl::recorded_at.lt(at - REMEMBERED);
    diesel::delete(idempotency_keys::table.filter(old)).execute(connection)?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            dsl::actor.eq(actor),
            dsl::key.eq(&once.key),
            dsl::digest.eq(once.digest.as_str()),
            dsl::outcome_id.eq(outcome.cast::<()>()),
            dsl::recorded_at.eq(at),
        ))
        .execute(connection)?;
    Ok(())
}
